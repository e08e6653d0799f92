/** Reads and writes changelogs in the format of Keep a Changelog. */

/**
 * @typedef {object} Section
 * @property {number} line line number of its heading
 * @property {string} heading
 * @property {string} [name] `Unreleased` or a version; missing if the heading is not well-formed
 * @property {string} [date] of a version
 * @property {string[]} body its lines below the heading
 */

/** The changelog of the exporter. */
export const exporterChangelog = "CHANGELOG.md";

/** The changelog of the editor's extension. */
export const extensionChangelog = "extension/CHANGELOG.md";

/** The name of the section for unreleased changes. */
export const unreleased = "Unreleased";

const heading = /^## \[(?:(?<unreleased>Unreleased)\]|(?<version>[^\]]+)\] - (?<date>\d{4}-\d\d-\d\d))$/;

/** The sentence that announces a version. It is not a change, and a release drops it. */
const announcement = /^These changes will be in \S+\.$/;

/**
 * @param {Date} now
 * @returns {string} the UTC date in the form YYYY-MM-DD
 */
export function dayOf(now) {
	return now.toISOString().slice(0, 10);
}

/**
 * @param {string} text
 * @returns {Section[]} its sections, in order
 */
export function parseChangelog(text) {
	/** @type {Section[]} */
	const sections = [];
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		if (line.startsWith("## ")) {
			const { unreleased, version, date } = heading.exec(line)?.groups ?? {};
			sections.push({ line: index + 1, heading: line, name: unreleased ?? version, date, body: [] });
		} else {
			sections.at(-1)?.body.push(line);
		}
	}
	return sections;
}

/**
 * @param {string} text of a changelog
 * @param {string} name
 * @returns {Section | undefined} its section of that name
 */
export function findSection(text, name) {
	return parseChangelog(text).find((section) => section.name === name);
}

/**
 * @param {Section[]} sections
 * @returns {(Section & { name: string, date: string })[]} those of versions
 */
export function releasedSections(sections) {
	return sections.filter(
		/** @returns {section is Section & { name: string, date: string }} */
		(section) => section.date !== undefined,
	);
}

/**
 * @param {Section} section
 * @returns {boolean} whether it has no changes; headings and announcements do not count
 */
export function isEmpty(section) {
	return section.body.every((line) => line.trim() === "" || line.startsWith("#") || announcement.test(line));
}

/**
 * @param {Section} section
 * @returns {string[]} its lines, without the announcement and without leading and trailing blank lines
 */
export function contentOf(section) {
	const lines = section.body.filter((line) => !announcement.test(line));
	const isText = (/** @type {string} */ line) => line.trim() !== "";
	const first = lines.findIndex(isText);
	return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isText) + 1);
}

/**
 * Moves the unreleased changes to a new section for a version.
 *
 * @param {string} text of a changelog
 * @param {{ version: string, date: string, ifEmpty: string }} release `ifEmpty` is the text if there are no changes
 * @returns {string} the new text; other sections are unchanged
 * @throws {Error} if it has no section for unreleased changes
 */
export function releaseChangelog(text, { version, date, ifEmpty }) {
	const sections = parseChangelog(text);
	const index = sections.findIndex(({ name }) => name === unreleased);
	const section = sections[index];
	if (section === undefined) {
		throw new Error(`There is no section "## [${unreleased}]": add it above all others.`);
	}
	const lines = text.split(/(?<=\n)/);
	const above = lines.slice(0, section.line - 1).join("");
	const below = lines.slice((sections[index + 1]?.line ?? Number.POSITIVE_INFINITY) - 1).join("");
	const content = isEmpty(section) ? [ifEmpty] : contentOf(section);
	const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
	const between = [`## [${unreleased}]`, "", `## [${version}] - ${date}`, "", ...content, ""].join(lineEnd);
	return above + between + (below === "" ? "" : lineEnd) + below;
}
