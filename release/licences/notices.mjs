/** Prints the notices: a list of components with their licences, then each licence text once. */

import { isNotice, licencesIn, withoutLayout } from "./licence-files.mjs";
import { chooseLicences } from "./policy.mjs";

/** @typedef {import("./components.mjs").Component} Component */
/** @typedef {import("./licence-files.mjs").LicenceFile} LicenceFile */

/**
 * Components of one kind.
 *
 * @typedef {object} Section
 * @property {string} heading
 * @property {Component[]} components
 */

const line = "=".repeat(80);

const preface = `Third-party notices

coder-telemetry-export itself is licensed under the terms in the file LICENSE. Its
binaries and its extension also contain the works of others that are listed here,
each with its licence; the texts follow the lists. Where a work is offered under a
choice of licences, the one named after "used under" was taken. Not every binary
contains every work: which ones depends on its platform.`;

/**
 * @param {Section[]} sections empty ones are left out
 * @param {readonly string[]} allowed licences, preferred ones first
 * @returns {string} the same text on every machine
 * @throws {Error} if a component has no text of its licence
 */
export function printNotices(sections, allowed) {
	const shown = sections
		.filter(({ components }) => components.length > 0)
		.map(({ heading, components }) => ({ heading, components: components.toSorted(byTitle) }));
	const lists = shown.map(({ heading, components }) =>
		[heading, "", ...components.map((component) => printEntry(component, allowed))].join("\n"),
	);
	const texts = titlesByText(
		shown.flatMap(({ components }) => components),
		allowed,
	).map(({ titles, text }) => `${wrap(titles)}\n\n${text}`);
	return `${[preface, ...lists, ...texts].join(`\n\n${line}\n\n`)}\n`;
}

/**
 * Compares code units, so that the order does not depend on the machine's language.
 *
 * @param {Component} one
 * @param {Component} other
 */
function byTitle({ title: one }, { title: other }) {
	return one < other ? -1 : Number(one > other);
}

/**
 * @param {Component} component
 * @param {readonly string[]} allowed
 * @returns {string}
 */
function printEntry(component, allowed) {
	const { title, licence, repository } = component;
	const { licences } = neededTexts(component, allowed);
	const taken = licences.join(" AND ");
	const choice = taken === licence ? "" : `, used under ${taken}`;
	return [`- ${title}`, `  ${licence}${choice}`, ...(repository ? [`  ${repository}`] : [])].join("\n");
}

/**
 * Chooses the licences of a component among those whose text it has. Files are kept unless they are known to be the text
 * of another licence.
 *
 * @param {Component} component
 * @param {readonly string[]} allowed
 * @returns {{ licences: string[], files: LicenceFile[] }} the chosen licences, and the files to show
 * @throws {Error} if a text is missing
 */
export function neededTexts({ title, standIn, licence, files }, allowed) {
	const present = new Set(files.flatMap(({ text }) => licencesIn(text)));
	const licences = chooseLicences(
		licence ?? "",
		allowed.filter((name) => present.has(name)),
	);
	if (licences === undefined) {
		throw new Error(
			`${title} is licensed under ${licence} but has no text of it. ` +
				`Put the text from its repository, with its copyright line, into ${standIn}.`,
		);
	}
	return { licences, files: files.filter((file) => isNeeded(file, licences)) };
}

/**
 * @param {LicenceFile} file
 * @param {readonly string[]} licences
 */
function isNeeded(file, licences) {
	const held = licencesIn(file.text);
	return isNotice(file) || held.length === 0 || held.some((licence) => licences.includes(licence));
}

/**
 * @param {readonly Component[]} components
 * @param {readonly string[]} allowed
 * @returns {{ titles: string[], text: string }[]} each text with the titles of its components
 */
function titlesByText(components, allowed) {
	/** @type {Map<string, { titles: string[], text: string }>} */
	const found = new Map();
	for (const component of components) {
		for (const { text } of neededTexts(component, allowed).files) {
			const key = withoutLayout(text);
			const entry = found.get(key) ?? { titles: [], text };
			found.set(key, entry);
			if (!entry.titles.includes(component.title)) {
				entry.titles.push(component.title);
			}
		}
	}
	return [...found.values()];
}

/**
 * @param {string[]} titles
 * @returns {string} wrapped to readable lines
 */
function wrap(titles) {
	const lines = [""];
	for (const title of titles.map((name, index) => (index < titles.length - 1 ? `${name},` : `${name}:`))) {
		const current = lines.at(-1) ?? "";
		if (current !== "" && current.length + title.length >= line.length) {
			lines.push(title);
		} else {
			lines[lines.length - 1] = current === "" ? title : `${current} ${title}`;
		}
	}
	return lines.join("\n");
}
