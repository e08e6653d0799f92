/**
 * Sends exports of every set of telemetry to a Collector with a Prometheus behind it: with the default part size and one
 * that every backend accepts, with deltas and with running totals, as recorded and redacted. What arrives at each is compared
 * with the stored rows, because an answer of 200 alone proves nothing.
 */

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { signals, temporalities } from "../../../scripts/testing/otlp-export.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { deliver, makeExport } from "../delivery.mjs";
import { assertSameEntries, withoutLabels } from "../expected/differences.mjs";
import { metricsInPrometheus } from "../expected/prometheus-metrics.mjs";
import { compareReceived } from "../expected/received.mjs";
import { exportedSpans, spansInPrometheus } from "../expected/spans.mjs";
import { readStoredTelemetry } from "../expected/stored-telemetry.mjs";
import { exportedRows, plainExport, redactedExports } from "../telemetry/redaction.mjs";
import { partSizes, telemetrySets } from "../telemetry/sets.mjs";

/** Number of records of a signal that are compared field by field. */
const compared = 1000;

/**
 * Redacted exports are sent only in parts of the smaller size, and large telemetry only at one level.
 *
 * @param {import("../telemetry/sets.mjs").TelemetrySet} set
 */
function deliveriesOf(set) {
	const redacted = redactedExports.slice(0, set.isLarge ? 1 : undefined);
	return [
		...partSizes.map((size) => ({ ...size, redaction: plainExport })),
		...partSizes.slice(-1).flatMap((size) => redacted.map((redaction) => ({ ...size, redaction }))),
	];
}

const scratch = path.join(scratchFolder(), "delivery");
mkdirSync(scratch);

for (const [index, set] of telemetrySets.entries()) {
	describe(set.name, () => {
		/** @type {string} */
		let directory;

		before(() => {
			directory = set.directory(scratch);
		});

		for (const temporality of temporalities) {
			for (const { size, maxRequestBytes, redaction } of deliveriesOf(set)) {
				describe(`${redaction.name}, ${temporality}, parts of ${size}`, () => {
					const kind = [redaction.options.redact ?? "plain", maxRequestBytes ?? "default"].join("-");
					const folder = path.join(scratch, `${index}-${temporality}-${kind}`);
					/** @type {import("../delivery.mjs").Delivery} */
					let delivery;
					/** @type {import("../expected/stored-telemetry.mjs").StoredTelemetry} */
					let stored;

					after(() => rmSync(folder, { recursive: true }));
					before(async () => {
						const rows = await exportedRows(directory, folder, redaction.options);
						stored = readStoredTelemetry(rows, temporality);
						const options = { temporality, maxRequestBytes, redaction: redaction.options };
						delivery = await deliver({ directory, folder, ...options });
					});

					it("is accepted part by part, without a refusal", () => {
						assert.deepEqual(delivery.refused, []);
						assert.deepEqual(delivery.complaints, []);
					});

					for (const signal of signals) {
						it(`arrives completely: ${signal}`, async () => {
							const { received, sent } = delivery;
							const { records } = await compareReceived({ signal, parts: sent.parts, received, compared });
							assert.equal(records, sent.manifest.records[signal]);
							assert.equal(records, stored.records[signal]);
							assert.ok(records > 0);
						});
					}

					it("counts every span and its duration, by name and status", () => {
						assertSameEntries(delivery.spans, exportedSpans(delivery.sent.parts));
					});

					it("counts every span and its duration in Prometheus", () => {
						const series = delivery.series.filter(({ labels }) => labels.__name__?.startsWith("traces_"));
						assertSameEntries(spansInPrometheus(series), exportedSpans(delivery.sent.parts));
					});

					const basis = temporality === "delta" ? "totals" : "increases alone";
					it(`counts every request in Prometheus by session, deployment, route and status, from ${basis}`, () => {
						assertSameEntries(metricsInPrometheus(delivery.series, temporality).counters, stored.counters);
					});

					it("stores every gauge value in Prometheus, with the latest last", () => {
						assertSameEntries(metricsInPrometheus(delivery.series, temporality).gauges, stored.gauges);
					});

					if (redaction.options.redact !== undefined) {
						it("has the records, spans, series, sums and readings of the plain export", async () => {
							const plainFolder = path.join(folder, "plain");
							const plain = await makeExport({
								directory,
								folder: plainFolder,
								temporality,
								maxRequestBytes,
							});
							const recorded = readStoredTelemetry(directory, temporality);
							const kept = metricsInPrometheus(delivery.series, temporality);
							assert.deepEqual(delivery.sent.manifest.source, plain.manifest.source);
							assert.deepEqual(delivery.sent.manifest.records, plain.manifest.records);
							assertSameEntries(delivery.spans, exportedSpans(plain.parts));
							assertSameEntries(withoutLabels(kept.counters), withoutLabels(recorded.counters));
							assertSameEntries(withoutLabels(kept.gauges), withoutLabels(recorded.gauges));
						});

						it("names no session as recorded", () => {
							const isRecorded = (/** @type {string} */ key) => !/"session-[0-9a-f]{16}"/.test(key);
							const { counters, gauges } = metricsInPrometheus(delivery.series, temporality);
							assert.deepEqual([...counters.keys(), ...gauges.keys()].filter(isRecorded), []);
							assert.equal(delivery.sent.manifest.redaction?.level, redaction.options.redact);
						});
					}
				});
			}
		}
	});
}
