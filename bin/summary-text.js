/** Formats the summary of an export for people. */

"use strict";

const { formatByteSize } = require("./byte-size.js");
const { escapeForTerminal } = require("./terminal-text.js");

/** @typedef {import("../index.js").ExportSummary} ExportSummary */

/**
 * @param {number} number
 * @returns {string} with commas between thousands
 */
function formatNumber(number) {
	return number.toLocaleString("en-US");
}

/**
 * @param {number} number
 * @param {string} noun in the singular; the plural must end in `s`
 * @returns {string} such as `1 file` or `1,049 files`
 */
function counted(number, noun) {
	return `${formatNumber(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * @param {ExportSummary} summary
 * @param {string} rangeLabel
 * @param {string} output the path of the file, or the name of another output
 * @returns {string} a few aligned lines
 */
function summaryText(summary, rangeLabel, output) {
	const {
		eventCount,
		files,
		bytesRead,
		bytesWritten,
		logs,
		traces = 0,
		metrics = 0,
		records,
		redaction,
	} = summary;
	const rows = [
		["range", rangeLabel],
		["events", formatNumber(eventCount)],
	];
	if (records !== undefined) {
		rows.push(
			["logs", counted(records.logs, "log record")],
			["traces", counted(records.traces, "span")],
			["metrics", `${counted(records.metrics, "data point")} of ${counted(metrics, "event")}`],
		);
	} else if (logs !== undefined) {
		const events = [
			counted(logs, "log event"),
			counted(traces, "span event"),
			counted(metrics, "metric event"),
		];
		rows.push(["signals", events.join(", ")]);
	}
	if (redaction !== undefined) {
		const values = Object.values(redaction.replaced).reduce((sum, count) => sum + count, 0);
		rows.push(["redacted", `${counted(values, "value")} in ${counted(redaction.events, "event")}`]);
	}
	rows.push(
		["read", `${counted(files, "file")}, ${formatByteSize(bytesRead)}`],
		["written", `${escapeForTerminal(output)}, ${formatByteSize(bytesWritten)}`],
	);
	const width = Math.max(...rows.map(([name = ""]) => name.length));
	return rows.map(([name = "", value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/**
 * Lists the warnings and everything that was left out.
 *
 * @param {ExportSummary} summary
 * @returns {string} empty if there is nothing to list
 */
function notesText({ warnings, skippedFiles, badLines, badLineSamples, omitted, droppedPoints = 0 }) {
	const skipped = skippedFiles.map(({ file, reason }) => `${file}: ${reason}`);
	const bad = badLineSamples.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
	return [
		...warnings.map((warning) => `warning: ${escapeForTerminal(warning)}`),
		...(omitted.warnings > 0 ? [`warning: and ${counted(omitted.warnings, "more warning")}`] : []),
		...section(
			`${counted(skipped.length + omitted.skippedFiles, "file")} skipped:`,
			skipped,
			omitted.skippedFiles,
		),
		...section(`${counted(badLines, "bad line")} left out:`, bad, omitted.badLineSamples),
		...(droppedPoints > 0
			? [`${counted(droppedPoints, "measurement")} without a usable value left out`]
			: []),
	].join("\n");
}

/**
 * @param {string} title
 * @param {string[]} entries
 * @param {number} more the number of entries that are not listed
 * @returns {string[]} lines; none if there are no entries
 */
function section(title, entries, more) {
	if (entries.length === 0) {
		return [];
	}
	const lines = [title, ...entries.map((entry) => `  ${escapeForTerminal(entry)}`)];
	return more > 0 ? [...lines, `  … and ${formatNumber(more)} more`] : lines;
}

/**
 * @param {ExportSummary} summary
 * @returns {boolean} whether a line or a file was left out
 */
function isIncomplete({ badLines, skippedFiles }) {
	return badLines > 0 || skippedFiles.length > 0;
}

module.exports = { counted, isIncomplete, notesText, summaryText };
