/** Reads exported files and holds them to the telemetry they were made from, without the addon. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readZip } from "../../../../scripts/zip.mjs";

/** @typedef {import("./sample.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {"logs" | "metrics" | "traces"} Signal */

/**
 * @typedef {object} Manifest the members of `manifest.json` that are looked at here
 * @property {string} format
 * @property {string} temporality
 * @property {{ label: string, start: string | null, end: string | null }} range
 * @property {{ files: number, events: number, badLines: number, skippedFiles: unknown[] }} source
 * @property {Record<Signal, number>} records
 * @property {{ file: string, signal: Signal, records: number, bytes: number }[]} parts
 */

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
 * @returns {Manifest}
 */
export function assertOtlpExport(file) {
	const contents = new Map(readZip(file).map(({ name, content }) => [name, content()]));
	/** @type {Manifest} */
	const manifest = JSON.parse(textOf(contents, "manifest.json"));
	assert.equal(manifest.format, "otlp-json");
	const names = [...contents.keys()];
	assert.equal(names.pop(), "manifest.json");
	assert.deepEqual(names.sort(), manifest.parts.map((part) => part.file).sort());

	const counted = { logs: 0, traces: 0, metrics: 0 };
	for (const part of manifest.parts) {
		const text = textOf(contents, part.file);
		const records = countRecords(part.signal, JSON.parse(text));
		assert.equal(records, part.records, part.file);
		assert.equal(Buffer.byteLength(text), part.bytes, part.file);
		counted[part.signal] += records;
	}
	assert.deepEqual(manifest.records, counted);
	return manifest;
}

/**
 * @param {Map<string, Buffer>} contents
 * @param {string} name
 */
function textOf(contents, name) {
	const content = contents.get(name);
	assert.ok(content !== undefined, `the zip holds ${name}`);
	return content.toString("utf8");
}

/**
 * @param {Signal} signal
 * @param {any} request
 * @returns {number} log records, spans or data points
 */
function countRecords(signal, request) {
	switch (signal) {
		case "logs":
			return list(request.resourceLogs)
				.flatMap(({ scopeLogs }) => list(scopeLogs))
				.flatMap(({ logRecords }) => list(logRecords)).length;
		case "traces":
			return list(request.resourceSpans)
				.flatMap(({ scopeSpans }) => list(scopeSpans))
				.flatMap(({ spans }) => list(spans)).length;
		case "metrics":
			return list(request.resourceMetrics)
				.flatMap(({ scopeMetrics }) => list(scopeMetrics))
				.flatMap(({ metrics }) => list(metrics))
				.flatMap(({ gauge, sum }) => list((gauge ?? sum).dataPoints)).length;
	}
}

/**
 * @param {any} value
 * @returns {any[]}
 */
function list(value) {
	assert.ok(Array.isArray(value));
	return value;
}
