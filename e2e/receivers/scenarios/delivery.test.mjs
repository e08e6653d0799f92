/**
 * A Collector and a Prometheus behind it are sent exports of every set of telemetry, at the default part size and at one
 * that suits every backend, with deltas and with running totals. What arrived at each end is held to what is stored: an
 * answer of 200 alone proves nothing.
 */

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { signals, temporalities } from "../../../scripts/testing/otlp-export.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { deliver } from "../delivery.mjs";
import { assertSameEntries } from "../expected/differences.mjs";
import { keptMetrics } from "../expected/kept-metrics.mjs";
import { compareReceived } from "../expected/received.mjs";
import { exportedSpans, keptSpans } from "../expected/spans.mjs";
import { readStoredTelemetry } from "../expected/stored-telemetry.mjs";
import { partSizes, telemetrySets } from "../telemetry/sets.mjs";

/** How many records of a signal are compared field by field. */
const compared = 1000;

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
			for (const { size, maxRequestBytes } of partSizes) {
				describe(`${temporality}, parts of ${size}`, () => {
					const folder = path.join(scratch, `${index}-${temporality}-${maxRequestBytes ?? "default"}`);
					/** @type {import("../delivery.mjs").Delivery} */
					let delivery;
					/** @type {import("../expected/stored-telemetry.mjs").StoredTelemetry} */
					let stored;

					after(() => rmSync(folder, { recursive: true }));
					before(async () => {
						stored = readStoredTelemetry(directory, temporality);
						delivery = await deliver({ directory, folder, temporality, maxRequestBytes });
					});

					it("is taken part by part, unchanged, without a word of refusal", () => {
						assert.deepEqual(delivery.refused, []);
						assert.deepEqual(delivery.complaints, []);
					});

					for (const signal of signals) {
						it(`arrives whole: ${signal}`, async () => {
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

					it("counts every span and its duration in Prometheus, too", () => {
						const series = delivery.series.filter(({ labels }) => labels.__name__?.startsWith("traces_"));
						assertSameEntries(keptSpans(series), exportedSpans(delivery.sent.parts));
					});

					const basis = temporality === "delta" ? "totals" : "increments alone";
					it(`counts every request in Prometheus, by session, deployment, route and status, from ${basis}`, () => {
						assertSameEntries(keptMetrics(delivery.series, temporality).counters, stored.counters);
					});

					it("keeps every reading in Prometheus, and the last one last", () => {
						assertSameEntries(keptMetrics(delivery.series, temporality).gauges, stored.gauges);
					});
				});
			}
		}
	});
}
