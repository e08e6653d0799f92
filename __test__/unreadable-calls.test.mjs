import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { askChild } from "./child-process.mjs";
import { straceIsMissing } from "./missing-tools.mjs";
import { refusing } from "./refused-calls.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const events = 396;
const formats = /** @type {const} */ (["json", "otlp", "html"]);

/**
 * Exports a copy of the sample while system calls on it fail.
 *
 * @param {import("node:test").TestContext} test
 * @param {{ call: string, error: string, when: string, on: "directory" | "file", format?: string, list?: boolean }} refusal
 */
async function exportWith(test, { call, error, when, on, format = "json", list = false }) {
	const folder = temporaryDirectory(test);
	const directory = path.join(folder, "telemetry");
	cpSync(sample, directory, { recursive: true });
	mkdirSync(path.join(folder, "exports"));
	const out = path.join(folder, "exports", "out");
	writeFileSync(out, "before");
	const [file = ""] = readdirSync(directory).sort();
	const paths = [on === "directory" ? directory : path.join(directory, file)];
	const trace = path.join(folder, "trace");
	const command = refusing({ call, error, when, paths, trace });
	const { summary, error: failure } = await askChild(
		"export.mjs",
		{ directory, format, out, list },
		{ command },
	);
	assert.match(readFileSync(trace, "utf8"), /\(INJECTED\)/, "nothing was refused");
	assert.deepEqual(readdirSync(path.dirname(out)), ["out"]);
	return { summary, failure, isUntouched: readFileSync(out, "utf8") === "before", file };
}

/** @param {any} summary */
function assertAccounted({ linesRead, eventCount, outOfRange, headers, blankLines, badLines }) {
	assert.equal(linesRead, eventCount + outOfRange + headers + blankLines + badLines);
}

const otherErrors = /** @type {const} */ ([
	["openat", "EACCES"],
	["openat", "ESTALE"],
	["openat", "ETIMEDOUT"],
	["statx", "EHOSTDOWN"],
	["pread64", "ESTALE"],
	["pread64", "EREMOTEIO"],
]);

describe("a telemetry file with failing system calls", {
	skip: straceIsMissing(),
	concurrency: 3,
}, () => {
	for (const format of formats) {
		// What an error means does not depend on the format, so that one of each kind is enough for the others.
		const every = format === "json";
		for (const [call, error] of /** @type {const} */ ([
			["openat", "EIO"],
			["statx", "EIO"],
			["pread64", "EIO"],
			...(every ? otherErrors : []),
		])) {
			it(`is skipped with the system's reason, and all other files are exported: ${format}, ${call}, ${error}`, async (test) => {
				const { summary, file } = await exportWith(test, { call, error, when: "1+", on: "file", format });
				assert.deepEqual(
					summary.skippedFiles.map((/** @type {any} */ skipped) => skipped.file),
					[file],
				);
				assert.ok(summary.skippedFiles[0].reason.startsWith(`${error}: `), summary.skippedFiles[0].reason);
				assert.ok(summary.eventCount > 0 && summary.eventCount < events);
				assert.equal(summary.badLines, 0);
				assertAccounted(summary);
			});
		}

		for (const call of ["openat", "statx", "pread64"]) {
			for (const error of every ? ["EINTR", "EAGAIN"] : ["EINTR"]) {
				it(`is read if the call was only interrupted or too early: ${format}, ${call}, ${error}`, async (test) => {
					const { summary } = await exportWith(test, { call, error, when: "1..3", on: "file", format });
					assert.deepEqual([summary.eventCount, summary.skippedFiles], [events, []]);
				});
			}
		}

		it(`is opened again if its server has lost it: ${format}`, async (test) => {
			const stale = {
				call: "pread64",
				error: "ESTALE",
				when: "1",
				on: /** @type {const} */ ("file"),
				format,
			};
			const { summary } = await exportWith(test, stale);
			assert.deepEqual([summary.eventCount, summary.skippedFiles], [events, []]);
		});

		for (const call of ["openat", "statx", "pread64"]) {
			for (const error of every ? ["EMFILE", "ENFILE", "ENOMEM"] : ["EMFILE"]) {
				it(`is not skipped because of a shortage of the process: ${format}, ${call}, ${error}`, async (test) => {
					const { failure, isUntouched } = await exportWith(test, {
						call,
						error,
						when: "1+",
						on: "file",
						format,
					});
					assert.deepEqual([failure?.code, failure?.osCode, isUntouched], ["ERR_SYSTEM", error, true]);
				});
			}
		}

		it(`is read once descriptors are available again: ${format}`, async (test) => {
			const short = {
				call: "openat",
				error: "EMFILE",
				when: "1..4",
				on: /** @type {const} */ ("file"),
				format,
			};
			const { summary } = await exportWith(test, short);
			assert.deepEqual([summary.eventCount, summary.skippedFiles], [events, []]);
		});
	}
});

describe("a telemetry directory with failing system calls", {
	skip: straceIsMissing(),
	concurrency: 3,
}, () => {
	for (const list of [false, true]) {
		const what = list ? "listTelemetryFiles" : "exportTelemetry";
		for (const call of ["openat", "getdents64"]) {
			for (const [error, code] of /** @type {const} */ ([
				["EIO", "ERR_TELEMETRY_DIR"],
				["ESTALE", "ERR_TELEMETRY_DIR"],
				["EMFILE", "ERR_SYSTEM"],
				["ENFILE", "ERR_SYSTEM"],
				["ENOMEM", "ERR_SYSTEM"],
			])) {
				for (const when of call === "getdents64" ? ["1+", "2+"] : ["1+"]) {
					it(`is an error, and no file is silently missing: ${what}, ${call}, ${error}, from call ${when}`, async (test) => {
						const { failure, isUntouched } = await exportWith(test, {
							call,
							error,
							when,
							on: "directory",
							list,
						});
						assert.deepEqual([failure?.code, failure?.osCode, isUntouched], [code, error, true]);
					});
				}
			}

			for (const error of ["EINTR", "EAGAIN", "EMFILE"]) {
				for (const when of ["1", "2"]) {
					if (call === "openat" && when === "2") {
						continue;
					}
					it(`is listed if the call was only interrupted, too early or short of a resource: ${what}, ${call}, ${error}, call ${when}`, async (test) => {
						const { summary } = await exportWith(test, { call, error, when, on: "directory", list });
						assert.deepEqual([summary.files, summary.skippedFiles], [6, []]);
						assert.equal(summary.eventCount, list ? undefined : events);
					});
				}
			}
		}
	}

	it("fails on a shortage while its files are examined", async (test) => {
		for (const list of [false, true]) {
			const short = { call: "statx", error: "ENOMEM", when: "1+", on: /** @type {const} */ ("file"), list };
			const { failure } = await exportWith(test, short);
			assert.deepEqual([failure?.code, failure?.osCode], ["ERR_SYSTEM", "ENOMEM"]);
		}
	});
});

describe("a process with a low limit on open files", {
	skip: process.platform === "win32" && "needs ulimit",
}, () => {
	for (const format of formats) {
		it(`exports everything or fails with ERR_SYSTEM: ${format}`, async (test) => {
			const folder = temporaryDirectory(test);
			for (const threads of [1, 4]) {
				const outcomes = new Set();
				for (let limit = 18; limit <= 32; limit++) {
					const out = path.join(folder, "out");
					writeFileSync(out, "before");
					const command = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', String(limit)];
					const job = { directory: sample, format, out, options: { threads } };
					const result = await askChild("export.mjs", job, { command }).catch((error) => ({
						node: error.message,
					}));
					if (result.summary !== undefined) {
						outcomes.add("whole");
						assert.deepEqual(
							[result.summary.eventCount, result.summary.skippedFiles],
							[events, []],
							`limit ${limit}`,
						);
						continue;
					}
					assert.equal(readFileSync(out, "utf8"), "before");
					if (result.error === undefined) {
						// Node itself needs some descriptors, and may crash without them.
						assert.equal(outcomes.has("whole"), false, `limit ${limit}: ${result.node}`);
						continue;
					}
					outcomes.add("short");
					assert.deepEqual(
						[result.error.code, result.error.osCode],
						["ERR_SYSTEM", "EMFILE"],
						`limit ${limit}`,
					);
				}
				assert.ok(outcomes.has("whole"));
			}
		});
	}
});
