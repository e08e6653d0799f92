/** Telemetry that no editor writes: everything that a page could take for its own, and more of everything than it shows. */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { row, writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { traceOfRunning } from "../chromium/open-page.mjs";

/** Leaves a trace where it runs, and stops the page for all to see. */
const call = `globalThis.${traceOfRunning}=1,alert(1)`;

/** Texts that are more than text to a careless page; none is longer than what a page shows of one. */
export const hostileTexts = [
	`<script>${call}</script>`,
	`"><img src=x onerror="${call}">`,
	`'><svg/onload='${call}'>`,
	`</style><script>${call}</script>`,
	`</title><script>${call}</script>`,
	`--><script>${call}</script>`,
	`]]><script>${call}</script>`,
	`</td></tr></table></section><h1>`,
	`<table><tr><td><a href="#about">`,
	`</svg><foreignObject><iframe src="file:///etc/passwd">`,
	`javascript:${call}`,
	"data:text/html,<script>alert(1)</script>",
	'" autofocus onfocus="alert(1)" x="',
	'<base href="http://127.0.0.1:1/"><meta http-equiv="refresh" content="0">',
	'<link rel="stylesheet" href="http://127.0.0.1:1/x.css">',
	"<form action=http://127.0.0.1:1/><input name=x>",
	`\${${call}}`,
	"{{constructor.constructor('alert(1)')()}}",
	"<%= 7*7 %> #{7*7} [[7*7]] @{7*7}",
	"&lt;b&gt; &#60;i&#62; &amp; &nbsp; &bogus; &",
	"\"double\" 'single' `back` \\u0022 \\x27",
	"; } * { display: none } /*",
	"\u202Egnp.exe\u202C \u2066left\u2069 \u200Fmark",
	"nul \u0000 escape \u001B[31m delete \u007F next \u0085",
	"no character \uFFFE \uFFFF replaced \uFFFD half \uD83D",
	"no width \u200B\u200C\u200D\u2060\uFEFF soft \u00AD hyphen",
	"lines \n\r\u2028\u2029 and\ttabs",
	"👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪",
	"مرحبا بالعالم 123 abc",
	"שלום עולם 456 def",
	`Z${"\u0300\u0316\u0489".repeat(20)}algo`,
	"漢字かな交じり文の長い名前".repeat(5),
	"W".repeat(80),
	"a.b.c ".repeat(13),
	"",
	" ",
];

/** Many more than a page lists. */
const counts = { fields: 3_000, operations: 600, failures: 1_200, routes: 600, sessions: 250, classes: 20 };
const longLineBytes = 1_000_000;

const startMs = Date.parse("2026-06-01T00:00:00.000Z");
const contextNames = [
	"extension_version",
	"machine_id",
	"session_id",
	"os_type",
	"os_version",
	"host_arch",
	"platform_name",
	"platform_version",
	"deployment_url",
];

/** Rows in the order of their writing, each a minute after the one before. */
class Rows {
	#minutes = 0;

	/** @param {Record<string, unknown>} overrides */
	row(overrides) {
		const timestamp = new Date(startMs + this.#minutes++ * 60_000).toISOString();
		return row(timestamp, overrides);
	}
}

/** @param {number} index of a span, from 0 */
function spanIds(index) {
	const id = (index + 1).toString(16);
	return { trace_id: id.padStart(32, "0"), event_id: id.padStart(16, "0") };
}

/**
 * @param {string} directory new
 * @returns {string} the directory
 */
export function writeHostile(directory) {
	const rows = new Rows();
	writeTelemetry(directory, {
		"telemetry-2026-06-01-texts.jsonl": hostileTexts.flatMap((text, index) => everywhere(rows, text, index)),
		"telemetry-2026-06-02-much.jsonl": [...tooMuch(rows)],
		"telemetry-2026-06-03-network.jsonl": [...network(rows)],
		"telemetry-2026-06-04-broken.jsonl": [...brokenLines(rows)],
	});
	const names = hostileTexts.filter((text) => /^[^/.\0]+$/.test(text.toWellFormed()));
	for (const [index, name] of names.entries()) {
		const line = rows.row({ event_name: "named" });
		writeFileSync(path.join(directory, fileName(name)), `${line}\nbroken too\n`);
		// A folder is no file that can be read.
		mkdirSync(path.join(directory, fileName(`${name}${index}`)));
	}
	for (let index = 0; index < counts.sessions; index++) {
		writeTelemetry(directory, {
			[fileName(`session-${index}`)]: [rows.row({ event_name: "one" }), rows.row({ event_name: "two" })],
		});
	}
	return directory;
}

/** @param {string} session */
function fileName(session) {
	return `telemetry-2026-06-05-${session}.jsonl`;
}

/**
 * A text in every place that can hold one.
 *
 * @param {Rows} rows
 * @param {string} text
 * @param {number} index
 * @returns {string[]}
 */
function everywhere(rows, text, index) {
	const context = Object.fromEntries([...contextNames, text].map((name) => [name, text]));
	const error = { message: text, type: text, code: text, [text]: text };
	const properties = { value: text, [text]: text };
	const measurements = { [text]: index };
	const all = { properties, measurements, context, [text]: text, nested: { [text]: [text] } };
	return [
		rows.row({ ...all, event_name: text, error }),
		rows.row({
			...all,
			...spanIds(index),
			event_name: text,
			error,
			properties: { ...properties, result: text },
			measurements: { ...measurements, durationMs: index ** 3 },
		}),
		rows.row({ ...all, event_name: `group.${text}`, trace_id: text, parent_event_id: text, event_id: text }),
		rows.row({
			...all,
			event_name: "http.requests",
			properties: { ...properties, method: text, route: text },
			measurements: { window_seconds: 60, [`count.${text}`]: 1 + index, "duration.p95_ms": index },
		}),
		rows.row({
			...all,
			event_name: "ssh.network.sampled",
			measurements: { [text]: index, latency_ms: index },
		}),
	];
}

/**
 * More of everything than a page lists.
 *
 * @param {Rows} rows
 */
function* tooMuch(rows) {
	for (let index = 0; index < counts.fields; index += 100) {
		const names = Array.from({ length: 100 }, (_, number) => `field ${index + number}\n<b>`);
		yield rows.row({
			event_name: "wide",
			properties: Object.fromEntries(names.map((name) => [name, `value of ${name}`])),
		});
	}
	for (let index = 0; index < counts.operations; index++) {
		for (const durationMs of [index / 7, index * 11, index ** 2]) {
			yield rows.row({
				...spanIds(1_000 + index),
				event_name: `group.operation-${index}`,
				properties: { result: ["success", "error", "aborted", "?"][index % 4] },
				measurements: { durationMs },
			});
		}
	}
	for (let index = 0; index < counts.failures; index++) {
		const error = { type: `Error${index}<i>`, code: `E${index}`, message: `message ${index} & more` };
		// All in one second, with as many digits as it takes to tell them apart.
		const timestamp = `2026-06-02T12:00:00.${index * 7_919}Z`;
		yield rows.row({ event_name: "failed", timestamp, error });
	}
	yield rows.row({ event_name: "long", properties: { long: "<b>long ".repeat(longLineBytes / 8) } });
}

/**
 * Requests to more routes, with more classes of answers, and more readings than a page shows.
 *
 * @param {Rows} rows
 */
function* network(rows) {
	for (let index = 0; index < counts.routes; index++) {
		yield rows.row({
			event_name: "http.requests",
			properties: { method: "GET", route: `/api/v2/a/rather/long/route/with/many/segments/${index}` },
			measurements: {
				window_seconds: 60,
				"count.2xx": index,
				[`count.class ${index % counts.classes}`]: 1,
				avg_duration_ms: index,
				"duration.p50_ms": index,
				"duration.p95_ms": 2 * index,
				"duration.p99_ms": 1e6 * index,
			},
		});
		yield rows.row({
			event_name: "ssh.network.sampled",
			properties: { p2p: "true" },
			measurements: {
				latency_ms: index % 50,
				download_mbits: 1e9 * index,
				upload_mbits: 1e-9 * index,
				[`reading_${index % 6}_ms`]: index,
			},
		});
	}
}

/**
 * Lines that are left out, and what is said of them.
 *
 * @param {Rows} rows
 */
function* brokenLines(rows) {
	yield rows.row({ event_name: "before" });
	for (const text of hostileTexts) {
		yield text;
		yield JSON.stringify({ [text]: text });
		yield rows.row({ event_name: "broken", timestamp: text });
		yield rows.row({ event_name: "newer", schema_version: text });
	}
	for (let index = 0; index < 150; index++) {
		yield `{"broken":${index}`;
	}
	yield rows.row({ event_name: "newer", schema_version: 99 });
}
