/** The expected numbers about the export itself. */

import { timeText } from "./times.mjs";
import { exact, text, time } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./values.mjs").ExpectedCell} ExpectedCell */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */
/** @typedef {import("../../index.js").ExportSummary} ExportSummary */
/** @typedef {import("../../index.js").ResolvedRange} ResolvedRange */

/**
 * @param {TelemetryEvent[]} events
 * @param {ExportSummary} summary
 * @param {ResolvedRange} range
 * @returns {ExpectedTable}
 */
export function expectedSummary(events, summary, range) {
	const times = events.map(({ time }) => time);
	const first = times.reduce((first, next) => (next < first ? next : first));
	const last = times.reduce((last, next) => (next > last ? next : last));
	const bound = (/** @type {number | null} */ milliseconds) =>
		milliseconds === null ? undefined : time(timeText(BigInt(milliseconds) * 1_000_000n));
	const count = (/** @type {TelemetryEvent["signal"]} */ signal) =>
		exact(events.filter((event) => event.signal === signal).length);
	/** @type {[string, ExpectedCell | undefined][]} */
	const bounds = [
		["From", bound(range.startMs)],
		["Until", bound(range.endMs)],
	];
	/** @type {[string, ExpectedCell | undefined][]} */
	const rows = [
		["Range", text(range.label)],
		...bounds.filter(([, time]) => time !== undefined),
		["First event", time(timeText(first))],
		["Last event", time(timeText(last))],
		["Telemetry files", exact(summary.files)],
		["Sessions", exact(new Set(events.map(({ session }) => session)).size)],
		["Events", exact(events.length)],
		["Log events", count("logs")],
		["Span events", count("traces")],
		["Metric events", count("metrics")],
		["Telemetry read", exact(summary.bytesRead)],
		["Made at", undefined],
		["Time zone", text("UTC")],
		["Made by", undefined],
	];
	return pairs("summary", "Value", rows);
}

/**
 * @param {TelemetryEvent[]} events
 * @param {ExportSummary} summary
 * @returns {ExpectedTable}
 */
export function expectedLines(events, { linesRead, outOfRange, headers, blankLines, badLines }) {
	const dropped = events.reduce((dropped, event) => dropped + event.dropped, 0);
	return pairs("lines", "Lines", [
		["Lines read", exact(linesRead)],
		["Events", exact(events.length)],
		["Outside the range", exact(outOfRange)],
		["Headers", exact(headers)],
		["Blank", exact(blankLines)],
		["Bad lines", exact(badLines)],
		["Measurements without a point", exact(dropped)],
	]);
}

/**
 * @param {string} id
 * @param {string} title
 * @param {[string, ExpectedCell | undefined][]} rows `undefined` for values that cannot be predicted
 * @returns {ExpectedTable}
 */
function pairs(id, title, rows) {
	return {
		id,
		titles: ["What", title],
		groups: [
			{
				rows: rows.map(([what, value]) => ({
					What: text(what),
					...(value && { [title]: value }),
				})),
			},
		],
	};
}
