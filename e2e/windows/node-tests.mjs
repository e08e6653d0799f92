/** Runs test files in Windows' Node. */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";
import { cacheFolder, windowsFolder, windowsNode } from "./tools.mjs";
import { runWindowsProgram, windowsPath } from "./wine.mjs";

/** @typedef {import("./outcome.mjs").Outcome} Outcome */
/** @typedef {import("./test-events.mjs").EndedTest} EndedTest */

const logsFolder = path.join(cacheFolder, "logs");
const reporter = path.join(windowsFolder, "test-events.mjs");

/** The time limit for a test file, far more than any file needs. Wine sometimes does not notice that a process has ended. */
const fileTimeoutMs = 4 * 60_000;

/**
 * @typedef {object} Plan
 * @property {string} name of its logs
 * @property {string[]} files with different names
 * @property {number} timeoutMs far more than they take on two busy cores
 * @property {number} [concurrency]
 * @property {NodeJS.ProcessEnv} [env] variables to add
 */

/**
 * Runs test files. Files with a failed test, or without a test that ended, run once more, one at a time, because Wine
 * sometimes fails to start or to end a process. The output names these files, and their second result counts.
 *
 * @param {Plan} plan
 * @returns {Promise<Outcome>}
 */
export async function runNodeTests(plan) {
	const names = plan.files.map((file) => path.basename(file));
	const first = await runOnce(plan);
	const again = namesToRepeat(names, first.ended);
	if (first.exitCode === null || again.length === 0) {
		return outcomeOf(names, first.ended, first.exitCode, plan.timeoutMs);
	}
	console.log(`\nOnce more, because a test failed or did not run: ${again.join(", ")}`);
	const files = plan.files.filter((file) => again.includes(path.basename(file)));
	const second = await runOnce({ ...plan, name: `${plan.name}-again`, files, concurrency: 1 });
	const ended = [...first.ended.filter(({ file }) => !again.includes(file)), ...second.ended];
	return outcomeOf(names, ended, second.exitCode, plan.timeoutMs);
}

/**
 * @param {string[]} names of all files that should have run
 * @param {EndedTest[]} ended
 * @returns {string[]} the names of files with a failed test, or without a test that ended
 */
export function namesToRepeat(names, ended) {
	return names.filter((name) => {
		const tests = ended.filter(({ file }) => file === name);
		return tests.length === 0 || tests.some(({ passed, skipped }) => !passed && skipped === undefined);
	});
}

/**
 * @param {Plan} plan
 * @returns {Promise<{ ended: EndedTest[], exitCode: number | null }>}
 */
async function runOnce({ name, files, timeoutMs, concurrency = availableParallelism(), env = {} }) {
	const events = path.join(logsFolder, `${name}.jsonl`);
	rmSync(events, { force: true });
	const words = [
		"--test",
		`--test-concurrency=${concurrency}`,
		`--test-timeout=${fileTimeoutMs}`,
		"--test-reporter=spec",
		"--test-reporter-destination=stdout",
		`--test-reporter=./${path.relative(repository, reporter)}`,
		`--test-reporter-destination=${windowsPath(events)}`,
		...files.map((file) => path.relative(repository, file)),
	];
	const log = path.join(logsFolder, `${name}.txt`);
	const options = { cwd: repository, log, timeoutMs, env };
	const { exitCode, output } = await runWindowsProgram(windowsNode, words, options);
	console.log(output.trim());
	return { ended: readEvents(events), exitCode };
}

/**
 * @param {string} events the file to which a reporter has written a line for each test that ended
 * @returns {EndedTest[]}
 */
export function readEvents(events) {
	const lines = existsSync(events) ? readFileSync(events, "utf8").split("\n") : [];
	return lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/**
 * @param {string[]} files names of all files that should have run
 * @param {EndedTest[]} ended
 * @param {number | null} exitCode null if the run took longer than `timeoutMs`
 * @param {number} timeoutMs
 * @returns {Outcome}
 */
export function outcomeOf(files, ended, exitCode, timeoutMs) {
	const outcome = nodeOutcome(files, ended, exitCode);
	if (exitCode === null) {
		outcome.faults.push(`they took more than ${timeoutMs / 60_000} minutes`);
	}
	return outcome;
}

/**
 * @param {string[]} files names of all files that should have run
 * @param {EndedTest[]} ended
 * @param {number | null} exitCode
 * @returns {Outcome} a suite that was skipped counts as one test
 */
export function nodeOutcome(files, ended, exitCode) {
	// Node reports a file as a test of its name if it crashes, or if it has no tests.
	const ofFiles = ended.filter(({ file, names }) => names.length === 1 && isFile(names[0] ?? "", file));
	const tests = ended.filter(
		(test) => !ofFiles.includes(test) && (!test.isSuite || test.skipped !== undefined),
	);
	const skipped = tests.flatMap(({ file, names, skipped: reason }) =>
		reason === undefined ? [] : [{ name: `${file}: ${names.join(" › ")}`, reason }],
	);
	const run = tests.filter(({ skipped: reason }) => reason === undefined);
	const failed = run.filter(({ passed }) => !passed).length;
	const faults = files
		.filter((name) => !tests.some(({ file }) => file === name))
		.map((name) => `no test of ${name} ran`);
	faults.push(...ofFiles.filter(({ passed }) => !passed).map(({ file }) => `${file} failed as a whole`));
	if (exitCode !== null && (exitCode === 0) !== (failed === 0 && faults.length === 0)) {
		faults.push(`Node's exit code is ${exitCode}`);
	}
	return { passed: run.length - failed, failed, skipped, faults };
}

/**
 * @param {string} name of a test
 * @param {string} file
 */
function isFile(name, file) {
	return name.split(/[\\/]/).at(-1) === file;
}
