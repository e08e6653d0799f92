/** Telemetry in which nothing is as usual. */

import { writeTelemetry } from "../../scripts/testing/telemetry-rows.mjs";
import { contextOf, header, spelledRow, trace } from "./spelled-rows.mjs";

/**
 * Writes unusual rows, in sessions of different layouts.
 *
 * @param {string} directory
 */
export function writeOddTelemetry(directory) {
	const own = (/** @type {Record<string, unknown>} */ more) => ({
		deployment_url: "",
		context: JSON.stringify({ ...contextOf("bb"), deployment_url: "https://b.example.com", ...more }),
	});
	const longName = `d&'\u202e-${"d".repeat(90)}`;
	writeTelemetry(directory, {
		// The first session by name, but the last by its first day.
		"telemetry-2026-06-02-a0.jsonl": [
			header({ ...contextOf("a0"), platform_version: "2.0" }),
			spelledRow("late", "2026-06-02T00:00:00Z", { properties: '{"late":"yes"}' }),
		],
		[`telemetry-2026-06-01-${longName}.jsonl`]: [
			header({ ...contextOf(longName), platform_version: "1.0" }),
			spelledRow("long", "2026-06-01T07:00:00Z"),
		],
		"telemetry-2026-06-01-aa.jsonl": [
			header(contextOf("aa")),
			...valuesOfManyTypes(),
			...repeatedKeys(),
			...oddIds(),
			...spansOfOddLengths(),
			...failures(),
			...errorTypes(),
			...oddTimes(),
		],
		"telemetry-2026-06-02-aa.1.jsonl": [
			header(contextOf("aa")),
			...requests(),
			...readings(),
			...oddNames(),
			"no row",
			"",
		],
		"telemetry-2026-06-01-bb.jsonl": [
			spelledRow("own", "2026-06-01T09:00:00Z", own({ color: "blue", depth: 3, list: [1, "two"] })),
			spelledRow("own", "2026-06-01T09:00:01Z", { ...own({ color: null }), schema_version: "null" }),
			spelledRow("own", "2026-06-01T09:00:02Z", { ...own({ depth: 3.5 }), schema_version: "2" }),
			spelledRow("own", "2026-06-01T09:00:03Z", { ...own({}), deployment_url: '"https://row.example.com"' }),
			spelledRow("own", "2026-06-01T09:00:04Z", { ...own({}), deployment_url: "null", error: "null" }),
		],
		// A second header switches the context, and one row has its own context.
		"telemetry-2026-06-01-cc.jsonl": [
			header({
				...contextOf("cc"),
				platform_name: "Cursor",
				os_type: "darwin",
				host_arch: "arm64",
				extra: "1",
			}),
			spelledRow("switched", "2026-06-01T10:00:00Z"),
			spelledRow("switched", "2026-06-01T10:00:01Z", {
				...own({ session_id: "cc-own", os_type: "windows" }),
			}),
			header({ ...contextOf("cc"), session_id: "cc-2", extension_version: "1.16.0", extra: true }),
			spelledRow("switched", "2026-06-01T10:00:02Z", { schema_version: "null", context: "null" }),
			spelledRow("switched", "2026-06-01T10:00:03Z", { deployment_url: '"https://other.example.com"' }),
		],
	});
}

/** An unknown member with values of all types. Numbers and objects with different spellings are different values. */
function valuesOfManyTypes() {
	const values = [
		'"5"',
		"5",
		"5.0",
		"5e0",
		"null",
		'"null"',
		'{"a":1}',
		'{"a": 1}',
		"[1,2]",
		"true",
		"false",
	];
	values.push(
		'"true"',
		'"\\u0035"',
		'"a\\ud83d"',
		'"a\\ud83e"',
		'"a\ufffd"',
		'"😀"',
		'"\\ud83d\\ude00"',
		'""',
		"1e400",
	);
	values.push(
		"\"<b title='x'>&amp;</b>\"",
		'"\u202eright to left\\u0000\\n\\t\\u200b"',
		`"${"é".repeat(80)}"`,
	);
	values.push(`"${"é".repeat(81)}"`, `"${"😀".repeat(100)}"`);
	const first = values.map((value, index) =>
		spelledRow("typed", `2026-06-01T08:00:${String(index).padStart(2, "0")}.5Z`, { note: value }),
	);
	// Each value again, as the first value of its event name.
	const alone = values.map((value, index) =>
		spelledRow(`typed.${index}`, "2026-06-01T08:01:00Z", { note: value, kind: '"no header"' }),
	);
	return [...first, ...alone];
}

function repeatedKeys() {
	return [
		spelledRow("twice", "2026-06-01T08:02:00Z", {
			...trace,
			properties: '{"result":"success","result":"error","1":"a","0":"b","__proto__":"p"}',
			measurements: '{"durationMs":5,"duration\\u004ds":7}',
			'n\\u006fte":"first","note': '"last"',
		}),
		spelledRow("twice", "2026-06-01T08:02:01Z", {
			...trace,
			properties: '{"re\\u0073ult":"aborted","lone \\ud83d":"x","lone \\ud83e":"y"}',
			measurements: '{"durationMs":null}',
		}),
	];
}

function oddIds() {
	const span = { ...trace, measurements: '{"durationMs":1.5}' };
	return [
		spelledRow("ids", "2026-06-01T08:03:00Z", span),
		spelledRow("ids", "2026-06-01T08:03:01Z", { ...span, event_id: '""' }),
		spelledRow("ids", "2026-06-01T08:03:02Z", { ...span, event_id: '"00"' }),
		spelledRow("ids", "2026-06-01T08:03:03Z", { ...span, trace_id: '"0000"' }),
		spelledRow("ids", "2026-06-01T08:03:04Z", { ...span, trace_id: "null", parent_event_id: "null" }),
		spelledRow("ids", "2026-06-01T08:03:05Z", { ...span, trace_id: '"my trace"', parent_event_id: '"0"' }),
		spelledRow("ids", "2026-06-01T08:03:06Z", { ...span, event_sequence: "99999999999999999999" }),
		spelledRow("ids", "2026-06-01T08:03:07Z", { ...span, event_sequence: "-1.5" }),
	];
}

function spansOfOddLengths() {
	const lengths = ["0", "-0", "-5", "null", "1e400", "0.0000005", "0.0000004", "1e-9", "227.75", "1e300"];
	lengths.push("18446744073709.551615", "18446744073710", "12345678901.123456", "1E+3", "0.1");
	return [
		...lengths.map((length) =>
			spelledRow("odd.length", "2026-06-01T08:04:00Z", {
				...trace,
				measurements: `{"durationMs":${length}}`,
			}),
		),
		...lengths.map((length, index) =>
			spelledRow(`odd.length${index}`, "2026-06-01T08:04:00Z", {
				...trace,
				measurements: `{"durationMs":${length}}`,
			}),
		),
	];
}

function failures() {
	const failed = (/** @type {string} */ error, /** @type {Record<string, string>} */ more = {}) =>
		spelledRow("failed.op", "2026-06-01T08:05:00Z", { error, ...more });
	return [
		spelledRow("failed.op", "2026-06-01T08:05:01.000000001Z", { ...trace, properties: '{"result":"error"}' }),
		failed('{"message":"first","type":"E"}'),
		failed('{"message":"second","type":"E","code":null,"stack":["x"],"errno":-2}', trace),
		failed('{"message":"third","type":"E","code":""}'),
		failed('{"code":"C","message":""}'),
		failed('{"code":"C","message":"no example"}'),
		failed('{"message":"with a result","mess\\u0061ge":"last","type":"T"}', {
			...trace,
			properties: '{"result":"success"}',
		}),
		failed('{"message":"aborted"}', { ...trace, properties: '{"result":"aborted"}' }),
		failed('{"message":"odd result"}', { ...trace, properties: '{"result":"Error"}' }),
		failed("null"),
		failed("null", { ...trace, properties: '{"result":""}' }),
	];
}

/** The property `error.type` with and without an error block. The last two rows are bad: their property is no string. */
function errorTypes() {
	const row = (/** @type {string} */ properties, /** @type {string} */ error = "", second = 0) =>
		spelledRow("typed.failure", `2026-06-01T08:06:${String(second).padStart(2, "0")}Z`, {
			...trace,
			properties,
			error,
		});
	return [
		row('{"result":"error","error.type":"timeout"}', "", 30),
		row('{"result":"error","error\\u002etype":"timeout"}', "", 10),
		row('{"result":"error","error.type":"first","error.type":"timeout"}', "", 20),
		row('{"error.type":"timeout"}', '{"message":"both","type":"E","code":"C"}'),
		row('{"error.type":""}', '{"message":"empty","type":"E","code":"C"}'),
		row('{"error.type":""}', '{"message":"only a code","type":"","code":"C"}'),
		row('{"error.type":"","result":"error"}', '{"message":"nothing"}'),
		row('{"error.type":"no failure","result":"success"}'),
		row('{"error.type":"no failure"}'),
		row('{"error.type":"<b>\\u202e</b>","result":"error"}'),
		row(`{"error.type":"${"long".repeat(30)}","result":"error"}`),
		row('{"error.type":5,"result":"error"}'),
		row('{"error.type":null,"result":"error"}', '{"message":"m","type":"E"}'),
	];
}

/** The clock goes back. Two rows are outside the range of nanoseconds: bad lines here, but good in JSON. */
function oddTimes() {
	return [
		"2026-06-01T23:59:60Z",
		"2026-06-01T12:00:60.5Z",
		"2026-06-02T01:30:00.123456789999+02:00",
		"2026-06-01t22:30:00.1234567-02:00",
		"1969-12-31T23:59:59Z",
		"2262-04-11T23:47:16.854775808Z",
		"2026-05-31T00:00:00.10z",
	].map((timestamp) => spelledRow("odd.time", timestamp));
}

function requests() {
	const row = (
		/** @type {string} */ time,
		/** @type {string} */ properties,
		/** @type {string} */ measurements,
	) => spelledRow("http.requests", time, { properties, measurements });
	const route = '{"method":"GET","route":"/a"}';
	return [
		row("2026-06-02T08:00:00Z", route, '{"window_seconds":60,"count.2xx":6,"duration.p50_ms":100}'),
		row("2026-06-02T08:01:00Z", route, '{"count_2xx":2.0,"count.4xx":1e1,"p50_duration_ms":200.5}'),
		row("2026-06-02T08:02:00Z", route, '{"count.2xx":-1,"count.5xx":1.5,"avg_duration_ms":30}'),
		row("2026-06-02T08:03:00Z", route, '{"count.2xx":-1,"count.4xx":-0.5,"duration.p95_ms":1e400}'),
		row("2026-06-02T08:04:00Z", route, '{"window_seconds":60}'),
		row("2026-06-02T08:05:00Z", route, '{"duration.p95_ms":70,"duration.p99_ms":-3}'),
		row("2026-06-02T08:06:00Z", "{}", '{"count.2xx":4,"count_2xx":9223372036854775807}'),
		// A day without a request, and a route without one.
		row("2026-06-04T08:00:00Z", '{"method":"GET","route":"/none"}', '{"count.2xx":0,"duration.p50_ms":9}'),
		row("2026-06-03T08:07:00Z", '{"route":"/b"}', '{"count.2xx":9007199254740993,"duration.avg_ms":1}'),
		row("2026-06-03T08:08:00Z", '{"route":"/b"}', '{"count.2xx":2,"count.4xx":99999999999999999999}'),
		row(
			"2026-06-03T08:09:00Z",
			'{"method":"PUT"}',
			'{"count.":1,"count_3\\u0078x":7,"other":5,"p99_duration_ms":0}',
		),
	];
}

function readings() {
	const row = (/** @type {string} */ name, /** @type {string} */ time, /** @type {string} */ measurements) =>
		spelledRow(`ssh.network.${name}`, time, { measurements });
	return [
		row("info", "2026-06-02T09:00:00Z", '{"latencyMs":26.5,"jitter_ms":3}'),
		row("sampled", "2026-06-02T09:00:30Z", '{"latency_ms":0,"upload_mbits":1e400}'),
		row("sampled", "2026-06-02T09:00:59.999999999Z", '{"latency_ms":-4,"upload_mbits":0.5}'),
		row("sampled", "2026-06-02T09:01:00Z", '{"latency_ms":1e25,"uploadMbits":1e-12}'),
		row("sampled", "2026-06-02T09:01:00Z", '{"latency_mbits":8}'),
		row("sampled", "2026-06-02T09:01:10Z", '{"latencyMs":17,"latency_ms":170}'),
		row("info", "2026-06-02T09:01:20Z", '{"latencyMs":null,"latency_ms":18,"downloadMbits":1}'),
		row("sampled", "2026-06-02T09:01:00Z", '{"window_seconds":9,"Ms":1,"count.2xx":2}'),
		spelledRow("ssh.network.info", "2026-06-02T09:02:00Z", {
			...trace,
			properties: '{"result":"success"}',
			measurements: '{"latency_ms":null}',
		}),
		row("else", "2026-06-02T09:03:00Z", '{"latency_ms":5}'),
	];
}

function oddNames() {
	const names = [
		"",
		".",
		"a.b.",
		"b",
		"x.b",
		"<script>alert('&amp;')</script>",
		"a.\u202ereversed\u2066\u00ad\u0085",
	];
	names.push(
		`long.${"n".repeat(80)}1`,
		`long.${"n".repeat(80)}2`,
		"constructor",
		"__proto__",
		"\ufffe\ufeff⟨U+202E⟩",
	);
	return names.flatMap((name) => [
		spelledRow(name, "2026-06-02T10:00:00Z", { ...trace, measurements: '{"durationMs":3}' }),
		spelledRow(name, "2026-06-02T10:00:01Z", { error: `{"message":${JSON.stringify(name)}}` }),
		spelledRow("named", "2026-06-02T10:00:02Z", {
			properties: `{${JSON.stringify(name)}:"v"}`,
			error: `{"message":"m","type":${JSON.stringify(name)},"code":${JSON.stringify(name)}}`,
		}),
		spelledRow("http.requests", "2026-06-02T10:00:03Z", {
			properties: JSON.stringify({ method: "GET", route: name }),
			measurements: '{"count.2xx":1}',
		}),
	]);
}

/**
 * Writes metric events with measurements that are `null`: among numbers, alone, and as the only ones of their kind.
 *
 * @param {string} directory
 */
export function writeNullTelemetry(directory) {
	const row = (/** @type {string} */ name, /** @type {string} */ measurements) =>
		spelledRow(name, "2026-06-01T08:00:00Z", { ...trace, properties: '{"result":"success"}', measurements });
	writeTelemetry(directory, {
		"telemetry-2026-06-01-aa.jsonl": [
			header(contextOf("aa")),
			row("http.requests", '{"count.2xx":6,"count.4xx":1,"duration.p50_ms":100}'),
			row("http.requests", '{"count.2xx":null,"count.4xx":1,"duration.p50_ms":200}'),
			row("http.requests", '{"count.2xx":null,"count.4xx":null,"duration.p50_ms":null}'),
			row("http.requests", '{"count.2xx":-1,"count.unused":null,"duration.p95_ms":1e400}'),
			row("ssh.network.info", '{"latency_ms":5,"download_mbits":null,"upload_mbits":1e400}'),
			row("ssh.network.info", '{"latency_ms":null,"download_mbits":null}'),
		],
	});
}
