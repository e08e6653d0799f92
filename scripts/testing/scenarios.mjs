/**
 * Runs the scenarios of an end-to-end suite in a process group that ends with the run, with a scratch folder that is
 * removed after it.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { nodeTestTotals } from "../node-test-totals.mjs";
import { makeScratch, removeScratch, scratchVariable } from "./scratch.mjs";

/**
 * Runs the scenarios, one file after the other, shows their output as it comes, and ends with how many tests really
 * ran. Sets the process's exit code.
 *
 * @param {object} plan
 * @param {string} plan.name of what is tested, for the last line
 * @param {string[]} plan.files the scenarios
 * @param {number} plan.timeoutMs much longer than they take on two busy cores
 */
export async function runScenarios({ name, files, timeoutMs }) {
	const scratch = makeScratch();
	try {
		const started = performance.now();
		const { succeeded, output } = await runTests(files, scratch, timeoutMs);
		const { passed, failed, skipped } = nodeTestTotals(output);
		const isGood = succeeded && passed > 0;
		const seconds = Math.round((performance.now() - started) / 1000);
		console.log(
			`\n${isGood ? "passed" : "FAILED"}  ${name}  ${passed} passed, ${failed} failed, ` +
				`${skipped} skipped, ${seconds} s`,
		);
		process.exitCode = isGood ? 0 : 1;
	} finally {
		removeScratch(scratch);
	}
}

/**
 * @param {string} folder
 * @returns {string[]} its files `*.test.mjs`, in order
 */
export function scenariosIn(folder) {
	return readdirSync(folder)
		.filter((name) => name.endsWith(".test.mjs"))
		.sort()
		.map((name) => path.join(folder, name));
}

/**
 * @param {string[]} files
 * @param {string} scratch
 * @param {number} timeoutMs
 * @returns {Promise<{ succeeded: boolean, output: string }>}
 */
async function runTests(files, scratch, timeoutMs) {
	const words = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files];
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
