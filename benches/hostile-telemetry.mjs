/** Telemetry that no editor writes and an export must survive: the longest lines there may be, and very many streams. */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { headerLine, RowWriter } from "../scripts/telemetry/layout.mjs";
import { Random } from "../scripts/telemetry/random.mjs";
import { drawContext } from "../scripts/telemetry/session.mjs";
import { SessionFiles } from "../scripts/telemetry/session-files.mjs";

/** @typedef {import("../scripts/telemetry/layout.mjs").TelemetryEvent} TelemetryEvent */

const start = Date.parse("2026-06-01T08:00:00.000Z");
const deploymentUrl = "https://dev.coder.example.com";
const rotateAt = 5 * 2 ** 20;
/** Ordinary rows behind each long line: a session goes on after it. */
const rowsBehind = 1000;

/**
 * Sessions that each begin with a line of the greatest length, all at the same time: whoever merges them sees all
 * of the long lines at once.
 *
 * @param {string} directory
 * @param {{ sessions: number, longestLine: number }} plan `longestLine` is met to the byte, line feed included
 */
export function writeLongLines(directory, { sessions, longestLine }) {
	mkdirSync(directory, { recursive: true });
	let bytes = 0;
	for (let index = 1; index <= sessions; index++) {
		const random = new Random(1, index);
		const context = drawContext(random, random.hex(64));
		const rows = new RowWriter("current", context, random);
		const name = `telemetry-2026-06-01-${context.session_id.slice(0, 8)}.jsonl`;
		const lines = [headerLine(context, start), longLine(rows, longestLine)];
		for (let row = 1; row <= rowsBehind; row++) {
			lines.push(rows.line(requests(start + row * 1000, `/api/v2/users/${row % 10}`)));
		}
		const text = lines.join("");
		writeFileSync(path.join(directory, name), text);
		// All of it is ASCII.
		bytes += text.length;
	}
	return { bytes, files: sessions, events: sessions * (1 + rowsBehind), longestLine };
}

/**
 * @param {RowWriter} rows
 * @param {number} length bytes
 * @returns {string} a log event whose message makes the line that long
 */
function longLine(rows, length) {
	/** @param {string} output */
	const lineWith = (output) =>
		rows.line({
			name: "ssh.process.output",
			timestamp: start,
			properties: { output },
			measurements: {},
			deploymentUrl,
		});
	// The row's number is written with one digit both times.
	const phrase = "connection reset by peer, retrying in 250 ms; ";
	const missing = length - lineWith("").length;
	return lineWith(phrase.repeat(Math.ceil(missing / phrase.length)).slice(0, missing));
}

/**
 * One session in which no two request events have the same properties: each is a metric stream of its own.
 *
 * @param {string} directory
 * @param {{ streams: number }} plan
 */
export function writeManyStreams(directory, { streams }) {
	mkdirSync(directory, { recursive: true });
	const random = new Random(1);
	const context = drawContext(random, random.hex(64));
	const rows = new RowWriter("current", context, random);
	const files = new SessionFiles({
		directory,
		session: context.session_id.slice(0, 8),
		rotateAt,
		header: (timestamp) => headerLine(context, timestamp),
	});
	for (let stream = 0; stream < streams; stream++) {
		// Half a second each, so that a hundred thousand of them stay within the day.
		const timestamp = start + stream * 500;
		files.append(rows.line(requests(timestamp, `/api/v2/workspaces/${stream}`)), timestamp);
	}
	files.close();
	return { bytes: files.bytes, files: files.files, events: streams, streams };
}

/**
 * @param {number} timestamp
 * @param {string} route
 * @returns {TelemetryEvent}
 */
function requests(timestamp, route) {
	return {
		name: "http.requests",
		timestamp,
		properties: { method: "GET", route },
		measurements: { window_seconds: 60, "count.2xx": 3, "duration.p50_ms": 12, "duration.p95_ms": 31 },
		deploymentUrl,
	};
}
