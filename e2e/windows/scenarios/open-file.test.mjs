/** `--open` starts Explorer with a command line that means the file, whatever its name. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { openFile } from "../../../bin/open-file.js";
import { row, writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../../../scripts/testing/temporary-directory.mjs";
import { until } from "../../../scripts/testing/waiting.mjs";
import { command, environment, sample } from "../command-line.mjs";
import { programsFolder } from "../environment.mjs";

/** Names that mean something to a shell, to Explorer or in a command line. */
const hostileNames = [
	"a page, mine.html",
	"100%TEMP% & more ^ (1).html",
	"!PATH! ; = , ' ` $x.html",
	" blanks at the start.html",
	"-version.html",
	"--.html",
	"#fragment+plus@at~tilde[1]{2}.html",
	"Übersicht 概要 📄 עברית.html",
	"shell;Downloads.html",
	"{20D04FE0-3AEA-1069-A2D8-08002B30309D}.html",
	"e,root,C.html",
	"page.html.exe.html",
];

/**
 * Puts a program that records its command line in place of Explorer.
 *
 * @param {import("node:test").TestContext} test
 */
function fakeExplorer(test) {
	// With a blank, which must not end the program's name in its command line.
	const systemRoot = path.join(temporaryDirectory(test), "My Windows");
	mkdirSync(systemRoot);
	const explorer = path.join(systemRoot, "explorer.exe");
	copyFileSync(path.join(programsFolder(), "record-command-line.exe"), explorer);
	const record = path.join(systemRoot, "record");
	const recorded = () =>
		until("Explorer", () => {
			const text = existsSync(record) ? readFileSync(record, "utf8") : "";
			return text.endsWith("\n") && text.slice(0, -1);
		});
	return { systemRoot, explorer, record, recorded };
}

describe("Explorer", () => {
	for (const name of hostileNames) {
		it(`gets the name as one argument: ${name}`, async (test) => {
			const { systemRoot, explorer, record, recorded } = fakeExplorer(test);
			const variables = { ...environment, SystemRoot: systemRoot, RECORD: record };
			const machine = { platform: process.platform, environment: variables, spawn, failureWindowMs: 60_000 };
			const file = path.join(systemRoot, name);
			await openFile(file, machine);
			assert.equal(await recorded(), `"${explorer}" "${file}"`);
		});
	}

	/**
	 * Runs the command line with a fake Explorer. A preloaded script names its folder, because Windows itself needs the
	 * right SystemRoot to start Node.
	 *
	 * @param {string} systemRoot
	 * @param {Record<string, string>} env
	 * @param {string[]} args
	 */
	function run(systemRoot, env, ...args) {
		const preloaded = path.join(systemRoot, "preloaded.cjs");
		writeFileSync(preloaded, `process.env.SystemRoot = ${JSON.stringify(systemRoot)};`);
		const words = ["--require", preloaded, command, "--format", "html", ...args];
		const options = /** @type {const} */ ({
			cwd: systemRoot,
			encoding: "utf8",
			env: { ...environment, ...env },
		});
		return spawnSync(process.execPath, words, options);
	}

	it("opens the report of the command line, with a slash in its path and letters of many scripts", async (test) => {
		const { systemRoot, explorer, record, recorded } = fakeExplorer(test);
		mkdirSync(path.join(systemRoot, "a, b"));
		const out = "a, b/100%25 & Übersicht 概要 📄.html";
		const { status, stderr, stdout } = run(systemRoot, { RECORD: record }, sample, "--open", "--out", out);
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.ok(stdout.includes("概要 📄"));
		const file = path.join(systemRoot, out);
		assert.equal(await recorded(), `"${explorer}" "${file}"`);
		assert.ok(existsSync(file));
	});

	it("that fails is a warning, which names the file", (test) => {
		const { systemRoot, explorer, record } = fakeExplorer(test);
		const env = { RECORD: record, EXIT_CODE: "5" };
		const { status, stderr } = run(systemRoot, env, sample, "--open", "--out", "page.html");
		assert.equal(status, 0);
		assert.equal(
			stderr,
			`warning: the report was not opened (${explorer} failed with exit code 5); ` +
				`open it by hand: ${path.join(systemRoot, "page.html")}\n`,
		);
	});

	it("does not change the exit code of the export, and prints nothing", async (test) => {
		const { systemRoot, record, recorded } = fakeExplorer(test);
		const lines = [row("2026-06-01T12:00:00Z"), "not a row"];
		writeTelemetry(path.join(systemRoot, "telemetry"), { "telemetry-2026-06-01-aa.jsonl": lines });
		const args = ["telemetry", "--open", "--strict", "--json", "--out", "page.html"];
		const { status, stdout, stderr } = run(systemRoot, { RECORD: record }, ...args);
		assert.equal(status, 4);
		assert.equal(JSON.parse(stdout).output, path.join(systemRoot, "page.html"));
		assert.match(stderr, /^1 bad line left out:\n.*\n$/);
		await recorded();
	});

	for (const [what, expected, ...args] of /** @type {[string, number, ...string[]][]} */ ([
		["without --open", 0, sample],
		["if nothing matched", 3, sample, "--open", "--range", "2020-01-01"],
		["if the export fails", 1, "no/such/place", "--open"],
	])) {
		it(`is not started ${what}`, (test) => {
			const { systemRoot, record } = fakeExplorer(test);
			const { status } = run(systemRoot, { RECORD: record }, ...args);
			assert.equal(status, expected);
			assert.equal(existsSync(record), false);
		});
	}
});
