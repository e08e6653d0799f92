/**
 * Telemetry that no editor writes but an export must cope with: the longest lines, very many streams, measurements or
 * sessions, only different values, and only bad lines. Each shape was once slow or used much memory.
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
/** Distinct values in each row. */
const valuesInRow = 200;
/** Ordinary rows after each long line. */
const rowsBehind = 1000;

/**
 * Sessions that each begin with a line of the maximum length, all at the same time. A merge therefore sees all long lines
 * at once.
 *
 * @param {string} directory
 * @param {{ sessions: number, longestLine: number }} plan `longestLine` is the exact length, including the line feed
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
 * @returns {string} a log event with a message that makes the line this long
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
	// The sequence numbers of the two rows have the same length.
	const phrase = "connection reset by peer, retrying in 250 ms; ";
	const missing = length - lineWith("").length;
	return lineWith(phrase.repeat(Math.ceil(missing / phrase.length)).slice(0, missing));
}

/**
 * @param {string} directory
 * @returns the rows and the files of one session
 */
function beginSession(directory) {
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
	return { rows, files };
}

/**
 * One session in which each request event has different properties, so each is a separate metric stream.
 *
 * @param {string} directory
 * @param {{ streams: number }} plan
 */
export function writeManyStreams(directory, { streams }) {
	const { rows, files } = beginSession(directory);
	for (let stream = 0; stream < streams; stream++) {
		// Half a second apart, so that 100,000 of them fit in a day.
		const timestamp = start + stream * 500;
		files.append(rows.line(requests(timestamp, `/api/v2/workspaces/${stream}`)), timestamp);
	}
	files.close();
	return { bytes: files.bytes, files: files.files, events: streams, streams };
}

/**
 * One session in which each property is an e-mail address that occurs once.
 *
 * @param {string} directory
 * @param {{ values: number }} plan
 */
export function writeDistinctValues(directory, { values }) {
	const { rows, files } = beginSession(directory);
	let events = 0;
	for (let first = 0; first < values; first += valuesInRow, events++) {
		const timestamp = start + events * 500;
		const number = Math.min(valuesInRow, values - first);
		const addresses = Array.from({ length: number }, (_, index) => [
			`k${index}`,
			`u${first + index}@velmora.com`,
		]);
		const properties = Object.fromEntries(addresses);
		files.append(rows.line({ ...bare("users.listed", timestamp), properties }), timestamp);
	}
	files.close();
	return { bytes: files.bytes, files: files.files, events };
}

/**
 * One line with nearly as many measurements as fit in a line, each with a different key.
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
 * Network samples with many measurements each. No key occurs twice.
 *
 * @param {string} directory
 * @param {{ bytes: number, measurements: number }} plan `measurements` is their number in a row
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
 * A file that repeats one bad line.
 *
 * @param {string} directory
 * @param {{ bytes: number, line: string }} plan each character of `line` is one byte
 */
export function writeBadLines(directory, { bytes, line }) {
	const session = new OneFile(directory);
	session.append(`${line}\n`.repeat(Math.ceil(bytes / (line.length + 1))));
	return { ...session.write(), events: 0 };
}

/**
 * Sessions of two events each. All begin within one second and end within one second, so all of them overlap.
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
		// Numbered, because random names of so many sessions would collide.
		const name = `telemetry-2026-06-01-${session.toString(16).padStart(8, "0")}.jsonl`;
		writeFileSync(path.join(directory, name), text);
		// All of it is ASCII.
		bytes += text.length;
	}
	return { bytes, files: sessions, events: 2 * sessions, sessions };
}

/** The only file of a single session, for lines that are longer or shorter than an editor's. */
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

	/** @param {string} lines including line breaks; each character is one byte */
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
 * @returns {TelemetryEvent} without properties and measurements
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
