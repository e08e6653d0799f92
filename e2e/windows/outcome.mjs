/** What the parts of this suite found, and how it is printed. */

/**
 * @typedef {object} SkippedTest
 * @property {string} name with the names of its suites and its file
 * @property {string} reason
 */

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {SkippedTest[]} skipped
 * @property {string[]} faults what is wrong besides failed tests, such as a crash or a file whose tests did not run
 */

/**
 * @typedef {object} Part of the suite
 * @property {string} name
 * @property {() => Promise<Outcome>} run
 */

/**
 * Adds up outcomes.
 *
 * @param {Outcome[]} outcomes
 * @returns {Outcome}
 */
export function sum(outcomes) {
	return {
		passed: outcomes.reduce((count, { passed }) => count + passed, 0),
		failed: outcomes.reduce((count, { failed }) => count + failed, 0),
		skipped: outcomes.flatMap(({ skipped }) => skipped),
		faults: outcomes.flatMap(({ faults }) => faults),
	};
}

/**
 * @param {Outcome} outcome
 * @returns {boolean} whether tests ran, and none failed
 */
export function isGood({ passed, failed, faults }) {
	return passed > 0 && failed === 0 && faults.length === 0;
}

/**
 * Runs all parts, even if one fails. Prints what was skipped and why, then the counts, and sets the exit code.
 *
 * @param {Part[]} parts
 */
export async function runParts(parts) {
	const lines = [];
	const outcomes = [];
	for (const { name, run } of parts) {
		console.log(`\n── ${name}`);
		const started = performance.now();
		const outcome = await run().catch(crash);
		const seconds = Math.round((performance.now() - started) / 1000);
		outcomes.push(outcome);
		lines.push(
			`${isGood(outcome) ? "passed" : "FAILED"}  ${name.padEnd(17)}  ${counts(outcome)}, ${seconds} s`,
			...outcome.faults.map((fault) => `        ${fault}`),
		);
	}
	const all = sum(outcomes);
	console.log(["", ...skippedLines(all.skipped), "", ...lines, "", counts(all)].join("\n"));
	process.exitCode = outcomes.every(isGood) ? 0 : 1;
}

/**
 * @param {unknown} error
 * @returns {Outcome}
 */
function crash(error) {
	console.error(error);
	return { passed: 0, failed: 0, skipped: [], faults: [String(error)] };
}

/** @param {Outcome} outcome */
function counts({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
}

/**
 * @param {SkippedTest[]} skipped
 * @returns {string[]} the tests below their reasons, the most frequent reason first
 */
function skippedLines(skipped) {
	/** @type {Map<string, SkippedTest[]>} */
	const groups = new Map();
	for (const test of skipped) {
		groups.set(test.reason, [...(groups.get(test.reason) ?? []), test]);
	}
	return [...groups]
		.sort(([, left], [, right]) => right.length - left.length)
		.flatMap(([reason, tests]) => [
			`skipped (${tests.length}): ${reason}`,
			...tests.map(({ name }) => `    ${name}`),
		]);
}
