/**
 * `npm run test:vscode`: sets the checkout and the tools up, makes the VSIX, and runs the scenarios against it in a
 * VS Code that is served to a browser. Ends with how many tests really ran; nothing it started or wrote outside this
 * repository is left. Pictures of every step are in `artifacts`.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { nodeTestTotals } from "../../../scripts/node-test-totals.mjs";
import { setUp } from "../../../scripts/set-up.mjs";
import { packageExtension } from "./extension-package.mjs";
import { makeScratch, removeScratch, scratchVariable } from "./scratch.mjs";
import { installTools, testFolder } from "./tools.mjs";

/** Much longer than the scenarios take on two busy cores. */
const timeoutMs = 20 * 60_000;

/** @returns {string[]} */
function scenarioFiles() {
	const folder = path.join(testFolder, "scenarios");
	return readdirSync(folder)
		.filter((name) => name.endsWith(".test.mjs"))
		.sort()
		.map((name) => path.join(folder, name));
}

/**
 * Runs the scenarios, one file after the other, and shows their output as it comes.
 *
 * @param {string} scratch
 * @returns {Promise<{ succeeded: boolean, output: string }>}
 */
async function runScenarios(scratch) {
	const words = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...scenarioFiles()];
	const child = spawn(process.execPath, words, {
		env: { ...process.env, [scratchVariable]: scratch },
		// A group of its own, which can be ended as a whole.
		detached: true,
		stdio: ["ignore", "pipe", "inherit"],
	});
	const end = () => {
		try {
			process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
		} catch {
			// It has ended already.
		}
	};
	const timer = setTimeout(() => {
		console.error(`The scenarios took more than ${timeoutMs / 60_000} minutes.`);
		end();
	}, timeoutMs);
	for (const signal of /** @type {const} */ (["SIGHUP", "SIGINT", "SIGTERM"])) {
		process.once(signal, end);
	}
	let output = "";
	child.stdout.setEncoding("utf8").on("data", (text) => {
		output += text;
		process.stdout.write(text);
	});
	const [exitCode] = await once(child, "close");
	clearTimeout(timer);
	return { succeeded: exitCode === 0, output: stripVTControlCharacters(output) };
}

setUp();
packageExtension();
installTools();
rmSync(path.join(testFolder, "artifacts"), { recursive: true, force: true });
const scratch = makeScratch();
try {
	const started = performance.now();
	const { succeeded, output } = await runScenarios(scratch);
	const { passed, failed, skipped } = nodeTestTotals(output);
	const isGood = succeeded && passed > 0;
	const seconds = Math.round((performance.now() - started) / 1000);
	console.log(
		`\n${isGood ? "passed" : "FAILED"}  VS Code  ${passed} passed, ${failed} failed, ` +
			`${skipped} skipped, ${seconds} s`,
	);
	process.exitCode = isGood ? 0 : 1;
} finally {
	removeScratch(scratch);
}
