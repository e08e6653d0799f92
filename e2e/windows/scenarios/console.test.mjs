/** The command line on a console: what it shows there, Ctrl-C, Ctrl-Break, and a console that is closed. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../../../scripts/set-up.mjs";
import { generatedTelemetry } from "../../../scripts/testing/generated-telemetry.mjs";
import { row, writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../../../scripts/testing/temporary-directory.mjs";
import { until } from "../../../scripts/testing/waiting.mjs";
import { underWine } from "../../../scripts/testing/windows.mjs";
import { command, environment, sample } from "../command-line.mjs";
import { programsFolder } from "../environment.mjs";

/**
 * Runs Node by one of our programs.
 *
 * @param {string} program
 * @param {string[]} programArguments
 * @param {string[]} nodeArguments
 */
function start(program, programArguments, nodeArguments) {
	const commandLine = [process.execPath, ...nodeArguments].map((word) => `"${word}"`).join(" ");
	const child = spawn(path.join(programsFolder(), `${program}.exe`), [...programArguments, commandLine], {
		env: environment,
		stdio: ["pipe", "pipe", "pipe"],
		windowsHide: true,
		timeout: 60_000,
	});
	const printed = { stdout: "", stderr: "" };
	child.stdout.setEncoding("utf8").on("data", (chunk) => {
		printed.stdout += chunk;
	});
	child.stderr.setEncoding("utf8").on("data", (chunk) => {
		printed.stderr += chunk;
	});
	return { child, printed };
}

/**
 * Runs the command line on a pseudo console to its end.
 *
 * @param {number} columns
 * @param {string[]} args
 * @returns {Promise<{ status: number | null, text: string, lines: string[] }>} what the console sent to its terminal,
 *   without control sequences, and as lines, which may have been drawn one over the other
 */
async function runOnConsole(columns, ...args) {
	const { child, printed } = start("pseudo-console", [`${columns}`], [command, ...args]);
	const [status] = await once(child, "close");
	assert.equal(printed.stderr, "");
	// biome-ignore lint/suspicious/noControlCharactersInRegex: a console sends control sequences
	const text = printed.stdout.replace(/\u001b(?:\[[\x20-\x3f]*[\x40-\x7e]|\][^\x07]*\x07)/g, "");
	return { status, text, lines: text.split(/[\r\n]+/) };
}

/**
 * Starts a long export and waits until it has begun to write.
 *
 * @param {import("node:test").TestContext} test
 * @param {(nodeArguments: string[]) => ReturnType<typeof start>} startNode
 */
async function startExport(test, startNode) {
	const telemetry = generatedTelemetry({
		bytes: 100e6,
		days: 3,
		sessionsPerDay: 8,
		overlapping: 4,
	}).directory;
	const directory = temporaryDirectory(test);
	const out = path.join(directory, "out.zip");
	writeFileSync(out, "before");
	const options = ["--format", "otlp", "--out", out, "--threads", "1", "--compression-level", "9"];
	const started = startNode([command, telemetry, ...options]);
	await until("the export's temporary", () => readdirSync(directory).length > 1);
	assert.equal(started.child.exitCode, null, "the export is over before it could be interrupted");
	return { ...started, directory, out };
}

const keys = /** @type {const} */ ([
	["Ctrl-C", "c", false],
	["Ctrl-Break", "b", underWine && "Wine 8 sends no Ctrl-Break"],
]);

for (const [what, key, skip] of keys) {
	describe(what, { skip }, () => {
		it("cancels the export: exit code 130, the old file unchanged, nothing left behind", async (test) => {
			const { child, printed, directory, out } = await startExport(test, (nodeArguments) =>
				start("console-events", [process.execPath], nodeArguments),
			);
			child.stdin.end(key);
			const [status] = await once(child, "close");
			assert.deepEqual({ status, ...printed }, { status: 130, stdout: "", stderr: "Cancelled.\n" });
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.zip"]);
		});

		it("ends the process immediately the second time", async (test) => {
			const script = path.join(temporaryDirectory(test), "stubborn.cjs");
			const modulePath = JSON.stringify(path.join(repository, "bin", "interruption.js"));
			writeFileSync(
				script,
				`const { writeSync } = require("node:fs");
				setInterval(() => {}, 1000);
				require(${modulePath}).cancelOnSignal((signal) => new Promise(() => {
					signal.addEventListener("abort", () => writeSync(1, "told to stop\\n"));
					writeSync(1, "running\\n");
				}));`,
			);
			const { child, printed } = start("console-events", [process.execPath], [script]);
			await until("the start", () => printed.stdout === "running\n");
			child.stdin.write(key);
			await until("the first time", () => printed.stdout === "running\ntold to stop\n");
			child.stdin.end(key);
			assert.deepEqual(await once(child, "close"), [130, null]);
		});
	});
}

describe("a console that is closed", () => {
	const skip = underWine && "Wine 8 ends the programs of a closed console without an event";
	it("cancels the export: the old file unchanged, nothing left behind", { skip }, async (test) => {
		const { child, directory, out } = await startExport(test, (nodeArguments) =>
			start("pseudo-console", ["80"], nodeArguments),
		);
		child.stdin.end();
		await once(child, "close");
		// Windows may end the program that waits for Node before it ends Node.
		await until("the end", () => readdirSync(directory).length === 1);
		assert.equal(readFileSync(out, "utf8"), "before");
	});

	it("leaves the old file unchanged even if the process is ended at once", async (test) => {
		const { child, directory, out } = await startExport(test, (nodeArguments) =>
			start("pseudo-console", ["80"], nodeArguments),
		);
		child.stdin.end();
		await once(child, "close");
		assert.equal(readFileSync(out, "utf8"), "before");
		await until("the end", () => readdirSync(directory).every((name) => name === "out.zip" || underWine));
	});
});

describe("a console shows", () => {
	it("the progress bar, which is cleared at the end, and the summary", async (test) => {
		const out = path.join(temporaryDirectory(test), "概要 é.json");
		const { status, lines } = await runOnConsole(120, sample, "--out", out);
		assert.equal(status, 0);
		assert.ok(
			lines.some((line) => line.includes(`Finishing [${"#".repeat(24)}] 100%`)),
			lines.join("\n"),
		);
		assert.ok(
			lines.some((line) => /^range +All time/.test(line)),
			lines.join("\n"),
		);
		assert.ok(
			lines.some((line) => line.includes("概要 é.json")),
			lines.join("\n"),
		);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
	});

	it("as much of the progress bar as it has columns for", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		const { lines } = await runOnConsole(24, sample, "--out", out);
		// Consoles may send a line in several steps.
		assert.ok(lines.join("").includes("Finishing [######] 100%"), lines.join("\n"));
		assert.ok(!lines.join("").includes("events,"), lines.join("\n"));
	});

	it("no progress bar with --json", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		const { status, lines } = await runOnConsole(80, sample, "--json", "--out", out);
		assert.equal(status, 0);
		assert.ok(
			lines.some((line) => line.includes('"eventCount": 396')),
			lines.join("\n"),
		);
		assert.ok(!lines.some((line) => line.includes("%")), lines.join("\n"));
	});

	it("events in the letters of any script, without a progress bar", async (test) => {
		const directory = temporaryDirectory(test);
		// More bytes than are written at once, so that letters lie across borders. Not more than fits on the screen, which
		// would be drawn again.
		const letters = "é概Ω".repeat(1_200);
		writeTelemetry(directory, {
			"telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z", { properties: { letters } })],
		});
		const { status, text } = await runOnConsole(200, directory, "--out", "-");
		assert.equal(status, 0);
		// The console breaks the long line, and may draw a row again.
		const drawnOver = (/** @type {string} */ row, /** @type {string} */ again) =>
			again + row.slice(again.length);
		const screen = text.split("\r\n").map((row) => row.split("\r").reduce(drawnOver));
		assert.equal(screen.join("").replace(/[^é概Ω\ufffd]/g, ""), letters);
		assert.ok(!text.includes("%"));
	});
});
