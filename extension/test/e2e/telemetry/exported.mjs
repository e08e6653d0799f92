/** Reads exported files and holds them to the telemetry they were made from, without the addon. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readOtlpExport, recordsOf } from "../../../../scripts/testing/otlp-export.mjs";

/** @typedef {import("./sample.mjs").TelemetryEvent} TelemetryEvent */

/**
 * @param {string} file
 * @param {TelemetryEvent[]} expected
 */
export function assertJsonExport(file, expected) {
	/** @type {TelemetryEvent[]} */
	const events = JSON.parse(readFileSync(file, "utf8"));
	assert.equal(events.length, expected.length);
	const times = events.map(({ timestamp }) => timestamp);
	assert.deepEqual(times, times.toSorted());
	assert.deepEqual(events, expected);
}

/**
 * Holds the counts of the manifest to what the parts really hold.
 *
 * @param {string} file
 * @returns {import("../../../../scripts/testing/otlp-export.mjs").Manifest}
 */
export function assertOtlpExport(file) {
	const { names, manifest, parts } = readOtlpExport(file);
	assert.equal(manifest.format, "otlp-json");
	assert.equal(names.pop(), "manifest.json");
	assert.deepEqual(names.sort(), parts.map((part) => part.file).sort());

	const counted = { logs: 0, traces: 0, metrics: 0 };
	for (const part of parts) {
		const content = part.content();
		const records = [...recordsOf(part.signal, JSON.parse(content.toString("utf8")))].length;
		assert.equal(records, part.records, part.file);
		assert.equal(content.length, part.bytes, part.file);
		counted[part.signal] += records;
	}
	assert.deepEqual(manifest.records, counted);
	return manifest;
}
