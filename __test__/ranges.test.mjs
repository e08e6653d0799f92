import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { listTelemetryFiles, resolveRange, suggestedFileName, validateDate } from "../index.js";
import { writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { linksAreMissing } from "../scripts/testing/windows.mjs";

const now = Date.UTC(2026, 5, 12, 9, 0, 0, 123);
const hour = 3_600_000;
const day = 24 * hour;
const may12 = Date.UTC(2026, 4, 12);

/** Ranges, and what they resolve to at `now`: start, end, label, file-name part. */
const table =
	/** @type {[import("../index.js").ExportRange, number | null, number | null, string, string][]} */ ([
		["last24Hours", now - day, now, "Last 24 hours", "last-24-hours-2026-06-12"],
		["last7Days", now - 7 * day, now, "Last 7 days", "last-7-days-2026-06-12"],
		["last30Days", now - 30 * day, now, "Last 30 days", "last-30-days-2026-06-12"],
		["allTime", null, null, "All time", "all-time-2026-06-12"],
		["2026-05-12", may12, may12 + day, "2026-05-12", "2026-05-12"],
		[
			"2026-05-12..2026-05-13",
			may12,
			may12 + 2 * day,
			"2026-05-12 to 2026-05-13",
			"2026-05-12-to-2026-05-13",
		],
		["2026-05-12..2026-05-12", may12, may12 + day, "2026-05-12", "2026-05-12"],
		["2024-02-29", Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 1), "2024-02-29", "2024-02-29"],
		[{}, null, null, "All time", "all-time-2026-06-12"],
		[{ startMs: null, endMs: null }, null, null, "All time", "all-time-2026-06-12"],
		[{ startMs: may12, endMs: may12 + day }, may12, may12 + day, "2026-05-12", "2026-05-12"],
		[
			{ startMs: may12, endMs: may12 + 2 * day },
			may12,
			may12 + 2 * day,
			"2026-05-12 to 2026-05-13",
			"2026-05-12-to-2026-05-13",
		],
		[
			{ startMs: may12 + hour },
			may12 + hour,
			null,
			"From 2026-05-12T01:00:00.000Z",
			"From-2026-05-12T01-00-00.000Z",
		],
		[{ endMs: may12 }, null, may12, "Until 2026-05-12T00:00:00.000Z", "Until-2026-05-12T00-00-00.000Z"],
		[
			{ startMs: may12, endMs: may12 + 1 },
			may12,
			may12 + 1,
			"2026-05-12T00:00:00.000Z to 2026-05-12T00:00:00.001Z",
			"2026-05-12T00-00-00.000Z-to-2026-05-12T00-00-00.001Z",
		],
		[
			{ startMs: -1, endMs: 1, label: "Around 1970", filenamePart: "a/b\\c:d é_.-" },
			-1,
			1,
			"Around 1970",
			"a-b-c-d-é_.-",
		],
		[{ label: "Everything" }, null, null, "Everything", "all-time-2026-06-12"],
		[{ label: null, filenamePart: null }, null, null, "All time", "all-time-2026-06-12"],
	]);

describe("resolveRange", () => {
	for (const [range, startMs, endMs, label, filenamePart] of table) {
		it(`returns the whole object for ${JSON.stringify(range)}`, () => {
			assert.deepEqual(resolveRange(range, now), { startMs, endMs, label, filenamePart });
		});
	}

	it("accepts now as a Date or milliseconds; the default is the current time", () => {
		assert.deepEqual(resolveRange("last7Days", new Date(now)), resolveRange("last7Days", now));
		const before = Date.now();
		const { endMs } = resolveRange("last24Hours");
		assert.ok(endMs !== null && before <= endMs && endMs <= Date.now());
	});

	it("returns a resolved range unchanged", () => {
		for (const [range] of table) {
			const resolved = resolveRange(range, now);
			assert.deepEqual(resolveRange(resolved, now + day), resolved);
		}
	});

	for (const [what, wrong] of /** @type {[string, any][]} */ ([
		["text", "2026-06-12"],
		["a boolean", true],
		["a bigint", 5n],
		["an object", {}],
		["an invalid Date", new Date(Number.NaN)],
		["NaN", Number.NaN],
	])) {
		it(`throws ERR_INVALID_ARG if now is ${what}`, () => {
			assert.throws(() => resolveRange("allTime", wrong), { code: "ERR_INVALID_ARG", message: /\bnow\b/ });
		});
	}

	for (const [range, message] of /** @type {[string, RegExp][]} */ ([
		["2026-5-12", /^Use YYYY-MM-DD\./],
		["2026-02-30", /^Enter a valid calendar date\./],
		["2026-05-13..2026-05-12", /^End date must be on or after start date\./],
	])) {
		it(`throws ERR_INVALID_RANGE for ${range} and says why`, () => {
			assert.throws(() => resolveRange(range), { name: "Error", code: "ERR_INVALID_RANGE", message });
		});
	}

	const last = 8.64e15;

	for (const range of /** @type {import("../index.js").ExportRange[]} */ ([
		{ startMs: -1e300, endMs: last },
		{ startMs: 1e19, endMs: 2e19 },
		{ startMs: -last - 1 },
		{ endMs: last + 1 },
		{ endMs: Number.POSITIVE_INFINITY },
	])) {
		it(`throws ERR_INVALID_RANGE for bounds that do not fit a Date: ${JSON.stringify(range)}`, () => {
			assert.throws(() => resolveRange(range), {
				code: "ERR_INVALID_RANGE",
				message: /^(startMs|endMs) must /,
			});
			assert.throws(() => suggestedFileName(range, "json"), { code: "ERR_INVALID_RANGE" });
		});
	}

	for (const wrong of [last + 1, -last - 1, 1e300, Number.POSITIVE_INFINITY]) {
		it(`throws ERR_INVALID_RANGE for every range if now is ${wrong}, which does not fit a Date`, () => {
			for (const range of ["last24Hours", "allTime", "2026-05-12", { startMs: 0 }]) {
				assert.throws(() => resolveRange(range, wrong), {
					code: "ERR_INVALID_RANGE",
					message: /^now must lie/,
				});
			}
		});
	}

	it("writes the first and the last time of a Date as toISOString does", () => {
		const { startMs, endMs, label, filenamePart } = resolveRange({ startMs: -last, endMs: last });
		assert.deepEqual([startMs, endMs], [-last, last]);
		assert.equal(label, `${new Date(-last).toISOString()} to ${new Date(last).toISOString()}`);
		assert.equal(filenamePart, "-271821-04-20T00-00-00.000Z-to-275760-09-13T00-00-00.000Z");
		for (const startMs of [-62167219200001, -62167219200000, 253402300799999, 253402300800000]) {
			assert.equal(resolveRange({ startMs }).label, `From ${new Date(startMs).toISOString()}`);
		}
	});

	it("omits the plus of a year after 9999 in a file name", () => {
		assert.equal(resolveRange("last30Days", last).filenamePart, "last-30-days-275760-09-13");
		assert.equal(resolveRange("allTime", new Date(last)).filenamePart, "all-time-275760-09-13");
	});

	it("throws ERR_INVALID_RANGE if a preset would begin before the first time of a Date", () => {
		assert.throws(() => resolveRange("last24Hours", -last), { code: "ERR_INVALID_RANGE" });
		assert.equal(resolveRange("last24Hours", -last + day).startMs, -last);
	});

	it("throws ERR_INVALID_ARG for values that are not ranges, including a Date and an array", () => {
		for (const wrong of /** @type {any[]} */ ([undefined, null, 5, true, new Date(), [], () => {}])) {
			assert.throws(() => resolveRange(wrong), { code: "ERR_INVALID_ARG", message: /\brange\b/ });
		}
	});

	it("throws what a getter of the range throws", () => {
		const thrown = new Error("the caller's own");
		const range = {
			get startMs() {
				throw thrown;
			},
		};
		assert.throws(
			() => resolveRange(/** @type {any} */ (range)),
			(error) => error === thrown,
		);
	});
});

describe("validateDate", () => {
	for (const [text, message] of /** @type {[any, string | undefined][]} */ ([
		["2026-05-12", undefined],
		["2024-02-29", undefined],
		["0000-01-01", undefined],
		["9999-12-31", undefined],
		["2026-02-29", "Enter a valid calendar date."],
		["2026-13-01", "Enter a valid calendar date."],
		["2026-00-10", "Enter a valid calendar date."],
		["2026-04-31", "Enter a valid calendar date."],
		["", "Use YYYY-MM-DD."],
		["2026-5-12", "Use YYYY-MM-DD."],
		["12.05.2026", "Use YYYY-MM-DD."],
		["2026-05-12 ", "Use YYYY-MM-DD."],
		["2026-05-12\n", "Use YYYY-MM-DD."],
		["٢٠٢٦-05-12", "Use YYYY-MM-DD."],
		["last7Days", "Use YYYY-MM-DD."],
	])) {
		it(`returns ${message ?? "nothing"} for ${JSON.stringify(text)}`, () => {
			assert.equal(validateDate(text), message);
		});
	}

	it("never throws for any argument", () => {
		for (const wrong of /** @type {any[]} */ ([undefined, null, 5, {}, Symbol("s"), 5n, "\ud800"])) {
			assert.equal(validateDate(wrong), "Use YYYY-MM-DD.");
		}
		assert.equal(/** @type {any} */ (validateDate)(), "Use YYYY-MM-DD.");
	});
});

describe("suggestedFileName", () => {
	it("contains range and format", () => {
		assert.equal(suggestedFileName("2026-05-12", "json"), "coder-telemetry-2026-05-12.json");
		assert.equal(suggestedFileName("2026-05-12", "otlp"), "coder-telemetry-2026-05-12.otlp.zip");
		assert.match(
			suggestedFileName("last7Days", "json"),
			/^coder-telemetry-last-7-days-\d{4}-\d\d-\d\d\.json$/,
		);
		assert.equal(suggestedFileName({ filenamePart: "../x" }, "json"), "coder-telemetry-..-x.json");
	});

	it("throws ERR_INVALID_ARG for an unknown format", () => {
		for (const wrong of /** @type {any[]} */ (["zip", undefined, 5, {}])) {
			assert.throws(() => suggestedFileName("allTime", wrong), {
				code: "ERR_INVALID_ARG",
				message: /\bformat\b/,
			});
		}
	});
});

describe("listTelemetryFiles", () => {
	/** @param {import("node:test").TestContext} test */
	function setup(test) {
		const directory = temporaryDirectory(test);
		writeTelemetry(directory, {
			"telemetry-2026-06-01-bb.jsonl": ["12345"],
			"telemetry-2026-06-01-aa.10.jsonl": [],
			"telemetry-2026-06-01-aa.9.jsonl": [],
			"telemetry-2026-06-02-aa.jsonl": [],
			"telemetry-2026-06-03-cc.jsonl": [],
			"telemetry-2026-06-31-aa.jsonl": [],
			"notes.txt": [],
		});
		/**
		 * @param {import("../index.js").ExportRange} range
		 * @param {number} [graceDays]
		 */
		const names = async (range, graceDays) =>
			(await listTelemetryFiles(directory, range, graceDays)).map(({ name }) => name);
		return { directory, names };
	}

	it("returns name, date, session, part and size", async (test) => {
		const { directory } = setup(test);
		const [first, , last] = await listTelemetryFiles(directory, "2026-06-01");
		assert.deepEqual(first, {
			name: "telemetry-2026-06-01-aa.9.jsonl",
			date: "2026-06-01",
			session: "aa",
			part: 9,
			size: 0,
		});
		assert.deepEqual(last, {
			name: "telemetry-2026-06-01-bb.jsonl",
			date: "2026-06-01",
			session: "bb",
			part: 0,
			size: 6,
		});
	});

	it("sorts by day, then by session name and part number", async (test) => {
		const { names } = setup(test);
		assert.deepEqual(await names("allTime"), [
			"telemetry-2026-06-01-aa.9.jsonl",
			"telemetry-2026-06-01-aa.10.jsonl",
			"telemetry-2026-06-01-bb.jsonl",
			"telemetry-2026-06-02-aa.jsonl",
			"telemetry-2026-06-03-cc.jsonl",
		]);
	});

	it("selects files by the day in their name, and of later days by graceDays", async (test) => {
		const { names } = setup(test);
		assert.deepEqual(await names("2026-06-02"), ["telemetry-2026-06-02-aa.jsonl"]);
		assert.deepEqual(await names("2026-06-02", 1), [
			"telemetry-2026-06-02-aa.jsonl",
			"telemetry-2026-06-03-cc.jsonl",
		]);
		assert.deepEqual(await names("2020-01-01", 7), []);
		const midnight = Date.UTC(2026, 5, 2);
		assert.equal((await names({ endMs: midnight })).length, 3);
		assert.equal((await names({ endMs: midnight + 1 })).length, 4);
		assert.equal((await names({ startMs: midnight - 1 })).length, 5);
		assert.equal((await names({ startMs: midnight })).length, 2);
	});

	it("leaves out folders", async (test) => {
		const { directory, names } = setup(test);
		mkdirSync(path.join(directory, "telemetry-2026-06-05-aa.jsonl"));
		assert.deepEqual(await names("2026-06-05"), []);
	});

	it("leaves out links that lead nowhere", { skip: linksAreMissing() }, async (test) => {
		const { directory, names } = setup(test);
		symlinkSync("nowhere", path.join(directory, "telemetry-2026-06-05-bb.jsonl"));
		assert.deepEqual(await names("2026-06-05"), []);
	});

	it("rejects with ERR_TELEMETRY_DIR and names the directory if it is missing", async (test) => {
		const missing = path.join(temporaryDirectory(test), "missing");
		await assert.rejects(listTelemetryFiles(missing, "allTime"), {
			code: "ERR_TELEMETRY_DIR",
			path: missing,
			osCode: "ENOENT",
		});
	});

	for (const wrong of /** @type {any[]} */ ([-1, 8, 0.5, Number.NaN, "1", {}, true])) {
		it(`rejects with ERR_INVALID_ARG for ${JSON.stringify(wrong)} grace days`, async (test) => {
			await assert.rejects(listTelemetryFiles(temporaryDirectory(test), "allTime", wrong), {
				code: "ERR_INVALID_ARG",
				message: /graceDays/,
			});
		});
	}
});
