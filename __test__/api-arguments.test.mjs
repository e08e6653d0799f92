import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry, listTelemetryFiles, suggestedFileName } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");

/**
 * Calls a function as JavaScript can, without regard to types.
 *
 * @param {(...parameters: any[]) => Promise<unknown>} call
 * @param {unknown[]} parameters
 * @returns {Promise<any>} the rejection of its promise
 */
async function rejectionOf(call, ...parameters) {
	/** @type {unknown} */
	let promise;
	try {
		promise = call(...parameters);
	} catch (error) {
		assert.fail(`it threw instead of rejecting: ${error}`);
	}
	assert.ok(promise instanceof Promise);
	try {
		await promise;
	} catch (error) {
		return error;
	}
	assert.fail("it was accepted");
}

/** Values of every type. */
const values = {
	undefined: undefined,
	null: null,
	boolean: true,
	number: 5,
	bigint: 5n,
	string: "5",
	symbol: Symbol("s"),
	function: () => {},
	array: [],
	date: new Date(0),
	object: {},
};

/** @typedef {keyof typeof values} Kind */

/**
 * Wrong kinds of values.
 *
 * @param {Kind[]} right
 * @returns {[string, unknown][]}
 */
function allBut(...right) {
	return Object.entries(values).filter(([kind]) => !right.includes(/** @type {Kind} */ (kind)));
}

/** Values that mean an option's default. */
const absent = /** @type {const} */ (["undefined", "null"]);

describe("an argument of exportTelemetry", () => {
	const out = path.join(sample, "never.json");

	/** @type {[string, number, Kind[], unknown[]][]} */
	const positional = [
		["dir", 0, ["string"], ["", "a\0b", "lone \ud800 surrogate"]],
		["range", 1, ["string", "object"], []],
		["format", 2, [], ["", "csv", "JSON", "json\0", "htm", "HTML"]],
		["outPath", 3, ["string"], ["", "a\0b", "lone \udc00 surrogate"]],
		["options", 4, [...absent, "object"], []],
	];
	for (const [name, position, right, wrong] of positional) {
		for (const [kind, value] of [...allBut(...right), ...wrong.map((text) => [JSON.stringify(text), text])]) {
			it(`rejects if ${name} is ${kind}`, async () => {
				const parameters = /** @type {unknown[]} */ ([sample, "allTime", "json", out, {}]);
				parameters[position] = value;
				const error = await rejectionOf(exportTelemetry, ...parameters);
				assert.ok(error instanceof Error);
				assert.equal(/** @type {any} */ (error).code, "ERR_INVALID_ARG");
				assert.ok(error.message.includes(name), error.message);
				assert.equal(existsSync(out), false);
			});
		}
	}

	it("rejects a wrong format and names it, with all valid formats", async () => {
		for (const format of ["csv", "HTML", "", 5, undefined]) {
			const { message } = await rejectionOf(exportTelemetry, sample, "allTime", format, out);
			for (const right of ["'json'", "'otlp'", "'html'"]) {
				assert.ok(message.includes(right), message);
			}
		}
		assert.throws(() => suggestedFileName("allTime", /** @type {any} */ ("csv")), {
			code: "ERR_INVALID_ARG",
			message: /'json'.*'otlp'.*'html'/,
		});
	});

	it("rejects if it is missing", async () => {
		const error = await rejectionOf(exportTelemetry);
		assert.equal(error.code, "ERR_INVALID_ARG");
		assert.match(error.message, /\bdir\b/);
	});

	/** @type {[string, Kind[], unknown[]][]} */
	const options = [
		["signal", [], [{ aborted: false }, new EventTarget(), { aborted: 1, addEventListener() {} }]],
		["onProgress", ["function"], []],
		["temporality", [], ["", "Delta", "both"]],
		["spanName", [], ["", "LEAF", "short"]],
		["maxRequestBytes", [], [65_535, 67_108_865, 100_000.5, -1, Number.NaN, Number.POSITIVE_INFINITY]],
		["compressionLevel", ["number"], [-1, 10, 1.5, Number.NaN]],
		["graceDays", ["number"], [-1, 8, 0.5, Number.NaN]],
		["overwrite", ["boolean"], []],
		["threads", ["number"], [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]],
	];
	for (const [name, right, wrong] of options) {
		for (const [kind, value] of [
			...allBut(...absent, ...right),
			...wrong.map((item) => [typeof item === "object" ? "no real signal" : `${item}`, item]),
		]) {
			it(`rejects if options.${name} is ${kind}`, async () => {
				const error = await rejectionOf(exportTelemetry, sample, "allTime", "otlp", out, { [name]: value });
				assert.equal(error.code, "ERR_INVALID_ARG");
				assert.ok(error.message.includes(`options.${name}`), error.message);
				assert.equal(existsSync(out), false);
			});
		}
	}

	it("is accepted at both of its limits", async (test) => {
		const target = path.join(temporaryDirectory(test), "out");
		for (const limits of [
			{ maxRequestBytes: 65_536, compressionLevel: 0, graceDays: 0, threads: 1 },
			{ maxRequestBytes: 67_108_864, compressionLevel: 9, graceDays: 7, threads: 1_000_000 },
		]) {
			const { eventCount } = await exportTelemetry(sample, "allTime", "otlp", target, limits);
			assert.equal(eventCount, 396);
		}
	});

	it("has its default if an option is null or undefined", async (test) => {
		const directory = temporaryDirectory(test);
		const names = options.map(([name]) => name);
		for (const nothing of [null, undefined]) {
			const nothings = Object.fromEntries(names.map((name) => [name, nothing]));
			const target = path.join(directory, "out.json");
			const { eventCount } = await exportTelemetry(sample, "allTime", "json", target, nothings);
			assert.equal(eventCount, 396);
		}
	});

	it("rejects with the error of its own getter, and the addon stays usable", async (test) => {
		const directory = temporaryDirectory(test);
		const target = path.join(directory, "out.json");
		const thrown = new RangeError("the caller's own");
		const throws = () => {
			throw thrown;
		};
		const trap = new Proxy({}, { get: throws });
		const signal = { aborted: false, addEventListener: throws, removeEventListener: throws };
		for (const [range, exportOptions] of [
			[trap, {}],
			["allTime", trap],
			["allTime", { signal: trap }],
			["allTime", { signal }],
		]) {
			assert.equal(await rejectionOf(exportTelemetry, sample, range, "json", target, exportOptions), thrown);
		}
		assert.deepEqual(readdirSync(directory), []);
		assert.equal((await exportTelemetry(sample, "allTime", "json", target)).eventCount, 396);
	});
});

describe("an invalid range", () => {
	for (const range of [
		"",
		"yesterday",
		"alltime",
		"2026-02-29",
		"2026-6-1",
		"2026-06-02..2026-06-01",
		"2026-06-01..",
		"2026-06-01...2026-06-02",
		" 2026-06-01",
		"2026-06-01\0",
		{ startMs: 1.5 },
		{ endMs: Number.NaN },
		{ startMs: Number.NEGATIVE_INFINITY },
		{ startMs: 5, endMs: 5 },
		{ startMs: 6, endMs: 5 },
	]) {
		it(`rejects with ERR_INVALID_RANGE: ${JSON.stringify(range)}`, async (test) => {
			const directory = temporaryDirectory(test);
			const target = path.join(directory, "out.json");
			const error = await rejectionOf(exportTelemetry, sample, range, "json", target);
			assert.equal(error.code, "ERR_INVALID_RANGE");
			assert.ok(error.message.length > 0);
			assert.equal((await rejectionOf(listTelemetryFiles, sample, range)).code, "ERR_INVALID_RANGE");
			assert.throws(() => suggestedFileName(range, "json"), { code: "ERR_INVALID_RANGE" });
			assert.deepEqual(readdirSync(directory), []);
		});
	}

	for (const [member, right] of /** @type {[string, Kind[]][]} */ ([
		["startMs", ["number"]],
		["endMs", ["number"]],
		["label", ["string"]],
		["filenamePart", ["string"]],
	])) {
		for (const [kind, value] of allBut(...absent, ...right)) {
			it(`rejects with ERR_INVALID_ARG if ${member} is ${kind}`, async () => {
				const error = await rejectionOf(listTelemetryFiles, sample, { [member]: value });
				assert.equal(error.code, "ERR_INVALID_ARG");
				assert.ok(error.message.includes(`range.${member}`), error.message);
			});
		}
	}
});

describe("arguments are checked in a fixed order", () => {
	const aborted = { signal: AbortSignal.abort() };

	it("arguments before an aborted signal", async () => {
		const argument = await rejectionOf(exportTelemetry, sample, "allTime", "csv", "/nowhere/x", aborted);
		assert.equal(argument.code, "ERR_INVALID_ARG");
		const range = await rejectionOf(exportTelemetry, sample, "never", "json", "/nowhere/x", aborted);
		assert.equal(range.code, "ERR_INVALID_RANGE");
	});

	it("arguments before the output, and the output before the directory", async (test) => {
		const nowhere = path.join(temporaryDirectory(test), "nowhere");
		const out = path.join(nowhere, "out.json");
		const range = await rejectionOf(exportTelemetry, nowhere, "never", "json", out);
		assert.equal(range.code, "ERR_INVALID_RANGE");
		const output = await rejectionOf(exportTelemetry, nowhere, "allTime", "json", out);
		assert.equal(output.code, "ERR_OUTPUT");
		const directory = await rejectionOf(exportTelemetry, nowhere, "allTime", "json", `${nowhere}.json`);
		assert.equal(directory.code, "ERR_TELEMETRY_DIR");
	});
});
