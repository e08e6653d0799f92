import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry, resolveRange } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { row as telemetryRow } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { words } from "./page-elements.mjs";
import { expectedBadLines } from "./report-expected/bad-lines.mjs";
import { differences, named } from "./report-expected/comparison.mjs";
import { writeCrowdedTelemetry } from "./report-expected/crowded-telemetry.mjs";
import { readEvents, sessionsInOrder } from "./report-expected/events.mjs";
import { failureNames } from "./report-expected/failures.mjs";
import { writeNullTelemetry, writeOddTelemetry } from "./report-expected/odd-telemetry.mjs";
import { expectedReport } from "./report-expected/report.mjs";
import { grouped, numbersIn, readReportPage, rowsOf } from "./report-page.mjs";

/** @typedef {import("./report-page.mjs").Page} Page */
/** @typedef {import("./report-page.mjs").Row} Row */

/**
 * @param {import("node:test").TestContext} test
 * @param {string} directory
 * @param {string} [range] all time, or a day
 */
async function report(test, directory, range = "allTime") {
	const out = temporaryDirectory(test);
	const json = path.join(out, "out.json");
	const html = path.join(out, "out.html");
	const [summary, ofPage] = await Promise.all([
		exportTelemetry(directory, range, "otlp", path.join(out, "out.zip")),
		exportTelemetry(directory, range, "html", html),
		exportTelemetry(directory, range, "json", json),
	]);
	// Both formats have the same counts, but different sizes.
	const { records: _, parts: __, bytesWritten: ___, ...counted } = summary;
	assert.deepEqual({ ...counted, bytesWritten: ofPage.bytesWritten }, ofPage);
	const days = range === "allTime" ? {} : { first: range, last: range };
	const events = readEvents(readFileSync(json, "utf8"), sessionsInOrder(readdirSync(directory), days));
	const expected = expectedReport(events, { summary, range: resolveRange(range) });
	return { html: readFileSync(html, "utf8"), expected, events, summary: ofPage };
}

/** @param {string} name */
function sample(name) {
	return path.join(repository, "examples", "telemetry", name);
}

/** @param {Row} row */
function reasons(row) {
	const cell = row.cells.get("May identify");
	const text = cell?.list?.map((item) => item.text).join(", ") ?? cell?.text ?? "";
	return text === "" ? [] : text.split(", ");
}

/**
 * @param {Page} page
 * @param {string} place
 * @param {string} key
 */
function fieldsOf(page, place, key) {
	const table = page.tables.get("fields");
	assert.ok(table);
	return rowsOf(table).filter(
		({ cells }) => cells.get("In")?.text === place && cells.get("Field")?.text === key,
	);
}

/**
 * Compares the verdict and the table below it with the table of all fields.
 *
 * @param {Page} page
 */
function assertSensitiveCounts(page) {
	const fields = page.tables.get("fields");
	const sentence = page.element("sensitive-count");
	assert.ok(fields && sentence);
	if (fields.more > 0n || fields.groups.some(({ other }) => other !== undefined)) {
		// The table does not show all counted fields.
		return;
	}
	const rows = rowsOf(fields);
	for (const row of rows) {
		assert.equal(row.classes.has("marked"), reasons(row).length > 0, row.cells.get("Field")?.text);
	}
	const marked = rows.filter((row) => reasons(row).length > 0);
	assert.deepEqual(numbersIn(sentence), [BigInt(marked.length), BigInt(rows.length)]);
	assertMarks(page, rows);
}

/**
 * @param {Page} page
 * @param {Row[]} fields
 */
function assertMarks(page, fields) {
	const marks = page.tables.get("marks");
	const shownRows = marks === undefined ? [] : rowsOf(marks);
	const expected = fields.flatMap((row) =>
		reasons(row).map((reason) => [...fieldOf(row), reason].join(" | ")),
	);
	const shown = shownRows.flatMap((row) =>
		reasons(row).map((reason) => [...fieldOf(row), reason].join(" | ")),
	);
	// A key and a value with the same mark have a row each, and long names can look the same.
	const distinct = (/** @type {string[]} */ rows) => rows.filter((row, index) => row !== rows[index - 1]);
	const whole = shownRows.map(({ cells }) => [...cells.values()].map((cell) => cell.shown).join(" | "));
	assert.deepEqual(whole, [...new Set(whole)]);
	const isWhole = (marks?.more ?? 0n) === 0n;
	const wanted = distinct(expected);
	assert.deepEqual(distinct(shown), isWhole ? wanted : wanted.slice(0, distinct(shown).length));
	const eventsOfFields = new Map(
		fields.map((row) => [fieldOf(row).join(" | "), Number(row.cells.get("Events")?.number)]),
	);
	for (const row of shownRows) {
		const [events, first, why] = ["Events", "First value", "Why"].map((title) => row.cells.get(title));
		const most = eventsOfFields.get(fieldOf(row).join(" | ")) ?? 0;
		const count = Number(events?.number);
		assert.ok(count > 0 && count <= most, `${count} of ${most}`);
		assert.ok(first?.shown && why?.text, JSON.stringify(row));
	}
}

/**
 * Compares the large numbers with a second count of the events.
 *
 * @param {Page} page
 * @param {import("./report-expected/events.mjs").TelemetryEvent[]} events
 * @param {import("../index.js").ExportSummary} summary
 */
function assertTiles(page, events, { badLines, skippedFiles, omitted }) {
	const tiles = page.element("tiles");
	assert.ok(tiles);
	const dayLength = 86_400_000_000_000n;
	const expected = [
		events.length,
		new Set(events.map(({ session }) => session)).size,
		new Set(events.map(({ time }) => time / dayLength)).size,
		events.filter((event) => failureNames(event) !== undefined).length,
		badLines,
	];
	assert.deepEqual(numbersIn(tiles), expected.map(BigInt));
	const leftOut = page.element("left-out");
	const files = skippedFiles.length + omitted.skippedFiles;
	assert.equal(leftOut !== undefined, badLines > 0 || files > 0);
	const sentence = leftOut === undefined ? "" : words(leftOut);
	for (const [count, thing] of /** @type {const} */ ([
		[badLines, "bad line"],
		[files, "file"],
	])) {
		assert.equal(sentence.includes(`${grouped(String(count))} ${thing}`), count > 0, sentence);
	}
}

/** @param {Row} row */
function fieldOf({ cells }) {
	return [cells.get("Field")?.shown, cells.get("In")?.text];
}

/**
 * @param {Page} page
 * @param {import("../index.js").ExportSummary} summary
 */
function assertLists(page, { badLineSamples, skippedFiles, warnings, omitted }) {
	for (const [id, items, more] of /** @type {const} */ ([
		["bad-lines", expectedBadLines(badLineSamples), omitted.badLineSamples],
		["skipped-files", skippedFiles.map(({ file, reason }) => `${file}: ${reason}`), omitted.skippedFiles],
		["warnings", warnings, omitted.warnings],
	])) {
		const list = page.lists.get(id) ?? { items: [], more: 0n };
		assert.deepEqual(
			list.items.map(({ shown }) => named(shown)),
			items,
		);
		assert.equal(list.more, BigInt(more));
	}
}

/**
 * @param {import("node:test").TestContext} test
 * @param {string} directory
 * @param {string} [range]
 */
async function assertFigures(test, directory, range) {
	const { html, expected, events, summary } = await report(test, directory, range);
	const page = readReportPage(html);
	assert.deepEqual(differences(page, expected), []);
	assertSensitiveCounts(page);
	assertTiles(page, events, summary);
	assertLists(page, summary);
	assert.equal(summary.eventCount, events.length);
	assert.ok(Buffer.byteLength(html) <= 1_000_000);
	return page;
}

describe("the expected numbers", () => {
	for (const name of ["current", "self-contained", "earliest"]) {
		for (const range of ["allTime", "2026-06-01", "2026-06-02"]) {
			it(`are on the report of the ${name} sample, range ${range}`, async (test) => {
				await assertFigures(test, sample(name), range);
			});
		}
	}

	for (const name of ["current-layout", "self-contained-layout", "earliest-layout"]) {
		it(`are on the report of the fixture ${name}`, async (test) => {
			await assertFigures(test, path.join(repository, "fixtures", name));
		});
	}

	it("are on a report of good and broken lines", async (test) => {
		const fixture = path.join(repository, "fixtures", "broken-lines");
		const directory = path.join(temporaryDirectory(test), "telemetry");
		mkdirSync(directory);
		for (const name of readdirSync(fixture)) {
			// All events have one session id. Only their file names differ, which a JSON export does not contain.
			const session = name.slice("telemetry-2026-06-01-".length, -".jsonl".length);
			const text = readFileSync(path.join(fixture, name), "latin1");
			writeFileSync(
				path.join(directory, name),
				text.replaceAll("e4673ad7c511156e471f96fa9671004f", session),
				"latin1",
			);
		}
		const page = await assertFigures(test, directory);
		assert.equal(page.lists.get("bad-lines")?.items.length, 6);
	});

	it("join neighbouring bad lines that have the same reason", async (test) => {
		const directory = path.join(temporaryDirectory(test), "telemetry");
		mkdirSync(directory);
		const good = telemetryRow("2026-06-01T12:00:00.000Z");
		const lines = [good, ...Array.from({ length: 39 }, () => "x"), good, "x", "{}"];
		writeFileSync(path.join(directory, "telemetry-2026-06-01-s.jsonl"), `${lines.join("\n")}\n`);
		const page = await assertFigures(test, directory);
		const shown = page.lists.get("bad-lines")?.items.map((item) => item.shown.match(/lines? [\d–]+/)?.[0]);
		assert.deepEqual(shown, ["lines 2–40", "line 42", "line 43"]);
	});

	it("do not depend on the names of spans: operations have the whole name of the event", async (test) => {
		const page = await assertFigures(test, sample("current"));
		const table = page.tables.get("operations-table");
		const names = table && rowsOf(table).map(({ cells }) => cells.get("Operation")?.text);
		assert.ok(names?.includes("remote.setup.workspace_ready"));
		const out = temporaryDirectory(test);
		const pages = await Promise.all(
			/** @type {const} */ (["leaf", "full"]).map(async (spanName) => {
				const file = path.join(out, `${spanName}.html`);
				await exportTelemetry(sample("current"), "allTime", "html", file, { spanName });
				return readReportPage(readFileSync(file, "utf8")).tables.get("operations-table");
			}),
		);
		assert.deepEqual(pages, [table, table]);
	});

	for (const layout of /** @type {const} */ (["current", "earliest"])) {
		it(`are on the report of 10 MB in the ${layout} layout, with overlapping sessions`, async (test) => {
			const plan = { bytes: 10_000_000, days: 3, sessionsPerDay: 4, overlapping: 3, layout };
			const { directory, ...counts } = generatedTelemetry(plan);
			const page = await assertFigures(test, directory);
			const shown = page.tables.get("summary");
			const events = shown && rowsOf(shown).find(({ cells }) => cells.get("What")?.text === "Events");
			assert.equal(events?.cells.get("Value")?.number, BigInt(counts.events));
		});
	}

	for (const range of ["allTime", "2026-06-01", "2026-06-02"]) {
		it(`are on the report of unusual rows, range ${range}`, async (test) => {
			const directory = path.join(temporaryDirectory(test), "telemetry");
			writeOddTelemetry(directory);
			await assertFigures(test, directory, range);
		});
	}

	it("are on the report of measurements that are null", async (test) => {
		const directory = path.join(temporaryDirectory(test), "telemetry");
		writeNullTelemetry(directory);
		await assertFigures(test, directory);
	});

	it("are on a report that exceeds the limit of each table", async (test) => {
		const directory = path.join(temporaryDirectory(test), "telemetry");
		writeCrowdedTelemetry(directory);
		await assertFigures(test, directory);
	});
});

describe("the fields that a report marks", () => {
	it("are the identifying fields of the sample, and no ordinary ones", async (test) => {
		const { html } = await report(test, sample("current"));
		const page = readReportPage(html);
		const mark = (/** @type {string} */ place, /** @type {string} */ key) =>
			new Set(fieldsOf(page, place, key).flatMap(reasons));
		assert.ok(mark("context", "machine_id").has("machine id"));
		assert.ok(mark("context", "session_id").has("session id"));
		assert.ok(mark("context", "deployment_url").has("deployment URL"));
		assert.ok(mark("error", "message").has("error message"));
		for (const [place, key] of /** @type {const} */ ([
			["properties", "result"],
			["properties", "method"],
			["properties", "auth_state"],
			["measurements", "durationMs"],
			["measurements", "count.2xx"],
			["context", "os_type"],
			["row", "event_name"],
			["row", "event_sequence"],
		])) {
			assert.ok(fieldsOf(page, place, key).length > 0, `${place} ${key}`);
			assert.deepEqual([...mark(place, key)], [], `${place} ${key}`);
		}
	});
});

/** Patterns of the values in a row, by kind. */
const values = [
	// Changes the first digit of a number, and the year of a time.
	["number", /<data value="-?(\d)/g, (/** @type {string} */ digit) => String((Number(digit) % 9) + 1)],
	["time", /<time datetime="\d{3}(\d)/g, (/** @type {string} */ digit) => String((Number(digit) + 1) % 10)],
	["text", /<bdi>([^<])/g, (/** @type {string} */ first) => (first === "x" ? "y" : "x")],
];

describe("the comparison of a report's numbers", () => {
	it("finds each wrong number, time and text", async (test) => {
		const { html, expected } = await report(test, sample("current"));
		const tables = [...readReportPage(html).tables.keys()].filter((id) => id !== "marks");
		/** @type {Record<string, number>} */
		const noticed = { number: 0, time: 0, text: 0 };
		for (const id of tables) {
			for (const { kind, at, replacement } of valuesOfFirstRow(html, id)) {
				let changed = html.slice(0, at) + replacement + html.slice(at + 1);
				if (kind === "time") {
					// The visible text must agree with the value.
					const shown = changed.indexOf(">", at) + 4;
					changed = changed.slice(0, shown) + replacement + changed.slice(shown + 1);
				}
				const found = differences(readReportPage(changed), expected);
				assert.ok(
					found.some((difference) => difference.startsWith(id)),
					`${id}: ${html.slice(at - 60, at + 60)}`,
				);
				noticed[kind] = (noticed[kind] ?? 0) + 1;
			}
		}
		assert.ok(
			Object.values(noticed).every((count) => count >= 5),
			JSON.stringify(noticed),
		);
	});

	it("finds missing, additional and misplaced rows", async (test) => {
		const { html, expected } = await report(test, sample("current"));
		const all = [...html.matchAll(/<tr>(?:(?!<tr).)*<\/tr>/gs)].filter(({ 0: row }) => row.includes("<td"));
		// Changing all of them would take a minute.
		const rows = all.filter((_, index) => index % 20 < 2);
		assert.ok(rows.length > 15);
		for (const [index, { 0: row, index: at }] of rows.entries()) {
			const without = html.slice(0, at) + html.slice(at + row.length);
			const twice = html.slice(0, at) + row + html.slice(at);
			const pages = [without, twice];
			const next = rows[index + 1];
			if (next !== undefined && html.slice(at + row.length, next.index).trim() === "" && next[0] !== row) {
				const behind = html.slice(next.index + next[0].length);
				pages.push(`${html.slice(0, at)}${next[0]}${row}${behind}`);
			}
			for (const changed of pages) {
				// The last row of a table cannot be removed.
				const page = readIfWellFormed(changed);
				assert.ok(page === undefined || !isAsExpected(page, expected), row);
			}
		}
	});
});

/**
 * @param {Page} page
 * @param {Parameters<typeof differences>[1]} expected
 */
function isAsExpected(page, expected) {
	if (differences(page, expected).length > 0) {
		return false;
	}
	try {
		assertSensitiveCounts(page);
		return true;
	} catch {
		return false;
	}
}

/** @param {string} html */
function readIfWellFormed(html) {
	try {
		return readReportPage(html);
	} catch {
		return undefined;
	}
}

/**
 * @param {string} html
 * @param {string} id of a table
 * @returns {{ kind: string, at: number, replacement: string }[]} a character of each value, with a replacement
 */
function valuesOfFirstRow(html, id) {
	const begin = html.indexOf("<tbody", html.indexOf(`id="${id}"`));
	const end = html.indexOf("</tr>", html.indexOf("<td", begin));
	const row = html.slice(begin, end);
	return values.flatMap(([kind, pattern, replace]) =>
		[...row.matchAll(/** @type {RegExp} */ (pattern))].map((match) => {
			const at = begin + match.index + match[0].length - 1;
			const other = /** @type {(found: string) => string} */ (replace);
			return { kind: String(kind), at, replacement: other(String(match[1])) };
		}),
	);
}
