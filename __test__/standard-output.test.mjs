import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { onWindows } from "../scripts/testing/windows.mjs";
import { startInterruptible } from "./child-process.mjs";
import { command, sample } from "./command.mjs";

const allOrNothingPipe = path.join(repository, "__test__", "children", "all-or-nothing-pipe.cjs");
const { NODE_TEST_CONTEXT, ...environment } = process.env;

/** What prints to standard output. `OUT` is a file in a temporary directory. */
const printers = /** @type {[what: string, args: string[]][]} */ ([
	["the events", [sample, "--out", "-"]],
	["the summary", [sample, "--out", "OUT"]],
	["the summary as JSON", [sample, "--out", "OUT", "--json"]],
	["the list", ["ls", sample]],
	["the list as JSON", ["ls", sample, "--json"]],
	["the help", ["--help"]],
	["the version", ["--version"]],
]);

/**
 * @param {string} directory
 * @param {string[]} args
 * @returns {string[]} the command line with a file in the directory
 */
function commandLineIn(directory, args) {
	return [command, ...args.map((arg) => (arg === "OUT" ? path.join(directory, "out.json") : arg))];
}

/**
 * @param {string[]} commandLine
 * @param {number | "pipe"} standardOutput
 * @param {string[]} [nodeOptions]
 */
function run(commandLine, standardOutput, nodeOptions = []) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, ...commandLine], {
		env: environment,
		maxBuffer: 1e9,
		stdio: ["ignore", standardOutput, "pipe"],
		timeout: 60_000,
	});
	return { status, stdout, stderr: stderr.toString().replace(/^range.*/s, "") };
}

for (const [what, args] of printers) {
	describe(`standard output for ${what}`, () => {
		it("holds the same bytes as a pipe and as a file, with line feeds only", (test) => {
			const directory = temporaryDirectory(test);
			const commandLine = commandLineIn(directory, args);
			const file = path.join(directory, "stdout");
			const descriptor = openSync(file, "w");
			const toFile = run(commandLine, descriptor);
			closeSync(descriptor);
			const toPipe = run(commandLine, "pipe");
			assert.deepEqual([toFile.status, toFile.stderr], [0, ""]);
			assert.deepEqual([toPipe.status, toPipe.stderr], [0, ""]);
			const text = readFileSync(file);
			assert.ok(text.length > 0);
			assert.equal(text.at(-1), "\n".charCodeAt(0));
			assert.ok(!text.includes("\r"));
			assert.ok(toPipe.stdout.equals(text), toPipe.stdout.toString().slice(0, 1000));
			if (args.includes("-")) {
				assert.equal(run([command, sample, "--out", path.join(directory, "events")], "pipe").status, 0);
				assert.ok(readFileSync(path.join(directory, "events")).equals(text));
			}
		});
	});
}

/** One that the addon prints, and one that Node prints. */
const oneOfEachKind = printers.filter(([what]) => what === "the events" || what === "the help");

for (const [what, args] of oneOfEachKind) {
	describe(`standard output that discards or refuses ${what}`, () => {
		it("is no error if it is the null device", (test) => {
			const descriptor = openSync(devNull, "w");
			const { status, stderr } = run(commandLineIn(temporaryDirectory(test), args), descriptor);
			closeSync(descriptor);
			assert.deepEqual([status, stderr], [0, ""]);
		});

		it("is an error if it is not open for writing", (test) => {
			const directory = temporaryDirectory(test);
			writeFileSync(path.join(directory, "stdout"), "");
			const descriptor = openSync(path.join(directory, "stdout"), "r");
			const { status, stderr } = run(commandLineIn(directory, args), descriptor);
			closeSync(descriptor);
			assert.equal(status, 1);
			assert.match(stderr, /^coder-telemetry-export: .*(printed|output): (EBADF|EPERM): .*\n$/);
		});
	});
}

describe("a non-blocking pipe that takes nothing unless it has room for everything", () => {
	it("gets the whole text", (test) => {
		const directory = temporaryDirectory(test);
		for (const [what, args] of printers.filter(([what]) => what === "the summary" || what === "the help")) {
			const commandLine = commandLineIn(directory, args);
			const { status, stdout } = run(commandLine, "pipe", ["--require", allOrNothingPipe]);
			assert.equal(status, 0, what);
			assert.ok(stdout.equals(run(commandLine, "pipe").stdout), what);
		}
	});
});

describe("a reader of standard output that has gone", () => {
	const telemetry = temporaryDirectory({ after });
	before(() => generateTelemetry({ directory: telemetry, bytes: 3e6, days: 1, sessionsPerDay: 2 }));

	for (const [what, args] of printers) {
		it(`does not want ${what}: exit code 0, no message`, async (test) => {
			const large = args.map((arg) => (arg === sample ? telemetry : arg));
			const commandLine = commandLineIn(temporaryDirectory(test), large);
			const child = spawn(process.execPath, commandLine, {
				env: environment,
				stdio: ["ignore", "pipe", "pipe"],
			});
			child.stdout.destroy();
			let stderr = "";
			child.stderr.setEncoding("utf8").on("data", (chunk) => {
				stderr += chunk;
			});
			const [status] = await once(child, "close");
			assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		});
	}
});

describe("a reader of standard output that does not read", () => {
	it("does not keep a cancelled export alive", async (test) => {
		const telemetry = temporaryDirectory(test);
		generateTelemetry({ directory: telemetry, bytes: 10e6, days: 1, sessionsPerDay: 2 });
		const { child, interrupt } = startInterruptible([command, telemetry, "--out", "-"]);
		// Node stops reading a paused pipe after the first chunk.
		await once(child.stdout, "readable");
		interrupt("SIGINT");
		let stderr = "";
		child.stderr.setEncoding("utf8").on("data", (chunk) => {
			stderr += chunk;
		});
		const [status] = await once(child, "exit");
		child.stdout.destroy();
		assert.deepEqual({ status, stderr }, { status: 130, stderr: "Cancelled.\n" });
	});
});

describe("cmd.exe", { skip: !onWindows && "needs Windows" }, () => {
	/**
	 * @param {string} line `CTE` is the command
	 * @param {string} directory
	 */
	function cmd(line, directory) {
		const script = path.join(directory, "line.cmd");
		writeFileSync(script, `@echo off\r\n${line.replaceAll("CTE", `"${process.execPath}" "${command}"`)}\r\n`);
		return spawnSync("cmd.exe", ["/d", "/c", script], { cwd: directory, encoding: "utf8", env: environment });
	}

	it("redirects to a file and to NUL", (test) => {
		const directory = temporaryDirectory(test);
		assert.equal(cmd(`CTE "${sample}" --out - > events.json 2> NUL`, directory).status, 0);
		assert.equal(JSON.parse(readFileSync(path.join(directory, "events.json"), "utf8")).length, 396);
		for (const args of [`"${sample}" --out -`, `"${sample}" --out out.json`, `ls "${sample}"`, "--help"]) {
			const { status, stdout, stderr } = cmd(`CTE ${args} > NUL 2>&1`, directory);
			assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" }, args);
		}
	});

	it("pipes to another program", (test) => {
		const directory = temporaryDirectory(test);
		const reader = path.join(directory, "reader.cjs");
		writeFileSync(
			reader,
			`let bytes = 0;
			process.stdin.on("data", (chunk) => { bytes += chunk.length; }).on("end", () => console.log(bytes));`,
		);
		assert.equal(cmd(`CTE "${sample}" --out out.json`, directory).status, 0);
		const { length } = readFileSync(path.join(directory, "out.json"));
		const pipe = `| "${process.execPath}" "${reader}"`;
		assert.equal(cmd(`CTE "${sample}" --out - ${pipe}`, directory).stdout, `${length}\n`);
		const help = run([command, "--help"], "pipe").stdout;
		assert.equal(cmd(`CTE --help ${pipe}`, directory).stdout, `${help.length}\n`);
	});
});
