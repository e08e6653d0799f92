/** Exports of consecutive ranges add up to an export of everything, even if they cut sessions, as recorded and redacted. */

import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { temporalities } from "../../../scripts/testing/otlp-export.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { Collector } from "../collector/collector.mjs";
import { makeExport, postAll } from "../delivery.mjs";
import { assertSameEntries } from "../expected/differences.mjs";
import { metricsInPrometheus } from "../expected/prometheus-metrics.mjs";
import { readStoredTelemetry } from "../expected/stored-telemetry.mjs";
import { Prometheus } from "../prometheus/prometheus.mjs";
import { exportedRows, plainAndRedactedExports } from "../telemetry/redaction.mjs";
import { telemetrySets } from "../telemetry/sets.mjs";

const scratch = path.join(scratchFolder(), "ranges");

/** Each is in the middle of a session of the sample that has windows without gaps. */
const cuts = ["2026-06-02T15:11:50.000Z", "2026-06-02T15:16:00.000Z", "2026-06-02T15:20:20.586Z"];

const plans = plainAndRedactedExports.flatMap((redaction) =>
	temporalities.map((temporality) => ({ redaction, temporality })),
);

for (const { redaction, temporality } of plans) {
	describe(`exports ${redaction.name} of ranges that cut a session, ${temporality}`, () => {
		it("are fully accepted, and Prometheus has every count", async () => {
			const folder = path.join(scratch, `${temporality}-${redaction.options.redact ?? "plain"}`);
			const [set] = telemetrySets;
			assert.ok(set !== undefined);
			const directory = set.directory(scratch);
			const prometheus = await Prometheus.start(path.join(folder, "prometheus"));
			const collector = await Collector.start({ folder, temporality, prometheus: prometheus.origin });
			try {
				const bounds = [undefined, ...cuts.map((cut) => Date.parse(cut)), undefined];
				for (const [index, startMs] of bounds.slice(0, -1).entries()) {
					const range = { startMs, endMs: bounds[index + 1] };
					const exported = path.join(folder, `export-${index}`);
					const options = { temporality, redaction: redaction.options };
					const { parts } = await makeExport({ directory, folder: exported, range, ...options });
					assert.deepEqual(await postAll(collector, parts), []);
				}
				await collector.end();
				const { counters } = metricsInPrometheus(await prometheus.series("http_.*"), temporality);
				const rows = await exportedRows(directory, folder, redaction.options);
				const stored = readStoredTelemetry(rows, temporality);
				assertSameEntries(totals(counters), totals(stored.counters));
			} finally {
				collector.kill();
				prometheus.kill();
			}
		});
	});
}

/**
 * @param {Map<string, import("../expected/stored-telemetry.mjs").CounterTotal>} counters
 * @returns {Map<string, { total: number }>} without the number of rows, because each range adds its own zeros
 */
function totals(counters) {
	return new Map([...counters].map(([key, { total }]) => [key, { total }]));
}
