/** Standard output that Node's own child processes never have. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { temporaryDirectory } from "../../../scripts/testing/temporary-directory.mjs";
import { command, environment, sample } from "../command-line.mjs";
import { programsFolder } from "../environment.mjs";

/**
 * @param {"none" | "non-blocking"} output
 * @param {string[]} args
 */
function run(output, ...args) {
	const program = path.join(programsFolder(), "unusual-output.exe");
	const commandLine = [process.execPath, command, ...args].map((word) => `"${word}"`).join(" ");
	const { status, stdout, stderr } = spawnSync(program, [output, commandLine], {
		encoding: "utf8",
		env: environment,
		maxBuffer: 1e9,
		stdio: ["ignore", "pipe", "pipe"],
		timeout: 60_000,
	});
	return { status, stdout, stderr: stderr.replace(/^range.*/s, "") };
}

describe("a process without standard handles", () => {
	// Node opens NUL in their place before our code runs.
	it("exports to a file, lists, and reports wrong arguments by its exit code", (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		assert.equal(run("none", sample, "--out", out).status, 0);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
		assert.equal(run("none", "ls", sample).status, 0);
		assert.equal(run("none", "--nope").status, 2);
	});

	it("exports to standard output, which is NUL", () => {
		assert.equal(run("none", sample, "--out", "-").status, 0);
	});
});

describe("a non-blocking pipe that is read slowly", () => {
	it("gets all events", (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		assert.equal(run("none", sample, "--out", out).status, 0);
		const { status, stdout, stderr } = run("non-blocking", sample, "--out", "-");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.equal(stdout, readFileSync(out, "utf8"));
	});

	it("gets the whole help", () => {
		const { status, stdout } = run("non-blocking", "--help");
		assert.equal(status, 0);
		const { stdout: help } = spawnSync(process.execPath, [command, "--help"], { encoding: "utf8" });
		assert.equal(stdout, help);
	});
});
