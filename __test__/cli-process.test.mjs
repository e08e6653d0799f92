import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { onWindows } from "../scripts/testing/windows.mjs";
import { startInterruptible } from "./child-process.mjs";
import { broken, command, good, sample, setup } from "./command.mjs";
import { fakeProgram, openerOfThisMachine, recordOnceWritten } from "./fake-programs.mjs";
import { utilLinuxScriptIsMissing } from "./missing-tools.mjs";

/** `e2e/windows/scenarios` has the same tests with a program in place of Explorer. */
const withFakeOpener = { skip: onWindows && "needs an opener that is a shell script" };

describe("--open", withFakeOpener, () => {
	it("opens the written page by its absolute path", async (test) => {
		const { directory, programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine);
		const { status, stdout, stderr } = run(sample, "--format", "html", "--open", "--out=-100% é.html");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.match(stdout, /^range .*\n(.*\n)+written .*\n$/);
		const page = path.join(directory, "-100% é.html");
		assert.equal(await recordOnceWritten(record), `${page}\n`);
		assert.ok(existsSync(page));
	});

	it("prints only the summary on standard output with --json", async (test) => {
		const { programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine, "echo noise; echo noise >&2");
		const { status, stdout, stderr } = run(sample, "--format", "html", "--open", "--json");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.equal(await recordOnceWritten(record), `${JSON.parse(stdout).output}\n`);
	});

	it("is off by default", (test) => {
		const { programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine);
		assert.equal(run(sample, "--format", "html").status, 0);
		assert.equal(existsSync(record), false);
	});

	it("opens nothing if nothing matched", (test) => {
		const { programs, run, telemetry } = setup(test, good);
		const record = fakeProgram(programs, openerOfThisMachine);
		assert.equal(run(telemetry, "--format", "html", "--open", "--range", "2026-07-01").status, 3);
		assert.equal(existsSync(record), false);
	});

	it("opens nothing if the export fails", (test) => {
		const { programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine);
		assert.equal(run("no/such/place", "--format", "html", "--open").status, 1);
		assert.equal(existsSync(record), false);
	});

	it("does not fail the export: if nothing opens, a warning names the page", (test) => {
		const { directory, programs, run } = setup(test);
		fakeProgram(programs, openerOfThisMachine, "exit 4");
		const { status, stdout, stderr } = run(sample, "--format", "html", "--open", "--out", "a\u202eb.html");
		assert.equal(status, 0);
		assert.match(stdout, /^range /);
		assert.equal(
			stderr,
			`warning: the report was not opened (${openerOfThisMachine} failed with exit code 4); ` +
				`open it by hand: ${path.join(directory, "a\\u{202e}b.html")}\n`,
		);
		assert.ok(existsSync(path.join(directory, "a\u202eb.html")));
	});

	it("does not change the exit code of the export", (test) => {
		const { out, programs, run, telemetry } = setup(test, broken);
		const record = fakeProgram(programs, openerOfThisMachine, "exit 1");
		const { status, stderr } = run(telemetry, "--format", "html", "--open", "--strict", "--out", out);
		assert.equal(status, 4);
		assert.match(stderr, /^1 bad line left out:\n.*\nwarning: the report was not opened /);
		assert.ok(existsSync(record));
	});
});

describe("an interruption", () => {
	const telemetry = temporaryDirectory({ after });
	before(() => generateTelemetry({ directory: telemetry, bytes: 40e6, days: 2, sessionsPerDay: 4 }));

	/**
	 * Starts a long export and waits until it has begun to write.
	 *
	 * @param {string} directory
	 */
	async function startExport(directory) {
		const out = path.join(directory, "out.zip");
		writeFileSync(out, "before");
		const options = ["--format", "otlp", "--out", out, "--threads", "1", "--compression-level", "9"];
		const { child, interrupt } = startInterruptible([command, telemetry, ...options]);
		while (readdirSync(directory).length === 1) {
			assert.equal(child.exitCode, null, "the export is over before it could be interrupted");
			await wait(5);
		}
		return { child, interrupt, out };
	}

	/** Windows knows no SIGTERM. SIGBREAK is its Ctrl-Break. */
	const signals = /** @type {const} */ (["SIGINT", "SIGHUP", onWindows ? "SIGBREAK" : "SIGTERM"]);
	for (const signal of signals) {
		it(`by ${signal} cancels the export: exit code 130, the old file unchanged, nothing left behind`, async (test) => {
			const directory = temporaryDirectory(test);
			const { child, interrupt, out } = await startExport(directory);
			interrupt(signal);
			let stderr = "";
			child.stderr.setEncoding("utf8").on("data", (chunk) => {
				stderr += chunk;
			});
			const [status] = await once(child, "close");
			assert.equal(status, 130);
			assert.equal(stderr, "Cancelled.\n");
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.zip"]);
		});
	}

	it("ends the process immediately the second time", async (test) => {
		const script = path.join(temporaryDirectory(test), "stubborn.cjs");
		const modulePath = JSON.stringify(path.join(repository, "bin", "interruption.js"));
		writeFileSync(
			script,
			`const { cancelOnSignal } = require(${modulePath});
			setInterval(() => {}, 1000);
			cancelOnSignal((signal) => new Promise(() => {
				signal.addEventListener("abort", () => console.log("told to stop"));
				console.log("running");
			}));`,
		);
		const { child, interrupt } = startInterruptible([script]);
		const output = child.stdout.setEncoding("utf8");
		assert.equal((await once(output, "data"))[0], "running\n");
		interrupt("SIGINT");
		assert.equal((await once(output, "data"))[0], "told to stop\n");
		interrupt("SIGINT");
		assert.deepEqual(await once(child, "exit"), [130, null]);
	});
});

describe("progress", () => {
	it("is not drawn on a pipe", (test) => {
		const { out, run } = setup(test);
		assert.equal(run(sample, "--out", out).stderr, "");
	});

	/**
	 * Runs the command on a new terminal.
	 *
	 * @param {string[]} commandLine
	 * @returns {string} the whole output of the terminal
	 */
	function runOnTerminal(...commandLine) {
		const args = [process.execPath, command, ...commandLine].map((word) => `'${word}'`).join(" ");
		const environment = { ...process.env, TERM: "xterm" };
		return spawnSync("script", ["-qec", args, "/dev/null"], { encoding: "utf8", env: environment }).stdout;
	}
	const onTerminal = { skip: utilLinuxScriptIsMissing() };

	it("is drawn on a terminal, and cleared at the end", onTerminal, (test) => {
		const screen = runOnTerminal(sample, "--out", setup(test).out);
		assert.ok(screen.includes(`\r\u001b[KFinishing [${"#".repeat(24)}] 100%`), screen);
		assert.ok(screen.includes("\r\u001b[Krange    All time"), screen);
	});

	it("is not drawn with --json, or if events go to the same terminal", onTerminal, (test) => {
		assert.ok(!runOnTerminal(sample, "--json", "--out", setup(test).out).includes("\u001b"));
		assert.ok(!runOnTerminal(sample, "--out", "-").includes("\u001b"));
	});
});

describe("help and version", () => {
	it("prints help and exits with 0", (test) => {
		const { status, stdout, stderr } = setup(test).run("--help");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.match(stdout, /^Exports the telemetry/);
	});

	it("prints the package's version", (test) => {
		const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
		const { status, stdout } = setup(test).run("--version");
		assert.deepEqual({ status, stdout }, { status: 0, stdout: `${version}\n` });
	});

	it("can be run as an executable file", {
		skip: onWindows && "Windows runs scripts by their extension, and npm makes a .cmd file",
	}, () => {
		assert.ok(statSync(command).mode & 0o100);
		assert.equal(spawnSync(command, ["--version"]).status, 0);
	});
});
