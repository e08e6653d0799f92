/**
 * Writes a telemetry directory of any size. The same options give the same files on every machine. Tests and benchmarks
 * use it; `npm run generate -- --help` shows its command line.
 */

import { mkdirSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import byteSize from "../bin/byte-size.js";
import { isProgram } from "./programs.mjs";
import { drawContext } from "./telemetry/context.mjs";
import { headerLine, layouts, RowWriter } from "./telemetry/layout.mjs";
import { Random } from "./telemetry/random.mjs";
import { Session } from "./telemetry/session.mjs";
import { SessionFiles } from "./telemetry/session-files.mjs";
import { Tally } from "./telemetry/tally.mjs";

/** @typedef {import("./telemetry/layout.mjs").Layout} Layout */

const dayMs = 86_400_000;

/** Bytes that a session writes in a minute, set slightly low so that a session fills just before its time is over. */
const minuteBytes = { current: 2550, "self-contained": 5350, earliest: 5200 };

/** One session in this many uses the names of the telemetry specification. */
const specificationNamesEvery = 8;

/** Bytes reserved for a session's last row. */
const closingRowBytes = 350;

/**
 * @typedef {object} Plan
 * @property {string} directory created if missing; must be empty
 * @property {number} bytes size of all files together, accurate to a few rows per session
 * @property {number} [days] number of days covered; default 7
 * @property {number} [sessionsPerDay] default 8
 * @property {number} [overlapping] how many sessions run at any moment; default 2
 * @property {Layout} [layout] default `current`
 * @property {number} [rotateAt] size at which a file is continued in the next part, `Infinity` for never; default 5 MiB
 * @property {string} [startDate] first day, UTC; default `2026-06-01`
 * @property {number} [seed] default 1
 */

/**
 * What was written, and the counts that an export of everything must report.
 *
 * @typedef {object} GeneratedTelemetry
 * @property {string} directory
 * @property {number} sessions
 * @property {number} files
 * @property {number} bytes
 * @property {number} lines headers and events
 * @property {number} headers
 * @property {number} events
 * @property {Record<string, number>} eventsByName
 * @property {number} logs events that become log records
 * @property {number} traces events that become spans
 * @property {number} metrics events that become data points
 * @property {number} dataPoints
 * @property {number} droppedPoints measurements of metric events that are `null`
 */

/**
 * Writes the files of a plan, one session after the other. Memory does not grow with the size.
 *
 * @param {Plan} plan
 * @returns {GeneratedTelemetry}
 * @throws {RangeError} if the plan has fewer sessions than must overlap
 * @throws {Error} if the directory is not empty or cannot be written
 */
export function generateTelemetry({
	directory,
	bytes,
	days = 7,
	sessionsPerDay = 8,
	overlapping = 2,
	layout = "current",
	rotateAt = 5 * 2 ** 20,
	startDate = "2026-06-01",
	seed = 1,
}) {
	const spans = planSessions(Date.parse(`${startDate}T00:00:00.000Z`), days, sessionsPerDay, overlapping);
	makeEmptyDirectory(directory);

	const machineId = new Random(seed).hex(64);
	const tally = new Tally();
	const written = { sessions: spans.length, files: 0, bytes: 0, headers: 0 };
	const sessionNames = new Set();
	let remainingMs = spans.reduce((total, { start, end }) => total + end - start, 0);

	for (const [index, { start, end }] of spans.entries()) {
		const random = new Random(seed, index + 1);
		const context = drawContext(random, machineId);
		while (sessionNames.has(sessionName(context))) {
			context.session_id = random.hex(32);
		}
		sessionNames.add(sessionName(context));

		const budget = ((bytes - written.bytes) * (end - start)) / remainingMs;
		remainingMs -= end - start;
		const minute = (end - start) / Math.max(1, budget / minuteBytes[layout]);
		const files = new SessionFiles({
			directory,
			session: sessionName(context),
			rotateAt,
			header: layout === "current" ? (timestamp) => headerLine(context, timestamp) : undefined,
		});
		const usesSpecificationNames = index % specificationNamesEvery === 1;
		const session = new Session({ random, layout, start, end, minute, usesSpecificationNames });
		writeSession(session, new RowWriter(layout, context, random), files, budget, tally);
		written.files += files.files;
		written.bytes += files.bytes;
		written.headers += files.headers;
	}
	return { directory, ...written, lines: written.headers + tally.events, ...tally };
}

/**
 * Places sessions of equal length so that the same number of them runs at any moment.
 *
 * @param {number} start milliseconds since 1970
 * @param {number} days
 * @param {number} sessionsPerDay
 * @param {number} overlapping
 * @returns {{ start: number, end: number }[]}
 */
function planSessions(start, days, sessionsPerDay, overlapping) {
	const sessions = days * sessionsPerDay;
	if (!(overlapping >= 1 && sessions >= overlapping)) {
		throw new RangeError(`${overlapping} of ${sessions} sessions cannot overlap`);
	}
	// In each slot one session begins and another ends, except in the first and last slots.
	const slots = sessions - overlapping + 1;
	const slotMs = (days * dayMs) / slots;
	return Array.from({ length: sessions }, (_, index) => ({
		start: start + Math.floor(Math.max(0, index - overlapping + 1) * slotMs),
		end: start + Math.floor(Math.min(slots, index + 1) * slotMs) - 1,
	}));
}

/** @param {string} directory */
function makeEmptyDirectory(directory) {
	mkdirSync(directory, { recursive: true });
	if (readdirSync(directory).length > 0) {
		throw new Error(`${directory} is not empty`);
	}
}

/**
 * @param {import("./telemetry/layout.mjs").Context} context
 * @returns {string} the session's part of its file names
 */
function sessionName(context) {
	return context.session_id.slice(0, 8);
}

/**
 * @param {Session} session
 * @param {RowWriter} rows
 * @param {SessionFiles} files
 * @param {number} budget bytes
 * @param {Tally} tally
 */
function writeSession(session, rows, files, budget, tally) {
	/** @param {import("./telemetry/layout.mjs").TelemetryEvent} event */
	const write = (event) => {
		files.append(rows.line(event), event.timestamp);
		tally.add(event);
	};
	for (const event of session.events()) {
		write(event);
		if (files.bytes >= budget - closingRowBytes) {
			break;
		}
	}
	write(session.closingEvent());
	files.close();
}

const help = `Writes a telemetry directory and prints, as JSON, the counts that an export of it must report.
The same options give the same files on every machine.

Usage: npm run generate -- --out DIR --size SIZE [options]

  --out DIR              where to write; created if missing, must be empty
  --size SIZE            of all files together, such as 500kB, 100MB, 1GiB
  --days N               number of days covered                (7)
  --sessions-per-day N                                         (8)
  --overlapping N        sessions that run at any moment       (2)
  --layout LAYOUT        ${layouts.join(", ")}   (current)
  --rotate-at SIZE       size at which a file continues in the next part, or off  (5MiB)
  --start-date DATE      first day, UTC                        (2026-06-01)
  --seed N                                                     (1)
`;

/**
 * @param {string[]} commandLine
 * @returns {Plan | undefined} `undefined` for `--help`
 * @throws {Error} if an option is missing or invalid
 */
function readCommandLine(commandLine) {
	const { values } = parseArgs({
		args: commandLine,
		options: {
			out: { type: "string" },
			size: { type: "string" },
			days: { type: "string" },
			"sessions-per-day": { type: "string" },
			overlapping: { type: "string" },
			layout: { type: "string" },
			"rotate-at": { type: "string" },
			"start-date": { type: "string" },
			seed: { type: "string" },
			help: { type: "boolean", short: "h" },
		},
	});
	if (values.help) {
		return undefined;
	}
	const { out, size } = values;
	if (out === undefined || size === undefined) {
		throw new Error("--out and --size are required");
	}
	return {
		directory: out,
		bytes: requireSize("--size", size),
		days: readCount("--days", values.days),
		sessionsPerDay: readCount("--sessions-per-day", values["sessions-per-day"]),
		overlapping: readCount("--overlapping", values.overlapping),
		layout: readLayout(values.layout),
		rotateAt: readRotation(values["rotate-at"]),
		startDate: readDate(values["start-date"]),
		seed: readCount("--seed", values.seed),
	};
}

/**
 * @param {string} option
 * @param {string} text
 * @returns {number}
 */
function requireSize(option, text) {
	const bytes = byteSize.parseByteSize(text);
	if (bytes === undefined) {
		throw new Error(`${option} takes a size such as 500kB or 5MiB, not ${text}`);
	}
	return bytes;
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @returns {number | undefined}
 */
function readCount(option, text) {
	if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) {
		throw new Error(`${option} takes a whole number above 0, not ${text}`);
	}
	return text === undefined ? undefined : Number(text);
}

/**
 * @param {string | undefined} text
 * @returns {Layout | undefined}
 */
function readLayout(text) {
	const layout = layouts.find((name) => name === text);
	if (text !== undefined && layout === undefined) {
		throw new Error(`--layout takes ${layouts.join(", ")}, not ${text}`);
	}
	return layout;
}

/**
 * @param {string | undefined} text
 * @returns {number | undefined}
 */
function readRotation(text) {
	if (text === "off") {
		return Number.POSITIVE_INFINITY;
	}
	return text === undefined ? undefined : requireSize("--rotate-at", text);
}

/**
 * @param {string | undefined} text
 * @returns {string | undefined}
 */
function readDate(text) {
	if (text !== undefined && !(/^\d{4}-\d\d-\d\d$/.test(text) && Number.isFinite(Date.parse(text)))) {
		throw new Error(`--start-date takes a date such as 2026-06-01, not ${text}`);
	}
	return text;
}

if (isProgram(import.meta.url)) {
	try {
		const plan = readCommandLine(process.argv.slice(2));
		console.log(plan === undefined ? help : JSON.stringify(generateTelemetry(plan), null, 2));
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	}
}
