import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isIncomplete, notesText, summaryText } from "../bin/summary-text.js";

/**
 * The summary of an ordinary JSON export.
 *
 * @param {Partial<import("../index.js").ExportSummary>} [overrides]
 * @returns {import("../index.js").ExportSummary}
 */
function summary(overrides = {}) {
	return {
		eventCount: 1049,
		files: 1,
		bytesRead: 123_456,
		bytesWritten: 45_600,
		linesRead: 1050,
		outOfRange: 0,
		headers: 1,
		blankLines: 0,
		badLines: 0,
		badLineSamples: [],
		skippedFiles: [],
		warnings: [],
		omitted: { badLineSamples: 0, skippedFiles: 0, warnings: 0 },
		...overrides,
	};
}

describe("the summary of a JSON export", () => {
	it("shows the range, the events, and what was read and written", () => {
		assert.deepEqual(summaryText(summary(), "All time", "all.json").split("\n"), [
			"range    All time",
			"events   1,049",
			"read     1 file, 123 kB",
			"written  all.json, 45.6 kB",
		]);
	});

	it("escapes the name of the file", () => {
		assert.match(summaryText(summary(), "All time", "a\u202eb"), /a\\u\{202e\}b/);
	});
});

describe("the summary of an OTLP export", () => {
	it("also shows the records of each signal", () => {
		const counts = { logs: 1, traces: 90, metrics: 261, records: { logs: 1, traces: 90, metrics: 1049 } };
		assert.deepEqual(summaryText(summary(counts), "All time", "x.zip").split("\n").slice(1, 5), [
			"events   1,049",
			"logs     1 log record",
			"traces   90 spans",
			"metrics  1,049 data points of 261 events",
		]);
	});
});

describe("the summary of a page", () => {
	it("shows the events of each signal", () => {
		const counts = { logs: 1, traces: 90, metrics: 1261, droppedPoints: 0 };
		assert.deepEqual(summaryText(summary(counts), "All time", "x.html").split("\n"), [
			"range    All time",
			"events   1,049",
			"signals  1 log event, 90 span events, 1,261 metric events",
			"read     1 file, 123 kB",
			"written  x.html, 45.6 kB",
		]);
	});
});

describe("the notes", () => {
	it("are empty if nothing was left out", () => assert.equal(notesText(summary()), ""));

	it("show a bad line as file:line: reason", () => {
		const sample = { file: "telemetry-2026-06-01-a.jsonl", line: 7, reason: "not JSON" };
		assert.deepEqual(notesText(summary({ badLines: 1, badLineSamples: [sample] })).split("\n"), [
			"1 bad line left out:",
			"  telemetry-2026-06-01-a.jsonl:7: not JSON",
		]);
	});

	it("show a skipped file with the reason", () => {
		const skipped = { file: "telemetry-2026-06-01-a.jsonl", reason: "Permission denied" };
		assert.deepEqual(notesText(summary({ skippedFiles: [skipped] })).split("\n"), [
			"1 file skipped:",
			"  telemetry-2026-06-01-a.jsonl: Permission denied",
		]);
	});

	it("show how many entries are not listed", () => {
		const notes = notesText(
			summary({
				badLines: 1001,
				badLineSamples: [{ file: "a", line: 1, reason: "r" }],
				skippedFiles: [{ file: "b", reason: "r" }],
				warnings: ["w"],
				omitted: { badLineSamples: 1000, skippedFiles: 1, warnings: 2 },
			}),
		);
		assert.deepEqual(notes.split("\n"), [
			"warning: w",
			"warning: and 2 more warnings",
			"2 files skipped:",
			"  b: r",
			"  … and 1 more",
			"1,001 bad lines left out:",
			"  a:1: r",
			"  … and 1,000 more",
		]);
	});

	it("count measurements that gave no data point", () => {
		assert.equal(notesText(summary({ droppedPoints: 2 })), "2 measurements without a usable value left out");
	});

	it("escape names, reasons and warnings", () => {
		const hostile = "\u001b[2J\n\u202e";
		const notes = notesText(
			summary({
				badLines: 1,
				badLineSamples: [{ file: hostile, line: 1, reason: hostile }],
				skippedFiles: [{ file: hostile, reason: hostile }],
				warnings: [hostile],
			}),
		);
		assert.ok(!notes.includes("\u001b") && !notes.includes("\u202e"));
		assert.equal(notes.split("\\u{1b}[2J\\u{a}\\u{202e}").length, 6);
	});
});

describe("an export is incomplete", () => {
	it("with a bad line", () => assert.equal(isIncomplete(summary({ badLines: 1 })), true));

	it("with a skipped file", () =>
		assert.equal(isIncomplete(summary({ skippedFiles: [{ file: "a", reason: "b" }] })), true));

	it("not with a warning or a dropped point", () =>
		assert.equal(isIncomplete(summary({ warnings: ["w"], droppedPoints: 1 })), false));
});
