/**
 * Telemetry that no editor writes and an export must survive: the longest lines there may be, very many streams,
 * measurements or sessions, and lines that are all bad. Each shape was slow or took much memory once.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { drawContext } from "../scripts/telemetry/context.mjs";
import { headerLine, RowWriter } from "../scripts/telemetry/layout.mjs";
import { Random } from "../scripts/telemetry/random.mjs";
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
 * One line that holds nearly all the measurements that a line has room for, each with a key of its own.
 *
 * @param {string} directory
 * @param {{ kind: "gauges" | "counters", measurements: number }} plan
 */
export function writeWideLine(directory, { kind, measurements }) {
	const [name, prefix] = kind === "gauges" ? ["ssh.network.info", "k"] : ["http.requests", "count."];
	const session = new OneFile(directory);
	const line = session.row(
		name,
		measuring(measurements, (index) => [`${prefix}${index}`, index % 10]),
	);
	session.append(line);
	const totals = kind === "counters" ? measurements : 0;
	return { ...session.write(), events: 1, longestLine: line.length, totals };
}

/**
 * Network samples of many measurements each. No key comes twice.
 *
 * @param {string} directory
 * @param {{ bytes: number, measurements: number }} plan `measurements` are those of a row
 */
export function writeWideRows(directory, { bytes, measurements }) {
	const session = new OneFile(directory);
	let events = 0;
	for (; session.bytes < bytes; events++) {
		const row = events;
		const measured = measuring(measurements, (index) => [`key${row}_${index}Ms`, (row % 10) + 0.5]);
		session.append(session.row("ssh.network.info", measured));
	}
	return { ...session.write(), events };
}

/**
 * A file that holds one bad line again and again.
 *
 * @param {string} directory
 * @param {{ bytes: number, line: string }} plan a character of `line` is a byte
 */
export function writeBadLines(directory, { bytes, line }) {
	const session = new OneFile(directory);
	session.append(`${line}\n`.repeat(Math.ceil(bytes / (line.length + 1))));
	return { ...session.write(), events: 0 };
}

/**
 * Sessions of two events each. All of them begin within a second and end within a second, so that all overlap.
 *
 * @param {string} directory
 * @param {{ sessions: number }} plan
 */
export function writeShortSessions(directory, { sessions }) {
	mkdirSync(directory, { recursive: true });
	const random = new Random(1);
	const machineId = random.hex(64);
	let bytes = 0;
	for (let session = 0; session < sessions; session++) {
		const context = drawContext(random, machineId);
		const rows = new RowWriter("current", context, random);
		const began = start + (session % 1000);
		const ended = began + 50 * 60_000;
		const text =
			headerLine(context, began) + rows.line(bare("a.began", began)) + rows.line(bare("a.ended", ended));
		// Numbered, since of so many random names some would be the same.
		const name = `telemetry-2026-06-01-${session.toString(16).padStart(8, "0")}.jsonl`;
		writeFileSync(path.join(directory, name), text);
		// All of it is ASCII.
		bytes += text.length;
	}
	return { bytes, files: sessions, events: 2 * sessions, sessions };
}

/** The only file of the only session: for lines that are longer or shorter than an editor's. */
class OneFile {
	#directory;
	#random = new Random(1);
	#context = drawContext(this.#random, this.#random.hex(64));
	#rows = new RowWriter("current", this.#context, this.#random);
	#lines = [headerLine(this.#context, start)];
	#written = 0;
	bytes = this.#lines.join("").length;

	/** @param {string} directory */
	constructor(directory) {
		this.#directory = directory;
	}

	/**
	 * @param {string} name
	 * @param {Record<string, number>} measurements
	 * @returns {string} the next row, a second after the one before
	 */
	row(name, measurements) {
		return this.#rows.line({ ...bare(name, start + 1000 * this.#written++), measurements });
	}

	/** @param {string} lines with their ends; a character is a byte */
	append(lines) {
		this.#lines.push(lines);
		this.bytes += lines.length;
	}

	write() {
		mkdirSync(this.#directory, { recursive: true });
		const name = `telemetry-2026-06-01-${this.#context.session_id.slice(0, 8)}.jsonl`;
		writeFileSync(path.join(this.#directory, name), this.#lines.join(""), "latin1");
		return { bytes: this.bytes, files: 1 };
	}
}

/**
 * @param {number} measurements
 * @param {(index: number) => [string, number]} one
 * @returns {Record<string, number>}
 */
function measuring(measurements, one) {
	return Object.fromEntries(Array.from({ length: measurements }, (_, index) => one(index)));
}

/**
 * @param {string} name
 * @param {number} timestamp
 * @returns {TelemetryEvent} it says nothing but that it happened
 */
function bare(name, timestamp) {
	return { name, timestamp, properties: {}, measurements: {}, deploymentUrl };
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
