/**
 * `npm run check:versions -- [--tag vX.Y.Z]`: checks that versions, changelogs and tags agree. With `--tag`, also checks
 * that the checkout is ready to be released under that tag.
 */

import { parseArgs } from "node:util";
import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure, repository } from "../../scripts/set-up.mjs";
import { dayOf } from "./changelog.mjs";
import { readerOf } from "./manifests.mjs";
import { checkChangelogs, checkRelease, checkTags, checkVersions } from "./rules.mjs";

/** @typedef {import("./rules.mjs").Outcome} Outcome */

/**
 * Checks a repository.
 *
 * @param {string} root
 * @param {{ tag?: string, now: Date }} circumstances
 * @returns {Outcome[]}
 */
export function check(root, { tag, now }) {
	const read = readerOf(root);
	const outcomes = [checkVersions(read), checkChangelogs(read, dayOf(now)), checkTags(root, read)];
	return tag === undefined ? outcomes : [...outcomes, checkRelease(root, read, tag)];
}

/**
 * @param {Outcome} outcome
 * @returns {string} one line, plus one for each problem
 */
function printOutcome({ check, problems, found, skipped }) {
	if (problems.length > 0) {
		return [`FAILED   ${check}`, ...problems.map((problem) => `  ${problem}`)].join("\n");
	}
	return `${skipped ? "skipped" : "ok     "}  ${check.padEnd(10)}  ${found}`;
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => {
		const { values } = parseArgs({ options: { tag: { type: "string" } } });
		const outcomes = check(repository, { tag: values.tag, now: new Date() });
		console.log(outcomes.map(printOutcome).join("\n"));
		process.exitCode = outcomes.some(({ problems }) => problems.length > 0) ? 1 : 0;
	});
}
