/** Runs the core's tests under Wine. */

import { availableParallelism } from "node:os";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";
import { sum } from "./outcome.mjs";
import { cacheFolder } from "./tools.mjs";
import { runWindowsProgram } from "./wine.mjs";

/** @typedef {import("./build.mjs").TestProgram} TestProgram */
/** @typedef {import("./outcome.mjs").Outcome} Outcome */

/** Far more than any takes on two busy cores. */
const timeoutMs = 5 * 60_000;

/**
 * @param {TestProgram[]} programs run side by side, one for each core
 * @returns {Promise<Outcome>}
 */
export async function runCoreTests(programs) {
	const waiting = [...programs];
	/** @type {Outcome[]} */
	const outcomes = [];
	const runWaiting = async () => {
		for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
			outcomes.push(await runTestProgram(program));
		}
	};
	await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
	return sum(outcomes);
}

/**
 * @param {TestProgram} program
 * @returns {Promise<Outcome>}
 */
async function runTestProgram({ name, file }) {
	const log = path.join(cacheFolder, "logs", `core-${name}.txt`);
	const { exitCode, output } = await runWindowsProgram(file, ["--show-output"], {
		cwd: repository,
		log,
		timeoutMs,
	});
	console.log(`\n${name}\n${output.trim()}`);
	return coreOutcome(name, exitCode, output);
}

/**
 * @param {string} name
 * @param {number | null} exitCode
 * @param {string} output of Rust's test harness, with what passed tests printed
 * @returns {Outcome} Rust's tests cannot be skipped while they run, so a test that prints `skipped: REASON` counts as skipped
 */
export function coreOutcome(name, exitCode, output) {
	const result = output.match(/^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored;/m);
	const [, passed = "0", failed = "0", ignored = "0"] = result ?? [];
	const ignoredTests = [...output.matchAll(/^test (.+?) \.\.\. ignored(?:, (.*))?$/gm)].map(
		([, test = "", reason = "no reason given"]) => ({ name: `${name}: ${test}`, reason: reason.trim() }),
	);
	const skippedTests = output.split(/^---- /m).flatMap((section) => {
		const test = section.match(/^(.+) stdout ----$/m)?.[1];
		const reason = section.match(/^skipped: (.*)$/m)?.[1];
		return test === undefined || reason === undefined
			? []
			: [{ name: `${name}: ${test}`, reason: reason.trim() }];
	});
	const faults = [];
	if (exitCode === null) {
		faults.push(`${name} took more than ${timeoutMs / 60_000} minutes`);
	} else if (result === null) {
		faults.push(`${name} ended with exit code ${exitCode} before its result`);
	} else if ((exitCode === 0) !== (failed === "0")) {
		faults.push(`${name} ended with exit code ${exitCode} and ${failed} failed tests`);
	} else if (Number(passed) + Number(failed) === 0) {
		faults.push(`${name} ran no test`);
	}
	if (ignoredTests.length !== Number(ignored)) {
		faults.push(`${name} names ${ignoredTests.length} of ${ignored} ignored tests`);
	}
	return {
		passed: Number(passed) - skippedTests.length,
		failed: Number(failed),
		skipped: [...ignoredTests, ...skippedTests],
		faults,
	};
}
