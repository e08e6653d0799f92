import { type BadLine, type ExportRedaction, type ExportSummary, resolveRange } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import {
	describeFailure,
	describeFinished,
	describeMissingTelemetry,
	describeNonFileTarget,
	describePreview,
	pageTitle,
} from "../../../src/export/outcome.js";
import type { ExportJob } from "../../../src/export/pipeline.js";
import { SettingError, settingIds } from "../../../src/settings.js";
import { summaryOf } from "../../mocks/summary.js";

const job: ExportJob = {
	directory: "/telemetry",
	range: resolveRange("2026-06-01..2026-06-07"),
	format: "json",
	redact: "none",
	file: "/exports/june.json",
	settings: {
		directory: undefined,
		temporality: undefined,
		spanName: undefined,
		maxRequestBytes: undefined,
		graceDays: undefined,
		redact: "ask",
		redactFields: undefined,
		keepFields: undefined,
	},
};

const caution = "Before you share it: it can hold machine ids and deployment URLs.";
const showOutput = { kind: "showOutput" };
const fileActions = [
	{ kind: "reveal", path: "/exports/june.json" },
	{ kind: "copyPath", path: "/exports/june.json" },
];

function finished(overrides: Partial<ExportSummary> = {}, flushError?: string) {
	return describeFinished(job, summaryOf(overrides), flushError);
}

/** @returns this number of bad lines of one file */
function badLines(count: number): BadLine[] {
	return Array.from({ length: count }, (_, index) => ({
		file: "telemetry-2026-06-01-aa.jsonl",
		line: index + 1,
		reason: "not valid JSON",
	}));
}

/** @returns the summary of a redaction that replaced these values */
function redactionOf(replaced: Record<string, number>): ExportRedaction {
	const fields = { redactFields: [], keepFields: [] };
	return { version: 1, level: "marked", key: "random", keyId: null, ...fields, events: 2, replaced };
}

/** @returns this number of unreadable files */
function skippedFiles(count: number) {
	return Array.from({ length: count }, (_, index) => ({ file: `${index}.jsonl`, reason: "EACCES" }));
}

describe("the notification of an export without problems", () => {
	it("counts the events, names the file, warns of its contents, and has buttons for the file", () => {
		expect(finished({ eventCount: 12_345 }).notification).toEqual({
			severity: "information",
			message: `Exported 12,345 telemetry events to june.json. ${caution}`,
			actions: fileActions,
		});
	});

	it("counts one event in the singular", () => {
		expect(finished({ eventCount: 1 }).notification.message).toBe(
			`Exported 1 telemetry event to june.json. ${caution}`,
		);
	});
});

describe("the notification of an export that left something out", () => {
	const omitted = { badLineSamples: 0, skippedFiles: 0, warnings: 0 };

	it.each<{ overrides: Partial<ExportSummary>; skipped: string }>([
		{ overrides: { badLines: 1, badLineSamples: badLines(1) }, skipped: "1 bad line was skipped." },
		{ overrides: { badLines: 3, badLineSamples: badLines(3) }, skipped: "3 bad lines were skipped." },
		{ overrides: { skippedFiles: skippedFiles(1) }, skipped: "1 file was skipped." },
		{ overrides: { skippedFiles: skippedFiles(2) }, skipped: "2 files were skipped." },
		{
			overrides: { badLines: 1, badLineSamples: badLines(1), skippedFiles: skippedFiles(1) },
			skipped: "1 bad line and 1 file were skipped.",
		},
		{
			overrides: { badLines: 4123, badLineSamples: badLines(100), skippedFiles: skippedFiles(2) },
			skipped: "4,123 bad lines and 2 files were skipped.",
		},
		{
			overrides: { skippedFiles: skippedFiles(100), omitted: { ...omitted, skippedFiles: 17 } },
			skipped: "117 files were skipped.",
		},
	])("warns that $skipped", ({ overrides, skipped }) => {
		expect(finished(overrides).notification).toEqual({
			severity: "warning",
			message: `Exported 2 telemetry events to june.json. ${skipped} ${caution}`,
			actions: [showOutput, ...fileActions],
		});
	});
});

describe("the notification of an export with warnings", () => {
	const omitted = { badLineSamples: 0, skippedFiles: 0, warnings: 0 };

	it.each<{ overrides: Partial<ExportSummary>; hint: string }>([
		{
			overrides: { droppedPoints: 1 },
			hint: "1 measurement without a usable value was left out.",
		},
		{
			overrides: { droppedPoints: 2, warnings: ["w"] },
			hint: "2 measurements without a usable value were left out. The output has 1 warning.",
		},
		{ overrides: { warnings: ["w"] }, hint: "The output has 1 warning." },
		{ overrides: { warnings: ["w", "x"] }, hint: "The output has 2 warnings." },
		{
			overrides: { warnings: Array(100).fill("w"), omitted: { ...omitted, warnings: 5 } },
			hint: "The output has 105 warnings.",
		},
	])("mentions them, with the severity information: $hint", ({ overrides, hint }) => {
		expect(finished(overrides).notification).toEqual({
			severity: "information",
			message: `Exported 2 telemetry events to june.json. ${hint} ${caution}`,
			actions: [showOutput, ...fileActions],
		});
	});
});

describe("the notification of an export whose flush failed", () => {
	it("warns that the newest events may be missing, and why", () => {
		expect(finished({}, "disk is full").notification).toEqual({
			severity: "warning",
			message:
				"Exported 2 telemetry events to june.json. The newest events may be missing: " +
				`buffered events could not be flushed (disk is full). ${caution}`,
			actions: [showOutput, ...fileActions],
		});
	});

	it("lists all problems in a fixed order", () => {
		const overrides = { badLines: 1, badLineSamples: badLines(1), warnings: ["w"] };
		expect(finished(overrides, "disk is full").notification.message).toBe(
			"Exported 2 telemetry events to june.json. 1 bad line was skipped. The newest events may be missing: " +
				`buffered events could not be flushed (disk is full). The output has 1 warning. ${caution}`,
		);
	});
});

describe("the notification if no event matched", () => {
	it("names the range, and has no buttons for a file", () => {
		expect(finished({ eventCount: 0, bytesWritten: 0 }).notification).toEqual({
			severity: "information",
			message: 'No telemetry events in "2026-06-01 to 2026-06-07"; no file was written.',
			actions: [],
		});
	});

	it("warns of skipped lines, because they may be the ones that the user wanted", () => {
		const overrides = { eventCount: 0, bytesWritten: 0, badLines: 3, badLineSamples: badLines(3) };
		expect(finished(overrides).notification).toEqual({
			severity: "warning",
			message:
				'No telemetry events in "2026-06-01 to 2026-06-07"; no file was written. 3 bad lines were skipped.',
			actions: [showOutput],
		});
	});
});

describe("the notification of a redacted export", () => {
	const redactedCaution = "Look at it before you share it: what no rule finds is still in it.";

	it.each<{ replaced: Record<string, number>; sentence: string }>([
		{ replaced: { machine: 396, session: 396, host: 442 }, sentence: "1,234 values were replaced." },
		{ replaced: { host: 1 }, sentence: "1 value was replaced." },
		{ replaced: {}, sentence: "0 values were replaced." },
	])("counts the values of all kinds: $sentence", ({ replaced, sentence }) => {
		expect(finished({ redaction: redactionOf(replaced) }).notification).toEqual({
			severity: "information",
			message: `Exported 2 telemetry events to june.json. ${sentence} ${redactedCaution}`,
			actions: fileActions,
		});
	});

	it("counts them before it names problems", () => {
		const overrides = { redaction: redactionOf({ host: 2 }), badLines: 1, badLineSamples: badLines(1) };
		expect(finished(overrides).notification.message).toBe(
			"Exported 2 telemetry events to june.json. 2 values were replaced. 1 bad line was skipped. " +
				redactedCaution,
		);
	});

	it("does not count them if no event matched", () => {
		const overrides = { eventCount: 0, bytesWritten: 0, redaction: redactionOf({}) };
		expect(finished(overrides).notification.message).toBe(
			'No telemetry events in "2026-06-01 to 2026-06-07"; no file was written.',
		);
	});
});

describe("the notification of a report", () => {
	const report: ExportJob = { ...job, format: "html", file: "/exports/june.html" };

	it("opens the report with its first button, and has the same warning, because a report has examples", () => {
		expect(describeFinished(report, summaryOf(), undefined).notification).toEqual({
			severity: "information",
			message: `Exported 2 telemetry events to june.html. ${caution}`,
			actions: [
				{ kind: "openReport", path: "/exports/june.html", title: "Telemetry: 2026-06-01 to 2026-06-07" },
				{ kind: "reveal", path: "/exports/june.html" },
				{ kind: "copyPath", path: "/exports/june.html" },
			],
		});
	});

	it("has no button to open a report if no event matched", () => {
		expect(describeFinished(report, summaryOf({ eventCount: 0 }), undefined).notification.actions).toEqual(
			[],
		);
	});
});

describe("the messages about a preview", () => {
	function previewed(overrides: Partial<ExportSummary> = {}, flushError?: string) {
		return describePreview(job.range, summaryOf(overrides), flushError);
	}

	it("have no notification if the page shows everything", () => {
		expect(previewed().notification).toBeUndefined();
		expect(previewed({ warnings: ["w"], droppedPoints: 1 }).notification).toBeUndefined();
	});

	it("warn of what the page does not show: skipped lines and unflushed events", () => {
		expect(
			previewed({ badLines: 3, badLineSamples: badLines(3), warnings: ["w"] }, "disk is full").notification,
		).toEqual({
			severity: "warning",
			message:
				'Preview of "2026-06-01 to 2026-06-07": 3 bad lines were skipped. The newest events may be missing: ' +
				"buffered events could not be flushed (disk is full). The output has 1 warning.",
			actions: [showOutput],
		});
	});

	it("say that no event matched", () => {
		expect(previewed({ eventCount: 0, bytesWritten: 0 }).notification).toEqual({
			severity: "information",
			message: 'No telemetry events in "2026-06-01 to 2026-06-07"; there is nothing to preview.',
			actions: [],
		});
	});

	it("warn of skipped lines if no event matched", () => {
		expect(previewed({ eventCount: 0, skippedFiles: skippedFiles(1) }).notification).toEqual({
			severity: "warning",
			message:
				'No telemetry events in "2026-06-01 to 2026-06-07"; there is nothing to preview. 1 file was skipped.',
			actions: [showOutput],
		});
	});

	it("have the figures of an export in the output, and name no file", () => {
		expect(previewed().output).toContain("written  a preview, 1.20 kB");
		expect(previewed({ eventCount: 0, bytesWritten: 0 }).output).toContain("written  no preview, 0 B");
	});

	it("use the range as the title of the tab", () => {
		expect(pageTitle(resolveRange("last7Days"))).toBe("Telemetry: Last 7 days");
	});
});

describe("the output of an export", () => {
	it("has only the figures of an export without problems", () => {
		expect(finished().output.split("\n")).toEqual([
			"range    2026-06-01 to 2026-06-07",
			"events   2",
			"read     1 file, 1.50 kB",
			"written  /exports/june.json, 1.20 kB",
		]);
	});

	it("says that no file was written", () => {
		expect(finished({ eventCount: 0, bytesWritten: 0 }).output).toContain("written  no file, 0 B");
	});

	it("names each bad line as file:line: reason, and each file that was skipped", () => {
		const { output } = finished({
			badLines: 1,
			badLineSamples: [{ file: "telemetry-2026-06-01-aa.jsonl", line: 7, reason: "no event_name" }],
			skippedFiles: [{ file: "telemetry-2026-06-02-bb.jsonl", reason: "EACCES: permission denied" }],
		});
		expect(output.split("\n")).toEqual(
			expect.arrayContaining([
				"1 bad line left out:",
				"  telemetry-2026-06-01-aa.jsonl:7: no event_name",
				"1 file skipped:",
				"  telemetry-2026-06-02-bb.jsonl: EACCES: permission denied",
			]),
		);
	});

	it("names the first hundred bad lines, then counts the rest", () => {
		const { output } = finished({
			badLines: 1234,
			badLineSamples: badLines(100),
			omitted: { badLineSamples: 1134, skippedFiles: 0, warnings: 0 },
		});
		const lines = output.split("\n");
		expect(lines.filter((line) => line.endsWith(": not valid JSON"))).toHaveLength(100);
		expect(lines.at(-2)).toBe("  telemetry-2026-06-01-aa.jsonl:100: not valid JSON");
		expect(lines.at(-1)).toBe("  … and 1,134 more");
	});

	it("escapes control characters in the reason of a failed flush", () => {
		expect(finished({}, "red\u001b[31m").output).toContain("(red\\u{1b}[31m)");
	});

	it("ends with the reason of a failed flush", () => {
		expect(
			finished({ warnings: ["odd"] }, "disk is full")
				.output.split("\n")
				.slice(-2),
		).toEqual([
			"warning: odd",
			"warning: The newest events may be missing: buffered events could not be flushed (disk is full).",
		]);
	});
});

describe("the notification of a failure", () => {
	it.each([
		{ error: new Error("Cannot write /x: ENOENT"), message: "Cannot write /x: ENOENT" },
		{ error: "a text", message: "a text" },
	])("has the message of $error", ({ error, message }) => {
		expect(describeFailure(error)).toEqual({ severity: "error", message, actions: [] });
	});

	it("names the invalid entry of a list", () => {
		const error = new SettingError(settingIds.keepFields, "reason", "a list of fields", "has");
		expect(describeFailure(error).message).toBe(
			`The setting ${settingIds.keepFields} must be a list of fields; it has "reason".`,
		);
	});

	it("has a button that opens the invalid setting", () => {
		const error = new SettingError(settingIds.graceDays, 9, "a whole number from 0 to 7");
		expect(describeFailure(error)).toEqual({
			severity: "error",
			message: `The setting ${settingIds.graceDays} must be a whole number from 0 to 7; it is 9.`,
			actions: [{ kind: "openSettings", search: settingIds.graceDays }],
		});
	});
});

describe("the notification of missing telemetry", () => {
	it("mentions the Coder extension if the directory is the default", () => {
		expect(describeMissingTelemetry("/storage/telemetry", false)).toEqual({
			severity: "warning",
			message:
				"No telemetry has been recorded yet in /storage/telemetry. " +
				'Check that the Coder extension is installed and that coder.telemetry.level is not "off".',
			actions: [{ kind: "openSettings", search: "coder.telemetry" }],
		});
	});

	it("mentions the setting if the directory comes from it", () => {
		expect(describeMissingTelemetry("/srv/telemetry", true)).toEqual({
			severity: "warning",
			message:
				"No telemetry has been recorded yet in /srv/telemetry. " +
				"Check that coder.telemetryExport.directory names the right directory, " +
				'and that coder.telemetry.level is not "off".',
			actions: [{ kind: "openSettings", search: "coder.telemetryExport.directory" }],
		});
	});
});

describe("the notification of a target that is not a file on this machine", () => {
	it("names it and asks for another folder", () => {
		expect(describeNonFileTarget("vscode-remote://host/june.json")).toEqual({
			severity: "error",
			message:
				"Cannot export to vscode-remote://host/june.json: it is not a file on this machine. " +
				"Choose a folder on this machine.",
			actions: [],
		});
	});
});
