/** `node release/versions/notes.mjs vX.Y.Z`: prints what both changelogs say of a release. */

import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure, repository } from "../../scripts/set-up.mjs";
import {
	contentOf,
	exporterChangelog,
	extensionChangelog,
	parseChangelog,
	releasedSections,
} from "./changelog.mjs";
import { readerOf } from "./manifests.mjs";
import { tagOf } from "./tags.mjs";

/** @typedef {import("./manifests.mjs").ReadText} ReadText */

/**
 * @param {ReadText} read
 * @param {string} tag
 * @returns {string} what changed with it, in Markdown: of the exporter, then of the extension
 * @throws {Error} where a changelog does not tell
 */
export function releaseNotes(read, tag) {
	return [
		...changes(read, exporterChangelog, tag),
		"",
		"## VS Code extension",
		"",
		...changes(read, extensionChangelog, tag),
	].join("\n");
}

/**
 * @param {ReadText} read
 * @param {string} file
 * @param {string} tag
 * @returns {string[]}
 */
function changes(read, file, tag) {
	const section = releasedSections(parseChangelog(read(file))).find(({ name }) => tagOf(name) === tag);
	if (section === undefined) {
		throw new Error(`${file}: no section is of ${tag}: give the tag of a release, such as v1.2.0`);
	}
	return contentOf(section);
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => console.log(releaseNotes(readerOf(repository), process.argv[2] ?? "")));
}
