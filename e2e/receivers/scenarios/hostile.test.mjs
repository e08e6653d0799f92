/** Whatever a telemetry file contains, receivers accept its export, as recorded and redacted, and every record arrives. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { signals, temporalities } from "../../../scripts/testing/otlp-export.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { Collector } from "../collector/collector.mjs";
import { makeExport, postAll } from "../delivery.mjs";
import { pointsWithoutNames } from "../expected/points.mjs";
import { compareReceived } from "../expected/received.mjs";
import { Prometheus } from "../prometheus/prometheus.mjs";
import { hostileTelemetry } from "../telemetry/hostile.mjs";
import { plainAndRedactedExports } from "../telemetry/redaction.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Part} Part */

const scratch = path.join(scratchFolder(), "hostile");
mkdirSync(scratch);

const plans = plainAndRedactedExports.flatMap((redaction) =>
	temporalities.flatMap((temporality) =>
		[false, true].map((isInFuture) => ({ redaction, temporality, isInFuture })),
	),
);

for (const { redaction, temporality, isInFuture } of plans) {
	const receivers = isInFuture ? "a Collector" : "a Collector with Prometheus behind it";
	describe(`hostile telemetry ${redaction.name}, ${temporality}, sent to ${receivers}`, () => {
		const kind = [isInFuture ? "future" : "past", temporality, redaction.options.redact ?? "plain"].join("-");
		const folder = path.join(scratch, kind);
		/** @type {Prometheus | undefined} */
		let prometheus;
		/** @type {Collector} */
		let collector;
		/** @type {Part[]} */
		const sent = [];

		before(async () => {
			mkdirSync(folder);
			prometheus = isInFuture ? undefined : await Prometheus.start(path.join(folder, "prometheus"));
			collector = await Collector.start({ folder, temporality, prometheus: prometheus?.origin });
		});
		after(() => {
			collector.kill();
			prometheus?.kill();
		});

		const kinds = hostileTelemetry().filter((kind) => kind.isInFuture === isInFuture);
		for (const [index, { name, lines }] of kinds.entries()) {
			it(`is fully accepted: ${name}`, async () => {
				const directory = path.join(folder, `${index}`);
				writeTelemetry(directory, { "telemetry-2026-06-01-hostile.jsonl": lines });
				const exported = path.join(folder, `export-${index}`);
				const options = { temporality, redaction: redaction.options };
				const { parts, manifest } = await makeExport({ directory, folder: exported, ...options });
				assert.equal(manifest.redaction?.level, redaction.options.redact);
				sent.push(...parts.map((part) => ({ ...part, file: `${name}, ${part.file}` })));
				assert.deepEqual(await postAll(collector, parts), []);
				if (redaction.options.redact !== undefined) {
					const plain = await makeExport({ directory, folder: `${exported}-plain`, temporality });
					assert.deepEqual(manifest.records, plain.manifest.records);
					assert.deepEqual(manifest.source, plain.manifest.source);
					assert.deepEqual(pointsWithoutNames(parts), pointsWithoutNames(plain.parts));
				}
			});
		}

		it("arrives unchanged, with every record", async () => {
			await collector.end();
			assert.deepEqual(collector.complaints(), []);
			for (const signal of signals) {
				const { received } = collector;
				const everything = Number.POSITIVE_INFINITY;
				const { records } = await compareReceived({ signal, parts: sent, received, compared: everything });
				assert.ok(records > 0, signal);
			}
		});
	});
}
