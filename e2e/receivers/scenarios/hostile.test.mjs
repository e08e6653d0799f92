/** Nothing that may stand in a telemetry file makes a receiver refuse the export, and all of it arrives. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { signals, temporalities } from "../../../scripts/testing/otlp-export.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { Collector } from "../collector/collector.mjs";
import { makeExport, postAll } from "../delivery.mjs";
import { compareReceived } from "../expected/received.mjs";
import { Prometheus } from "../prometheus/prometheus.mjs";
import { hostileTelemetry } from "../telemetry/hostile.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Part} Part */

const scratch = path.join(scratchFolder(), "hostile");
mkdirSync(scratch);

for (const isOfTheFuture of [false, true]) {
	for (const temporality of temporalities) {
		const receivers = isOfTheFuture ? "a Collector" : "a Collector with Prometheus behind it";
		describe(`hostile telemetry, ${temporality}, sent to ${receivers}`, () => {
			const folder = path.join(scratch, `${isOfTheFuture ? "future" : "past"}-${temporality}`);
			/** @type {Prometheus | undefined} */
			let prometheus;
			/** @type {Collector} */
			let collector;
			/** @type {Part[]} */
			const sent = [];

			before(async () => {
				mkdirSync(folder);
				prometheus = isOfTheFuture ? undefined : await Prometheus.start(path.join(folder, "prometheus"));
				collector = await Collector.start({ folder, temporality, prometheus: prometheus?.origin });
			});
			after(() => {
				collector.kill();
				prometheus?.kill();
			});

			const kinds = hostileTelemetry().filter((kind) => kind.isOfTheFuture === isOfTheFuture);
			for (const [index, { name, lines }] of kinds.entries()) {
				it(`is taken whole: ${name}`, async () => {
					const directory = path.join(folder, `${index}`);
					writeTelemetry(directory, { "telemetry-2026-06-01-hostile.jsonl": lines });
					const exported = path.join(folder, `export-${index}`);
					const { parts } = await makeExport({ directory, folder: exported, temporality });
					sent.push(...parts.map((part) => ({ ...part, file: `${name}, ${part.file}` })));
					assert.deepEqual(await postAll(collector, parts), []);
				});
			}

			it("arrives as it was sent, every record of it", async () => {
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
}
