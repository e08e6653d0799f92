/**
 * Telemetry with more distinct names, fields, values or longer lines than a report can hold. A report of it must not use
 * more memory.
 */

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { context } from "../scripts/testing/telemetry-rows.mjs";

/** Longer lines are bad. */
const longestLine = 16 * 2 ** 20;
const firstDay = Date.parse("2026-06-01T08:00:00Z");
const msPerDay = 86_400_000;
/** Days after 1970 that fit in a signed 64-bit number of nanoseconds. */
const daysOf292Years = 106_751;
const { deployment_url, ...headerContext } = context;
const header = JSON.stringify({ kind: "header", schema_version: 1, context: headerContext });

/**
 * @typedef {object} RowParts parts of a row that differ from the default; members are JSON text
 * @property {string} [name]
 * @property {number} [time]
 * @property {string} [properties]
 * @property {string} [measurements]
 * @property {string} [rest] further members, each with a comma before it
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
 * Writes the file of a session: a header, then rows.
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
 * Joins the members of an object.
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
 * @typedef {object} OversizedTelemetry
 * @property {string} name
 * @property {number} events
 * @property {number} files
 * @property {number} lineBytes length of the longest line; 0 if lines are short
 * @property {(directory: string) => void} write
 */

/**
 * One session with the given number of rows.
 *
 * @param {string} name
 * @param {number} events
 * @param {(number: number) => RowParts} parts
 * @param {number} [lineBytes] length of the longest line, if lines are long
 * @returns {OversizedTelemetry}
 */
function rows(name, events, parts, lineBytes = 0) {
	const line = (/** @type {number} */ number) => row(number, parts(number));
	return { name, events, files: 1, lineBytes, write: (directory) => writeFile(directory, "a", events, line) };
}

/**
 * Sessions that each begin with a line of the maximum length, followed by ordinary rows.
 *
 * @param {number} sessions
 * @param {string} name
 * @param {(bytes: number) => RowParts} parts returns at most this many bytes
 * @returns {OversizedTelemetry}
 */
function longLines(sessions, name, parts) {
	const rowsBehind = 500;
	return {
		name,
		events: sessions * (1 + rowsBehind),
		files: sessions,
		lineBytes: longestLine,
		write: (directory) => {
			// The rest of the row is shorter than 1,000 bytes.
			const long = row(0, parts(longestLine - 1000));
			for (let session = 0; session < sessions; session++) {
				writeFile(directory, `s${session}`, 1 + rowsBehind, (number) =>
					number === 0 ? long : row(number, { properties: '"a":"b"' }),
				);
			}
		},
	};
}

/** @type {OversizedTelemetry[]} */
export const oversizedTelemetry = [
	rows("600,000 property keys", 120_000, (number) => ({
		properties: members(5, (key) => `"k${number * 5 + key}":"v${number}"`),
	})),
	rows("300,000 measurement keys", 6_000, (number) => ({
		measurements: members(50, (key) => `"m${number * 50 + key}":${key}`),
	})),
	rows("200,000 event names", 200_000, (number) => ({ name: `name.${number}`, properties: '"a":"b"' })),
	rows("200,000 operations with many durations", 200_000, (number) => ({
		name: `op.${number % 100_000}`,
		measurements: `"durationMs":${10 ** ((number % 1000) / 50 - 6)}`,
		rest: trace(number),
	})),
	rows("500 operations with the shortest and the longest duration", 1_000, (number) => ({
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
	rows("200,000 status classes", 20_000, (number) => ({
		name: "http.requests",
		properties: '"method":"GET","route":"/"',
		measurements: `"window_seconds":60,${members(10, (key) => `"count.${number * 10 + key}":1`)}`,
	})),
	rows("200,000 gauges", 20_000, (number) => ({
		name: "ssh.network.sampled",
		measurements: members(10, (key) => `"s${number * 10 + key}Ms":${key}`),
	})),
	rows("20,000 gauges in each row", 60, (number) => ({
		name: "ssh.network.sampled",
		measurements: members(20_000, (key) => `"${key}Ms":${number}`),
	})),
	rows("requests of each status class on each day of 292 years", daysOf292Years, (number) => ({
		name: "http.requests",
		time: number * msPerDay,
		properties: '"method":"GET","route":"/"',
		measurements: `"window_seconds":60,${members(14, (key) => `"count.${key}":${number}`)}`,
	})),
	rows("2,000 fields with 999 values each", 999, (number) => ({
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
	// Values that have the same length and differ only in their first character.
	rows("20,000 event names with values that look alike", 150_000, (number) => ({
		name: `n${Math.floor(number / 5) % 20_000}`,
		properties: `"a":"${number % 5}${".".repeat(30)}"`,
	})),
	rows("600,000 unknown row members", 120_000, (number) => ({
		rest: `,${members(5, (key) => `"x${number * 5 + key}":{"y":[${number}]}`)}`,
	})),
	rows(
		"12 lines of 800 kB with new property keys",
		12,
		(number) => ({
			properties: members(50_000, (key) => `"p${number * 50_000 + key}":"v"`),
		}),
		800_000,
	),
	rows(
		"12 lines of 800 kB with new measurement keys",
		12,
		(number) => ({
			measurements: members(60_000, (key) => `"m${number * 60_000 + key}":1`),
		}),
		800_000,
	),
	rows(
		"12 lines of 800 kB with the same measurement keys",
		12,
		() => ({
			measurements: members(60_000, (key) => `"m${key}":1`),
		}),
		800_000,
	),
	rows(
		"12 lines of 800 kB with new status classes",
		12,
		(number) => ({
			name: "http.requests",
			measurements: members(50_000, (key) => `"count.${number * 50_000 + key}":1`),
		}),
		800_000,
	),
	longLines(8, "8 lines of 16 MiB with one long text", (bytes) => ({
		properties: `"output":"${"x".repeat(bytes - 20)}"`,
	})),
	longLines(8, "8 lines of 16 MiB with one text of escapes", (bytes) => ({
		properties: `"output":"${"\\u00e9".repeat((bytes - 20) / 6)}"`,
	})),
	longLines(1, "a line of 16 MiB with many properties", (bytes) => ({
		properties: members(Math.floor(bytes / 14), (key) => `"p${key}":""`),
	})),
	longLines(1, "a line of 16 MiB with many measurements", (bytes) => ({
		measurements: members(Math.floor(bytes / 13), (key) => `"m${key}":1`),
	})),
	longLines(1, "a line of 16 MiB with many gauges", (bytes) => ({
		name: "ssh.network.info",
		measurements: members(Math.floor(bytes / 15), (key) => `"${key}Ms":1`),
	})),
	longLines(1, "a line of 16 MiB with many error members", (bytes) => ({
		rest: `,"error":{"message":"m",${members(Math.floor(bytes / 13), (key) => `"e${key}":1`)}}`,
	})),
	longLines(1, "a line of 16 MiB with many context members", (bytes) => ({
		rest: `,"context":${JSON.stringify(context).slice(0, -1)},${members(Math.floor(bytes / 13), (key) => `"c${key}":1`)}}`,
	})),
	longLines(1, "a line of 16 MiB with many status classes", (bytes) => ({
		name: "http.requests",
		measurements: members(Math.floor(bytes / 18), (key) => `"count.${key}":1`),
	})),
	longLines(1, "a line of 16 MiB with many row members", (bytes) => ({
		rest: `,${members(Math.floor(bytes / 13), (key) => `"x${key}":1`)}`,
	})),
	longLines(8, "8 lines of 16 MiB with nested arrays", (bytes) => ({
		rest: `,"x":[${members(Math.floor(bytes / 6), () => "[0,1]")}]`,
	})),
	{
		name: "100,000 sessions",
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
