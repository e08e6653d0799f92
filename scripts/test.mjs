/**
 * `npm test`: sets the checkout up, runs the Rust tests, the addon's tests, those of what is released, the extension's
 * tests and the type checker, all of them even when one fails, and ends with how many tests really ran.
 *
 * `npm test -- --addon`: runs the addon's tests alone, against the binary that is there, whoever built it.
 */

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs, stripVTControlCharacters } from "node:util";
import { nodeTestTotals } from "./node-test-totals.mjs";
import { needsShell } from "./programs.mjs";
import { repository, setUp } from "./set-up.mjs";

/**
 * @typedef {object} Outcome
 * @property {string} suite what ran
 * @property {boolean} succeeded whether its exit code was 0
 * @property {string} counts how many tests passed, failed and were skipped, in words
 */

/**
 * Adds up the result lines of `cargo test`, one for each test binary.
 *
 * @param {string} output
 * @returns {string}
 */
function countCargoTests(output) {
	const results = output.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm);
	let [passed, failed, ignored] = [0, 0, 0];
	for (const result of results) {
		passed += Number(result[1]);
		failed += Number(result[2]);
		ignored += Number(result[3]);
	}
	return `${passed} passed, ${failed} failed, ${ignored} ignored`;
}

/**
 * @param {string} output
 * @returns {string}
 */
function countNodeTests(output) {
	const { passed, failed, skipped } = nodeTestTotals(output);
	return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Reads the line of totals that vitest prints last, such as `Tests  1 failed | 187 passed (188)`.
 *
 * @param {string} output
 * @returns {string}
 */
function countVitestTests(output) {
	const totals = output.match(/^ *Tests +(.*)$/m)?.[1] ?? "";
	const total = (/** @type {string} */ name) => totals.match(new RegExp(`(\\d+) ${name}`))?.[1] ?? "0";
	return `${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`;
}

/**
 * @param {string} output
 * @returns {string}
 */
function countTypeErrors(output) {
	return `${output.match(/error TS\d+/g)?.length ?? 0} errors`;
}

/**
 * Runs one suite, showing its output as it comes.
 *
 * @param {string} suite
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {(output: string) => string} count
 * @returns {Promise<Outcome>}
 */
async function runSuite(suite, command, commandArguments, count) {
	console.log(`\n── ${suite}`);
	const child = spawn(command, commandArguments, {
		cwd: repository,
		stdio: ["ignore", "pipe", "inherit"],
		shell: needsShell(command),
	});
	let output = "";
	child.stdout.setEncoding("utf8");
	child.stdout.on("data", (chunk) => {
		output += chunk;
		process.stdout.write(chunk);
	});
	/** @type {number | null} */
	const exitCode = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
	return { suite, succeeded: exitCode === 0, counts: count(stripVTControlCharacters(output)) };
}

/**
 * @param {string} folder
 * @returns {string[]} its test files, relative to the repository
 */
function testFiles(folder) {
	return readdirSync(path.join(repository, folder))
		.filter((name) => name.endsWith(".test.mjs"))
		.sort()
		.map((name) => path.join(folder, name));
}

/**
 * @param {string} folder
 * @returns {Promise<Outcome>}
 */
function runNodeSuite(folder) {
	const words = ["--test", "--test-reporter=spec", ...testFiles(folder)];
	return runSuite(`node ${folder}`, process.execPath, words, countNodeTests);
}

const { addon: addonOnly } = parseArgs({ options: { addon: { type: "boolean", default: false } } }).values;

/** @returns {Promise<Outcome[]>} */
async function runSuites() {
	setUp();
	const typescript = path.join("node_modules", "typescript", "bin", "tsc");
	return [
		await runSuite("cargo test", "cargo", ["test"], countCargoTests),
		await runNodeSuite("__test__"),
		await runNodeSuite(path.join("release", "test")),
		await runSuite("vitest", "npm", ["test", "--silent", "--workspace", "extension"], countVitestTests),
		await runSuite("tsc", process.execPath, [typescript, "--noEmit"], countTypeErrors),
		await runSuite("tsc extension", process.execPath, [typescript, "-p", "extension"], countTypeErrors),
		await runSuite("tsc e2e/browser", process.execPath, [typescript, "-p", "e2e/browser"], countTypeErrors),
	];
}

const outcomes = addonOnly ? [await runNodeSuite("__test__")] : await runSuites();

console.log();
for (const { suite, succeeded, counts } of outcomes) {
	console.log(`${succeeded ? "passed" : "FAILED"}  ${suite.padEnd(17)}  ${counts}`);
}
process.exitCode = outcomes.every(({ succeeded }) => succeeded) ? 0 : 1;
