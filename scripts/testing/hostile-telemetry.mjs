/**
 * Telemetry that no editor writes, each kind with more of something than a report could hold: it must say what it leaves
 * out, and not grow.
 */

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** The longest line that is read. */
const longestLine = 16 * 2 ** 20;
const firstDay = Date.parse("2026-06-01T08:00:00Z");
const msPerDay = 86_400_000;
/** Days from 1970 that nanoseconds in 64 bits reach with a sign. */
const daysOf292Years = 106_751;
const context = {
	extension_version: "1.15.2",
	machine_id: "m",
	session_id: "s",
	os_type: "linux",
	os_version: "6.8",
	host_arch: "x64",
	platform_name: "VS Code",
	platform_version: "1.107.2",
	deployment_url: "u",
};
const { deployment_url, ...headerContext } = context;
const header = JSON.stringify({ kind: "header", schema_version: 1, context: headerContext });

/**
 * @typedef {object} RowParts what is special about a row; members are JSON text
 * @property {string} [name]
 * @property {number} [time]
 * @property {string} [properties]
 * @property {string} [measurements]
 * @property {string} [rest] members behind the others, each with a comma before it
 */

/**
 * @param {number} number
 * @param {RowParts} parts
 */
function row(
	number,
	{ name = "e", time = firstDay + number, properties = "", measurements = "", rest = "" },
) {
	return (
		`{"event_id":"${number.toString(16).padStart(16, "0")}","event_name":"${name}",` +
		`"timestamp":"${new Date(time).toISOString()}","event_sequence":${number},` +
		`"properties":{${properties}},"measurements":{${measurements}},"deployment_url":"u"${rest}}`
	);
}

/**
 * A file of a session: the header, then rows.
 *
 * @param {string} directory
 * @param {string} session
 * @param {number} count
 * @param {(number: number) => string} line
 */
function writeFile(directory, session, count, line) {
	mkdirSync(directory, { recursive: true });
	const file = openSync(path.join(directory, `telemetry-2026-06-01-${session}.jsonl`), "w");
	let waiting = `${header}\n`;
	for (let number = 0; number < count; number++) {
		waiting += `${line(number)}\n`;
		if (waiting.length > 1 << 20) {
			writeSync(file, waiting);
			waiting = "";
		}
	}
	writeSync(file, waiting);
	closeSync(file);
}

/**
 * Members of an object.
 *
 * @param {number} count
 * @param {(number: number) => string} member
 */
function members(count, member) {
	return Array.from({ length: count }, (_, number) => member(number)).join(",");
}

/** @param {number} number */
function trace(number) {
	return `,"trace_id":"${(number + 1).toString(16).padStart(32, "0")}"`;
}

/**
 * @typedef {object} Hostile
 * @property {string} what
 * @property {number} events
 * @property {number} files
 * @property {number} lineBytes of the longest line, where lines are long
 * @property {(directory: string) => void} write
 */

/**
 * One session of so many rows.
 *
 * @param {string} what
 * @param {number} events
 * @param {(number: number) => RowParts} parts
 * @param {number} [lineBytes] of the longest line, where lines are long
 * @returns {Hostile}
 */
function rows(what, events, parts, lineBytes = 0) {
	const line = (/** @type {number} */ number) => row(number, parts(number));
	return { what, events, files: 1, lineBytes, write: (directory) => writeFile(directory, "a", events, line) };
}

/**
 * Sessions that each begin with a line of the greatest length and go on behind it.
 *
 * @param {number} sessions
 * @param {string} what
 * @param {(bytes: number) => RowParts} parts that take so many bytes at most
 * @returns {Hostile}
 */
function longLines(sessions, what, parts) {
	const rowsBehind = 500;
	return {
		what,
		events: sessions * (1 + rowsBehind),
		files: sessions,
		lineBytes: longestLine,
		write: (directory) => {
			// What stands around the parts takes less than is left for it.
			const long = row(0, parts(longestLine - 1000));
			for (let session = 0; session < sessions; session++) {
				writeFile(directory, `s${session}`, 1 + rowsBehind, (number) =>
					number === 0 ? long : row(number, { properties: '"a":"b"' }),
				);
			}
		},
	};
}

/** @type {Hostile[]} */
export const hostileTelemetry = [
	rows("600,000 keys of properties", 120_000, (number) => ({
		properties: members(5, (key) => `"k${number * 5 + key}":"v${number}"`),
	})),
	rows("300,000 keys of measurements", 6_000, (number) => ({
		measurements: members(50, (key) => `"m${number * 50 + key}":${key}`),
	})),
	rows("200,000 names of events", 200_000, (number) => ({ name: `name.${number}`, properties: '"a":"b"' })),
	rows("200,000 operations, of every duration", 200_000, (number) => ({
		name: `op.${number % 100_000}`,
		measurements: `"durationMs":${10 ** ((number % 1000) / 50 - 6)}`,
		rest: trace(number),
	})),
	rows("500 operations, of the shortest and the longest duration", 1_000, (number) => ({
		name: `op.${number % 500}`,
		measurements: `"durationMs":${number < 500 ? 1e-6 : 1e13}`,
		rest: trace(number),
	})),
	rows("200,000 kinds of failures", 200_000, (number) => ({
		rest: `,"error":{"message":"m${number}","type":"T${number}","code":"C${number}"}`,
	})),
	rows("200,000 routes", 200_000, (number) => ({
		name: "http.requests",
		properties: `"method":"M${number % 7}","route":"/r/${number}"`,
		measurements: `"window_seconds":60,"count.2xx":3,"duration.p50_ms":${number},"duration.p95_ms":1e9`,
	})),
	rows("200,000 classes of answers", 20_000, (number) => ({
		name: "http.requests",
		properties: '"method":"GET","route":"/"',
		measurements: `"window_seconds":60,${members(10, (key) => `"count.${number * 10 + key}":1`)}`,
	})),
	rows("200,000 series of readings", 20_000, (number) => ({
		name: "ssh.network.sampled",
		measurements: members(10, (key) => `"s${number * 10 + key}Ms":${key}`),
	})),
	rows("20,000 readings in each row", 60, (number) => ({
		name: "ssh.network.sampled",
		measurements: members(20_000, (key) => `"${key}Ms":${number}`),
	})),
	rows("requests on each day of 292 years, of each class", daysOf292Years, (number) => ({
		name: "http.requests",
		time: number * msPerDay,
		properties: '"method":"GET","route":"/"',
		measurements: `"window_seconds":60,${members(14, (key) => `"count.${key}":${number}`)}`,
	})),
	rows("2,000 fields of 999 values each", 999, (number) => ({
		properties: members(2_000, (key) => `"k${key}":"${number}-${key}"`),
	})),
	rows("100,000 contexts", 100_000, (number) => ({
		rest: `,"context":${JSON.stringify({
			extension_version: `1.${number}`,
			machine_id: `m${number}`,
			session_id: `s${number}`,
			os_type: `o${number}`,
			os_version: `v${number}`,
			host_arch: `h${number}`,
			platform_name: `p${number}`,
			platform_version: `w${number}`,
			deployment_url: `u${number}`,
		})}`,
	})),
	// As many names as there may be, each with properties that are alike in length, middle and end.
	rows("names of events with properties that share a slot", 150_000, (number) => ({
		name: `n${Math.floor(number / 5) % 20_000}`,
		properties: `"a":"${number % 5}${".".repeat(30)}"`,
	})),
	rows("members of rows that mean nothing, 600,000 of them", 120_000, (number) => ({
		rest: `,${members(5, (key) => `"x${number * 5 + key}":{"y":[${number}]}`)}`,
	})),
	rows(
		"12 lines of 800 kB, of keys of properties",
		12,
		(number) => ({
			properties: members(50_000, (key) => `"p${number * 50_000 + key}":"v"`),
		}),
		800_000,
	),
	rows(
		"12 lines of 800 kB, of keys of measurements",
		12,
		(number) => ({
			measurements: members(60_000, (key) => `"m${number * 60_000 + key}":1`),
		}),
		800_000,
	),
	rows(
		"12 lines of 800 kB, of the same keys of measurements",
		12,
		() => ({
			measurements: members(60_000, (key) => `"m${key}":1`),
		}),
		800_000,
	),
	rows(
		"12 lines of 800 kB, of classes of answers",
		12,
		(number) => ({
			name: "http.requests",
			measurements: members(50_000, (key) => `"count.${number * 50_000 + key}":1`),
		}),
		800_000,
	),
	longLines(8, "8 lines of 16 MiB: one long text", (bytes) => ({
		properties: `"output":"${"x".repeat(bytes - 20)}"`,
	})),
	longLines(8, "8 lines of 16 MiB: one text of escapes", (bytes) => ({
		properties: `"output":"${"\\u00e9".repeat((bytes - 20) / 6)}"`,
	})),
	longLines(1, "a line of 16 MiB: keys of properties", (bytes) => ({
		properties: members(Math.floor(bytes / 14), (key) => `"p${key}":""`),
	})),
	longLines(1, "a line of 16 MiB: keys of measurements", (bytes) => ({
		measurements: members(Math.floor(bytes / 13), (key) => `"m${key}":1`),
	})),
	longLines(1, "a line of 16 MiB: readings", (bytes) => ({
		name: "ssh.network.info",
		measurements: members(Math.floor(bytes / 15), (key) => `"${key}Ms":1`),
	})),
	longLines(1, "a line of 16 MiB: members of an error", (bytes) => ({
		rest: `,"error":{"message":"m",${members(Math.floor(bytes / 13), (key) => `"e${key}":1`)}}`,
	})),
	longLines(1, "a line of 16 MiB: members of a context", (bytes) => ({
		rest: `,"context":${JSON.stringify(context).slice(0, -1)},${members(Math.floor(bytes / 13), (key) => `"c${key}":1`)}}`,
	})),
	longLines(1, "a line of 16 MiB: classes of answers", (bytes) => ({
		name: "http.requests",
		measurements: members(Math.floor(bytes / 18), (key) => `"count.${key}":1`),
	})),
	longLines(1, "a line of 16 MiB: members of the row", (bytes) => ({
		rest: `,${members(Math.floor(bytes / 13), (key) => `"x${key}":1`)}`,
	})),
	longLines(8, "8 lines of 16 MiB: nested arrays", (bytes) => ({
		rest: `,"x":[${members(Math.floor(bytes / 6), () => "[0,1]")}]`,
	})),
	{
		what: "100,000 sessions",
		events: 100_000,
		files: 100_000,
		lineBytes: 0,
		write: (directory) => {
			for (let session = 0; session < 100_000; session++) {
				writeFile(directory, session.toString(16), 1, (number) => row(number, {}));
			}
		},
	},
];
