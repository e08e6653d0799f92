/**
 * Writes a new version to every place, and moves the unreleased changes in the changelogs to a section for it. `npm version`
 * runs it after changing `package.json` and before committing:
 *
 *     node release/versions/move.mjs [--trial]
 *
 * With `--trial` it writes nothing. npm runs that before it changes anything, so that a refusal leaves everything unchanged.
 */

import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import semver from "semver";
import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure, repository } from "../../scripts/set-up.mjs";
import {
	dayOf,
	exporterChangelog,
	extensionChangelog,
	findSection,
	isEmpty,
	parseChangelog,
	releaseChangelog,
	releasedSections,
	unreleased,
} from "./changelog.mjs";
import { places, readerOf, versionOfPackage, withVersion } from "./manifests.mjs";
import { checkChangelogs, checkVersions, whyUnreleasable } from "./rules.mjs";
import { releaseTags, stage, tagOf } from "./tags.mjs";

/** @typedef {import("./manifests.mjs").ReadText} ReadText */

/**
 * Moves a repository to a version, and stages the changed files.
 *
 * @param {string} root
 * @param {{ version: string, now: Date, trial?: boolean }} release
 * @returns {string[]} the files that changed, or would change
 * @throws {Error} if the version cannot be released; then nothing is changed
 */
export function moveVersion(root, { version, now, trial = false }) {
	const read = readerOf(root);
	refuseReleased(root, read, version);
	const texts = moved(read, version, dayOf(now));
	const files = [...texts.keys()];
	if (!trial) {
		for (const [file, text] of texts) {
			writeFileSync(path.join(root, file), text);
		}
		stage(root, files);
	}
	return files;
}

/**
 * @param {string} root
 * @param {ReadText} read
 * @param {string} version
 * @throws {Error} if the version cannot be released, or is released already
 */
function refuseReleased(root, read, version) {
	const reason = whyUnreleasable(version);
	if (reason !== undefined) {
		throw new Error(reason);
	}
	const changelog = read(exporterChangelog);
	const [newest] = releasedSections(parseChangelog(changelog));
	if (newest !== undefined && semver.valid(newest.name) !== null && !semver.gt(version, newest.name)) {
		throw new Error(
			`${exporterChangelog}:${newest.line}: ${newest.name} is released already, and ${version} is not newer`,
		);
	}
	if (releaseTags(root).includes(tagOf(version))) {
		throw new Error(`The tag ${tagOf(version)} exists already: choose another version`);
	}
	const pending = findSection(changelog, unreleased);
	if (pending === undefined || isEmpty(pending)) {
		throw new Error(
			`${exporterChangelog}:${pending?.line ?? 1}: [${unreleased}] is empty: ` +
				`write what ${version} changes, even if only the extension changes`,
		);
	}
}

/**
 * @param {ReadText} read
 * @param {string} version
 * @param {string} date
 * @returns {Map<string, string>} the new texts of the files that change
 * @throws {Error} if the new texts would break a rule
 */
function moved(read, version, date) {
	/** @type {Map<string, string>} */
	const texts = new Map();
	for (const place of places) {
		texts.set(place.file, withVersion(place, read(place.file), version));
	}
	for (const file of [exporterChangelog, extensionChangelog]) {
		const ifEmpty = `Only the exporter inside changed. It is now coder-telemetry-export ${version}.`;
		texts.set(file, releaseChangelog(read(file), { version, date, ifEmpty }));
	}
	const readMoved = (/** @type {string} */ file) => texts.get(file) ?? read(file);
	const problems = [checkVersions(readMoved), checkChangelogs(readMoved, date)].flatMap(
		(outcome) => outcome.problems,
	);
	if (problems.length > 0) {
		throw new Error(`${version} would be released with these problems:\n  ${problems.join("\n  ")}`);
	}
	return new Map([...texts].filter(([file, text]) => text !== read(file)));
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => {
		const { values } = parseArgs({ options: { trial: { type: "boolean" } } });
		const version = process.env.npm_new_version ?? versionOfPackage(readerOf(repository));
		const files = moveVersion(repository, { version, now: new Date(), trial: values.trial });
		if (!values.trial) {
			console.log(`Moved to ${version}:\n  ${files.join("\n  ")}`);
		}
	});
}
