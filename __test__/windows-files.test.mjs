/** Files as Windows has them: held by others, read-only, hidden, and with access lists. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	appendFileSync,
	chmodSync,
	closeSync,
	constants,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { exclusively, onWindows, underWine } from "../scripts/testing/windows.mjs";
import { startChild } from "./child-process.mjs";
import { command } from "./command.mjs";
import { countEvents, sample, setup } from "./output.mjs";

const needsWindows = { skip: !onWindows && "needs Windows", concurrency: 4 };
const withAccessLists = { skip: underWine && "Wine 8's icacls does nothing" };

/**
 * Opens a file so that nobody else can open, rename or delete it.
 *
 * @param {string} file
 */
function hold(file) {
	return openSync(file, constants.O_RDONLY | exclusively);
}

/**
 * Runs a program of Windows.
 *
 * @param {string} program
 * @param {string[]} args
 */
function runProgram(program, ...args) {
	const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
	assert.equal(status, 0, error?.message ?? `${stdout}${stderr}`);
	return stdout;
}

/** @param {string} file */
function attributesOf(file) {
	// The line is a list of letters and the path.
	const [letters = ""] = runProgram("attrib", file).split(file);
	return [...letters.replaceAll(/\s/gu, "")].sort().join("");
}

describe("a target that another program holds", needsWindows, () => {
	/**
	 * A target that is held.
	 *
	 * @param {import("node:test").TestContext} test
	 */
	function heldTarget(test) {
		const { directory, out, run } = setup(test);
		writeFileSync(out, "before");
		const held = hold(out);
		const release = () => closeSync(held);
		const assertUntouched = () => {
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		};
		return { out, run, release, assertUntouched };
	}

	it("is busy in the end and stays, and no temporary stays", async (test) => {
		const { out, run, release, assertUntouched } = heldTarget(test);
		await assert.rejects(run(out), { code: "ERR_OUTPUT", osCode: "EBUSY", path: out });
		release();
		assertUntouched();
	});

	it("is replaced once the program closes it", async (test) => {
		const { out, run, release } = heldTarget(test);
		let isScheduled = false;
		/** @param {import("../index.js").ExportProgress} progress */
		const onProgress = ({ phase }) => {
			// The last report may come twice.
			if (phase === "finishing" && !isScheduled) {
				isScheduled = true;
				setTimeout(release, 200);
			}
		};
		await run(out, { onProgress });
		assert.equal(countEvents(out), 396);
	});

	it("does not keep an export from being aborted", async (test) => {
		const { out, run, release, assertUntouched } = heldTarget(test);
		const abort = new AbortController();
		/** @param {import("../index.js").ExportProgress} progress */
		const onProgress = ({ phase }) => {
			if (phase === "finishing") {
				setTimeout(() => abort.abort(), 200);
			}
		};
		await assert.rejects(run(out, { onProgress, signal: abort.signal }), { code: "ABORT_ERR" });
		release();
		assertUntouched();
	});

	it("makes the command line fail and say that it is busy", async (test) => {
		const { directory, out } = setup(test);
		writeFileSync(out, "before");
		const holder = startChild("holding-process.mjs", { file: out });
		await once(holder.stdout, "data");
		const child = spawn(process.execPath, [command, sample, "--range", "allTime", "--out", out], {
			stdio: ["ignore", "pipe", "pipe"],
		});
		let said = "";
		child.stderr.setEncoding("utf8").on("data", (chunk) => {
			said += chunk;
		});
		const [status] = await once(child, "close");
		holder.kill();
		await once(holder, "close");
		assert.equal(status, 1, said);
		assert.match(said, /EBUSY/);
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("is refused at once with overwrite: false", async (test) => {
		const { out, run, release, assertUntouched } = heldTarget(test);
		await assert.rejects(run(out, { overwrite: false }), { code: "ERR_OUTPUT", osCode: "EEXIST" });
		release();
		assertUntouched();
	});
});

describe("a read-only target", needsWindows, () => {
	it("is refused before anything is read, and stays", async (test) => {
		const { directory, out } = setup(test);
		writeFileSync(out, "before");
		chmodSync(out, 0o444);
		const refused = exportTelemetry(path.join(directory, "missing"), "allTime", "json", out);
		await assert.rejects(refused, (/** @type {any} */ error) => {
			assert.equal(error.code, "ERR_OUTPUT");
			assert.match(error.message, /: it is read-only$/);
			return true;
		});
		chmodSync(out, 0o666);
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("is refused if it becomes read-only during the export", async (test) => {
		const { directory, out, run } = setup(test);
		writeFileSync(out, "before");
		const onProgress = () => chmodSync(out, 0o444);
		await assert.rejects(run(out, { onProgress }), { code: "ERR_OUTPUT", message: /: it is read-only$/ });
		chmodSync(out, 0o666);
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("is not what a file in a read-only folder is", async (test) => {
		const { directory, run } = setup(test);
		const folder = path.join(directory, "folder");
		mkdirSync(folder);
		runProgram("attrib", "+r", folder);
		const out = path.join(folder, "out.json");
		await run(out);
		await run(out);
		runProgram("attrib", "-r", folder);
		assert.equal(countEvents(out), 396);
	});
});

describe("a target that is hidden or a system file", needsWindows, () => {
	for (const attribute of ["h", "s"]) {
		it(`is replaced and keeps its attribute: ${attribute}`, async (test) => {
			const { directory, out, run } = setup(test);
			writeFileSync(out, "before");
			runProgram("attrib", `+${attribute}`, out);
			const before = attributesOf(out);
			assert.ok(before.includes(attribute.toUpperCase()), before);
			await run(out);
			assert.equal(attributesOf(out), before);
			assert.equal(countEvents(out), 396);
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});
	}

	it("makes no other file hidden", async (test) => {
		const { out, run } = setup(test);
		await run(out);
		assert.doesNotMatch(attributesOf(out), /[HS]/);
	});
});

describe("the access list of a file that is replaced", needsWindows, () => {
	it("is kept", withAccessLists, async (test) => {
		const { out, run } = setup(test);
		const everyone = "*S-1-1-0";
		writeFileSync(out, "before");
		runProgram("icacls", out, "/inheritance:d");
		runProgram("icacls", out, "/grant", `${everyone}:(R)`);
		const before = runProgram("icacls", out);
		await run(out);
		assert.equal(runProgram("icacls", out), before);
		assert.equal(countEvents(out), 396);
	});
});

describe("a telemetry file that another program has for itself", needsWindows, () => {
	const good = "telemetry-2026-06-01-good.jsonl";
	const held = "telemetry-2026-06-01-held.jsonl";

	for (const format of /** @type {const} */ (["json", "otlp", "html"])) {
		it(`is skipped as busy, and the export continues: ${format}`, async (test) => {
			const { directory, out } = setup(test);
			const telemetry = path.join(directory, "telemetry");
			const rows = [row("2026-06-01T12:00:00Z")];
			writeTelemetry(telemetry, { [good]: rows, [held]: rows });
			const file = hold(path.join(telemetry, held));
			const { skippedFiles, eventCount, files } = await exportTelemetry(telemetry, "allTime", format, out);
			closeSync(file);
			assert.deepEqual([eventCount, files], [1, 2]);
			assert.deepEqual(skippedFiles, [{ file: held, reason: skippedFiles[0]?.reason }]);
			assert.match(skippedFiles[0]?.reason ?? "", /^EBUSY/);
		});
	}
});

describe("a telemetry file that the editor has open", needsWindows, () => {
	it("is exported", async (test) => {
		const { directory, out } = setup(test);
		const telemetry = path.join(directory, "telemetry");
		const name = "telemetry-2026-06-01-open.jsonl";
		writeTelemetry(telemetry, { [name]: [row("2026-06-01T12:00:00Z")] });
		const file = openSync(path.join(telemetry, name), "a");
		writeSync(file, `${row("2026-06-01T12:00:01Z")}\n`);
		const summary = await exportTelemetry(telemetry, "allTime", "json", out);
		closeSync(file);
		assert.deepEqual([summary.eventCount, summary.skippedFiles], [2, []]);
	});
});

describe("a telemetry file that we have open", needsWindows, () => {
	const open = "telemetry-2026-06-30-open.jsonl";
	const line = `${row("2026-06-30T12:00:00Z")}\n`;

	for (const [what, change] of /** @type {const} */ ([
		["removed", (/** @type {string} */ file) => unlinkSync(file)],
		["renamed", (/** @type {string} */ file) => renameSync(file, `${file}.old`)],
		["appended to", (/** @type {string} */ file) => appendFileSync(file, line)],
	])) {
		it(`can be ${what}`, async (test) => {
			const directory = temporaryDirectory(test);
			const generated = generatedTelemetry({ bytes: 30e6, days: 1, sessionsPerDay: 1, overlapping: 1 });
			const telemetry = path.join(directory, "telemetry");
			mkdirSync(telemetry);
			for (const name of readdirSync(generated.directory)) {
				writeFileSync(path.join(telemetry, name), readFileSync(path.join(generated.directory, name)));
			}
			const file = path.join(telemetry, open);
			writeFileSync(file, line.repeat(5));
			let changed = false;
			/** @param {import("../index.js").ExportProgress} progress */
			const onProgress = ({ bytesDone }) => {
				// A JSON export opens the first file of each session before it continues with one of them.
				if (!changed && bytesDone > 0) {
					change(file);
					changed = true;
				}
			};
			const out = path.join(directory, "out.json");
			const summary = await exportTelemetry(telemetry, "allTime", "json", out, { onProgress, threads: 1 });
			assert.ok(changed);
			assert.deepEqual(summary.skippedFiles, []);
			assert.ok(summary.eventCount >= generated.events + 5, `${summary.eventCount} events`);
		});
	}
});
