/** `node release/versions/notes.mjs vX.Y.Z`: prints the sections of a release from both changelogs. */

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
 * @returns {string} its changes in Markdown, of the exporter and then of the extension
 * @throws {Error} if a changelog has no section for it
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
		throw new Error(`${file}: there is no section for ${tag}: give the tag of a release, such as v1.2.0`);
	}
	return contentOf(section);
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => console.log(releaseNotes(readerOf(repository), process.argv[2] ?? "")));
}
