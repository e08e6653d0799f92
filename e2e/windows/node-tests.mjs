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

/**
 * @param {object} plan
 * @param {string} plan.name of its logs
 * @param {string[]} plan.files with different names
 * @param {number} plan.timeoutMs far more than they take on two busy cores
 * @param {number} [plan.concurrency]
 * @param {NodeJS.ProcessEnv} [plan.env] variables to add
 * @returns {Promise<Outcome>}
 */
export async function runNodeTests({
	name,
	files,
	timeoutMs,
	concurrency = availableParallelism(),
	env = {},
}) {
	const events = path.join(logsFolder, `${name}.jsonl`);
	rmSync(events, { force: true });
	const words = [
		"--test",
		`--test-concurrency=${concurrency}`,
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
	return outcomeFromEvents({ files: files.map((file) => path.basename(file)), events, exitCode, timeoutMs });
}

/**
 * @param {object} run
 * @param {string[]} run.files names of all files that should have run
 * @param {string} run.events the file to which a reporter has written a line for each test that ended
 * @param {number | null} run.exitCode null if the run took longer than `timeoutMs`
 * @param {number} run.timeoutMs
 * @returns {Outcome}
 */
export function outcomeFromEvents({ files, events, exitCode, timeoutMs }) {
	const lines = existsSync(events) ? readFileSync(events, "utf8").split("\n") : [];
	const ended = lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
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
