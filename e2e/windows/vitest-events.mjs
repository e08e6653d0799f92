/**
 * A reporter of Vitest that writes what `test-events.mjs` writes for Node's test runner: a line of JSON for each test that
 * ended. Windows' Node loads it.
 */

import { appendFileSync } from "node:fs";
import path from "node:path";

/** @typedef {import("./test-events.mjs").EndedTest} EndedTest */
/** @typedef {import("vitest/node").Reporter} Reporter */
/** @typedef {import("vitest/node").TestCase} TestCase */
/** @typedef {import("vitest/node").TestModule} TestModule */
/** @typedef {import("vitest/node").TestSuite} TestSuite */

/** Environment variable with the path of the file to write. */
export const eventsVariable = "CODER_TELEMETRY_E2E_VITEST_EVENTS";

/** @implements {Reporter} */
export default class VitestEvents {
	/** @param {TestCase} test */
	onTestCaseResult(test) {
		const result = test.result();
		/** @type {EndedTest} */
		const ended = {
			file: fileOf(test.module),
			names: namesOf(test),
			passed: result.state === "passed",
			isSuite: false,
		};
		if (result.state === "skipped") {
			ended.skipped = result.note ?? "no reason given";
		}
		write(ended);
	}

	/** @param {TestModule} testModule */
	onTestModuleEnd(testModule) {
		if (testModule.errors().length > 0) {
			const file = fileOf(testModule);
			write({ file, names: [file], passed: false, isSuite: true });
		}
	}
}

/**
 * @param {TestModule} testModule
 * @returns {string} the name of its file, without its folder
 */
function fileOf({ moduleId }) {
	return path.basename(moduleId);
}

/**
 * @param {TestCase | TestSuite} test
 * @returns {string[]} the names of the suites that it is in, and its own
 */
function namesOf({ name, parent }) {
	return parent.type === "module" ? [name] : [...namesOf(parent), name];
}

/** @param {EndedTest} ended */
function write(ended) {
	const file = process.env[eventsVariable];
	if (file === undefined) {
		throw new Error(`${eventsVariable} is not set: this reporter is for npm run test:windows`);
	}
	appendFileSync(file, `${JSON.stringify(ended)}\n`);
}
