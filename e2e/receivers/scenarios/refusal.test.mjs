/** Whoever sends a part learns of a refusal, though it comes from behind the Collector; and an export may come twice. */

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { row, writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { Collector } from "../collector/collector.mjs";
import { makeExport, postAll } from "../delivery.mjs";
import { assertSameEntries } from "../expected/differences.mjs";
import { keptMetrics } from "../expected/kept-metrics.mjs";
import { readStoredTelemetry } from "../expected/stored-telemetry.mjs";
import { Prometheus } from "../prometheus/prometheus.mjs";
import { telemetrySets } from "../telemetry/sets.mjs";

const scratch = path.join(scratchFolder(), "refusal");

describe("a Prometheus behind a Collector", () => {
	/** @type {Prometheus} */
	let prometheus;
	before(async () => {
		prometheus = await Prometheus.start(path.join(scratch, "prometheus"));
	});
	after(() => prometheus.kill());

	it("takes an export once more from a Collector that was started again, and counts nothing twice", async () => {
		const [set] = telemetrySets;
		assert.ok(set !== undefined);
		const directory = set.directory(scratch);
		for (const round of ["first", "second"]) {
			const folder = path.join(scratch, round);
			const { parts } = await makeExport({ directory, folder });
			const collector = await Collector.start({ folder, prometheus: prometheus.origin });
			try {
				assert.deepEqual(await postAll(collector, parts), []);
				await collector.end();
			} finally {
				collector.kill();
			}
			const kept = keptMetrics(await prometheus.series("http_.*|ssh_.*"), "delta");
			const stored = readStoredTelemetry(directory, "delta");
			assertSameEntries(kept.counters, stored.counters);
			assertSameEntries(kept.gauges, stored.gauges);
		}
	});

	it("has a part refused that contradicts what it holds, and the sender told", async () => {
		const folder = path.join(scratch, "contradiction");
		const reading = await exportReading(30);
		const otherReading = await exportReading(31);
		const collector = await Collector.start({ folder, prometheus: prometheus.origin });
		try {
			assert.deepEqual(await postAll(collector, reading), []);
			const refused = await postAll(collector, otherReading);
			assert.equal(refused.length, 1);
			assert.match(refused[0] ?? "", /^metrics\.json: 500 /);
		} finally {
			collector.kill();
		}
	});
});

/**
 * @param {number} latency of one session, at one moment
 * @returns {Promise<import("../../../scripts/testing/otlp-export.mjs").Part[]>}
 */
async function exportReading(latency) {
	const directory = path.join(scratch, `latency-${latency}`);
	const line = row("2026-06-01T12:00:00.000Z", {
		event_name: "ssh.network.sampled",
		measurements: { latency_ms: latency },
	});
	writeTelemetry(directory, { "telemetry-2026-06-01-reading.jsonl": [line] });
	const { parts } = await makeExport({ directory, folder: `${directory}-export` });
	return parts;
}
