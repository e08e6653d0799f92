/**
 * Telemetry that no editor writes. Each kind has one special value, in a log record, a linked log record, a span, requests
 * and a network sample.
 */

import { row } from "../../../scripts/testing/telemetry-rows.mjs";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const eventId = "00f067aa0ba902b7";
const error = { message: "m", type: "t", code: "c" };
const noon = "2026-06-01T12:00:00.000Z";

/** Texts that are not valid ids. */
const badIds = {
	text: "request 7",
	UUIDs: "123e4567-e89b-12d3-a456-426614174000",
	"too short ids": "abc",
	"too long ids": "ab".repeat(40),
	"upper-case ids": "ABCDEF0123456789ABCDEF0123456789",
	zeros: "0".repeat(32),
	"short zeros": "0000",
	"empty ids": "",
	"ids with NUL": "a\u0000b",
	"ids of other scripts": "識別子🆔",
	"lone surrogates for ids": "\ud83d",
	"e-mail addresses for ids": "anna@velmora.com",
};

/** Texts that careless readers do not expect. */
const badTexts = {
	"empty strings": "",
	NUL: "a\u0000b",
	"lone surrogates": "a\ud83db\udc00",
	"control characters": "\u0001\u001b[31m\u007f\u0085\u2028",
	"right-to-left marks": "\u202e\u2066txt",
	"100 kB": "x".repeat(100_000),
	"quotes and backslashes": '"\\"\\\\u0041{}[]',
	"no characters at all": "\uffff\ufffe",
	"what redaction replaces": "anna@velmora.com: connect ECONNREFUSED 10.0.3.7:443, /home/anna/x",
	"more than redaction replaces one by one": "10.0.3.7 ".repeat(1_100),
};

/** Keys that receivers use themselves, refuse, or make equal. */
const badKeys = [
	["", "...", "_", "日本", "é", "🙂"],
	["job", "instance", "__name__", "__x", "le", "quantile", "exported_job"],
	["a.b", "a-b", "a_b", "a b", "A.B"],
	["x".repeat(300), "a\u0000b", "\ud83d", "1st", "-", "http.status"],
	["service.name", "trace_id", "span_id", "message", "msg", "status", "level", "event.name"],
	["anna@velmora.com", "ben@velmora.com", "10.0.3.7", "/home/anna/x", "token"],
	["coder.event_name", "coder.number_type", "coder.deployment.url", "log.record.uid", "exception.message"],
];

/** Numbers as written in the file. */
const badNumbers = [
	"1e400",
	"-1e400",
	"-0",
	"5e-324",
	"1.7976931348623157e308",
	"12345678901234567890",
	"0.1",
	"null",
];

/** Times at the limits of OTLP, and beyond them. */
const badTimes = [
	"0001-01-01T00:00:00Z",
	"1969-12-31T23:59:59.999Z",
	"1970-01-01T00:00:00Z",
	"2016-12-31T23:59:60.5Z",
	"2026-06-01T12:00:00.123456789123+14:00",
];

/** Prometheus refuses a whole request that has one of these. The Collector does not. */
const futureTimes = ["2262-04-11T23:47:16.854775807Z", "2262-04-12T00:00:00Z", "9999-12-31T23:59:59.999Z"];

/**
 * @typedef {object} HostileTelemetry
 * @property {string} name
 * @property {string[]} lines
 * @property {boolean} isInFuture
 */

/** @returns {HostileTelemetry[]} */
export function hostileTelemetry() {
	const kinds = [
		...Object.entries(badIds).map(([name, id]) => kindOf(name, rowsWithId(id))),
		...Object.entries(badTexts).map(([name, text]) => kindOf(name, rowsWithText(text))),
		...badKeys.map((keys) =>
			kindOf(`keys such as ${JSON.stringify(keys[0]).slice(0, 20)}`, rowsWithKeys(keys)),
		),
		...badNumbers.map((number) => kindOf(`the number ${number}`, rowsWithNumber(number))),
		kindOf("duplicate keys", rows().map(withDuplicateKeys)),
		kindOf("null for what is optional", rows({ trace_id: null, parent_event_id: null, error: null })),
		kindOf("an unknown kind and unknown members", rows({ kind: "footer", extra: { nested: [1, null] } })),
		...badTimes.map((time) => kindOf(`the time ${time}`, rowsAt(time))),
		...futureTimes.map((time) => ({ ...kindOf(`the time ${time}`, rowsAt(time)), isInFuture: true })),
	];
	return kinds.map((kind, index) => ({ ...kind, lines: kind.lines.map((line) => inSession(index, line)) }));
}

/**
 * Puts each kind into its own session. Otherwise their exports would repeat the same session and time.
 *
 * @param {number} index
 * @param {string} line
 */
function inSession(index, line) {
	return line.replace('"session_id":"s"', `"session_id":"${index}"`);
}

/**
 * @param {string} name
 * @param {string[]} lines
 * @returns {HostileTelemetry}
 */
function kindOf(name, lines) {
	return { name, lines, isInFuture: false };
}

/**
 * One row for each kind of event.
 *
 * @param {Record<string, unknown>} [overrides]
 * @param {Record<string, string>} [properties] additional properties
 * @param {Record<string, number>} [measurements] additional measurements
 * @param {string} [timestamp]
 * @returns {string[]}
 */
function rows(overrides = {}, properties = {}, measurements = {}, timestamp = noon) {
	/**
	 * @param {string} event_name
	 * @param {Record<string, string>} ownProperties
	 * @param {Record<string, number>} ownMeasurements
	 * @param {Record<string, unknown>} [rest]
	 */
	const line = (event_name, ownProperties, ownMeasurements, rest) =>
		row(timestamp, {
			event_name,
			properties: { ...ownProperties, ...properties },
			measurements: { ...ownMeasurements, ...measurements },
			...rest,
			...overrides,
		});
	return [
		line("connection.opened", { reason: "open" }, { attempts: 1 }),
		line("auth.received", {}, {}, { trace_id: traceId, parent_event_id: eventId }),
		line(
			"remote.setup",
			{ result: "error" },
			{ durationMs: 12 },
			{ trace_id: traceId, event_id: eventId, error },
		),
		line(
			"http.requests",
			{ method: "GET", route: "/" },
			{ window_seconds: 60, "count.2xx": 3, "duration.p95_ms": 9 },
		),
		line("ssh.network.sampled", { p2p: "true" }, { latency_ms: 30 }),
	];
}

/** @param {string} id */
function rowsWithId(id) {
	return rows({ event_id: id, trace_id: id, parent_event_id: id });
}

/** @param {string} text */
function rowsWithText(text) {
	const everywhere = { error: { message: text, type: text, code: text } };
	const names = ["extension_version", "machine_id", "session_id", "os_type", "os_version", "host_arch"];
	const contextNames = [...names, "platform_name", "platform_version", "deployment_url"];
	const context = Object.fromEntries(contextNames.map((name) => [name, text]));
	const properties = { value: text, [text]: "key", result: text };
	return [
		...rows(everywhere, properties),
		...rows({ ...everywhere, context }, properties),
		...rows({ ...everywhere, event_name: text }, properties),
	];
}

/** @param {string[]} keys */
function rowsWithKeys(keys) {
	const properties = Object.fromEntries(keys.map((key) => [key, "value"]));
	const measurements = Object.fromEntries(keys.map((key, index) => [key, index]));
	const counts = Object.fromEntries(keys.map((key, index) => [`count.${key}`, index]));
	return [...rows({}, properties), ...rows({}, {}, measurements), ...rows({}, {}, counts)];
}

/** @param {string} number as written in the file */
function rowsWithNumber(number) {
	const placeholder = 0.123456789;
	const names = ["durationMs", "window_seconds", "count.2xx", "count.5xx", "latency_ms", "duration.p95_ms"];
	const measurements = Object.fromEntries(names.map((name) => [name, placeholder]));
	const lines = rows({}, {}, measurements);
	const sequence = number === "null" ? [] : rows({ event_sequence: placeholder });
	return [...lines, ...sequence].map((line) => line.replaceAll(String(placeholder), number));
}

/** @param {string} line */
function withDuplicateKeys(line) {
	return line
		.replace("{", `{"event_id":"x","trace_id":"x","properties":{},"measurements":{},`)
		.replace(/"properties":\{(?=")/, `"properties":{"twice":"1","twice":"2","result":"success",`)
		.replace(/"measurements":\{(?=")/, `"measurements":{"twice":1,"twice":2,"count.2xx":7,`);
}

/** @param {string} time rows with it may be bad lines, so there is a good row of each kind too */
function rowsAt(time) {
	return [...rows({}, {}, {}, time), ...rows()];
}
