/** The rules for versions, changelogs and tags. */

import semver from "semver";
import {
	exporterChangelog,
	extensionChangelog,
	findSection,
	isEmpty,
	parseChangelog,
	releasedSections,
	unreleased,
} from "./changelog.mjs";
import { places, versionOfPackage, versionsAt } from "./manifests.mjs";
import { commitOf, releaseTags, tagOf } from "./tags.mjs";

/** @typedef {import("./changelog.mjs").Section} Section */
/** @typedef {import("./manifests.mjs").ReadText} ReadText */

/**
 * @typedef {object} Outcome
 * @property {string} check
 * @property {string[]} problems each with its place and what to do
 * @property {string} found summary in one line
 * @property {boolean} [skipped] true if there was nothing to compare
 */

/** The kinds of changes of Keep a Changelog. */
const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/**
 * @param {string} version
 * @returns {string | undefined} why it cannot be released
 */
export function whyUnreleasable(version) {
	if (semver.valid(version) !== version) {
		return `"${version}" is not a version in the form X.Y.Z, such as 1.2.0`;
	}
	if (semver.prerelease(version) !== null) {
		return `${version} cannot be released: crate, packages and extension share one version, and the VS Code Marketplace accepts only X.Y.Z`;
	}
	return undefined;
}

/**
 * All places have the version of the top package, and that version can be released.
 *
 * @param {ReadText} read
 * @returns {Outcome}
 */
export function checkVersions(read) {
	const version = versionOfPackage(read);
	/** @type {string[]} */
	const problems = [];
	const reason = whyUnreleasable(version);
	if (reason !== undefined) {
		problems.push(`package.json: ${reason}`);
	}
	let count = 0;
	for (const place of places) {
		const found = versionsAt(place, read(place.file));
		count += found.length;
		if (found.length === 0 || found.length !== (place.times ?? found.length)) {
			problems.push(
				`${place.file}: the version was found ${found.length} times, not ${place.times ?? "at least once"}: ` +
					"correct its place in release/versions/manifests.mjs",
			);
		}
		for (const { line, version: other } of found.filter((one) => one.version !== version)) {
			problems.push(
				`${place.file}:${line}: the version is ${other}, but ${version} in package.json: ` +
					"write that here, and change versions only with `npm version`",
			);
		}
	}
	return { check: "versions", problems, found: `${version}, ${count} times in ${places.length} files` };
}

/**
 * Both changelogs are well-formed and have the same versions, and the newest is the version of the top package.
 *
 * @param {ReadText} read
 * @param {string} today as YYYY-MM-DD
 * @returns {Outcome}
 */
export function checkChangelogs(read, today) {
	const version = versionOfPackage(read);
	const problems = [exporterChangelog, extensionChangelog].flatMap((file) => {
		const sections = parseChangelog(read(file));
		const [newest] = releasedSections(sections);
		return [
			...headingProblems(sections),
			...sections.flatMap(contentProblems),
			...orderProblems(releasedSections(sections), today),
			...(newest === undefined || newest.name === version
				? []
				: [
						`${newest.line}: the newest version is ${newest.name}, but ${version} in package.json: release with \`npm version\``,
					]),
		].map((problem) => `${file}:${problem}`);
	});
	const exporter = releasedSections(parseChangelog(read(exporterChangelog)));
	const extension = releasedSections(parseChangelog(read(extensionChangelog)));
	const found =
		exporter.length === 0
			? "nothing is released yet"
			: `both have the same sections, the newest is ${exporter[0]?.name}`;
	return { check: "changelogs", problems: [...problems, ...differences(exporter, extension)], found };
}

/**
 * @param {Section[]} sections
 * @returns {string[]}
 */
function headingProblems(sections) {
	const problems = sections
		.filter(({ name }) => name === undefined)
		.map(({ line, heading }) => `${line}: "${heading}" should be "## [X.Y.Z] - YYYY-MM-DD"`);
	if (sections[0]?.name !== unreleased) {
		problems.push(`${sections[0]?.line ?? 1}: the first section is not "## [${unreleased}]": add it above`);
	}
	for (const { line } of sections.slice(1).filter(({ name }) => name === unreleased)) {
		problems.push(`${line}: a second section "## [${unreleased}]": move its content to the first`);
	}
	return problems;
}

/**
 * @param {Section} section
 * @returns {string[]}
 */
function contentProblems(section) {
	const problems = [];
	if (section.name !== unreleased && isEmpty(section)) {
		problems.push(`${section.line}: the section is empty: write what changed`);
	}
	for (const [index, text] of section.body.entries()) {
		const line = section.line + 1 + index;
		const kind = /^### (.*)$/.exec(text)?.[1];
		if (kind === undefined) {
			continue;
		}
		if (!kinds.includes(kind)) {
			problems.push(`${line}: "${kind}" is not a kind of change: use ${kinds.join(", ")}`);
		}
		const next = section.body.slice(index + 1).find((other) => other.trim() !== "");
		if (next === undefined || next.startsWith("#")) {
			problems.push(`${line}: "${kind}" has no entry: write what changed, or delete the heading`);
		}
	}
	return problems;
}

/**
 * @param {ReturnType<typeof releasedSections>} sections
 * @param {string} today
 * @returns {string[]}
 */
function orderProblems(sections, today) {
	return sections.flatMap(({ line, name, date }, index) => {
		const reason = whyUnreleasable(name);
		if (reason !== undefined) {
			return [`${line}: ${reason}`];
		}
		const problems = [];
		const time = Date.parse(`${date}T00:00:00Z`);
		if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(date)) {
			problems.push(`${line}: ${date} is not a date: write the day of the release`);
		} else if (date > today) {
			problems.push(`${line}: ${date} is in the future (today is ${today}): write the day of the release`);
		}
		const older = sections[index + 1];
		if (older !== undefined && semver.valid(older.name) !== null && semver.lte(name, older.name)) {
			problems.push(`${older.line}: ${older.name} is below ${name}: newer versions must be above older ones`);
		}
		if (older !== undefined && date < older.date) {
			problems.push(
				`${line}: ${name} has the date ${date}, before ${older.name} of ${older.date}: correct one of them`,
			);
		}
		return problems;
	});
}

/**
 * @param {Section[]} exporter
 * @param {Section[]} extension
 * @returns {string[]} the first version at which the changelogs differ
 */
function differences(exporter, extension) {
	const index = Array.from({ length: Math.max(exporter.length, extension.length) }).findIndex(
		(_, at) => exporter[at]?.name !== extension[at]?.name,
	);
	if (index < 0) {
		return [];
	}
	const [wanted, found] = [exporter[index]?.name ?? "no other version", extension[index]?.name ?? "none"];
	const line = extension[index]?.line ?? 1;
	return [
		`${extensionChangelog}:${line}: ${wanted} comes next in ${exporterChangelog}, but here ${found}: add every version to both`,
	];
}

/**
 * Every release tag has a section. Every section has a tag, except for the current version.
 *
 * @param {string} root of the repository
 * @param {ReadText} read
 * @returns {Outcome}
 */
export function checkTags(root, read) {
	const tags = releaseTags(root);
	if (tags.length === 0) {
		const found = "this clone has no release tags, so none was compared (`git fetch --tags` gets them)";
		return { check: "tags", problems: [], found, skipped: true };
	}
	const version = versionOfPackage(read);
	const sections = releasedSections(parseChangelog(read(exporterChangelog)));
	const withoutSection = tags.filter((tag) => !sections.some(({ name }) => tagOf(name) === tag));
	const withoutTag = sections.filter(({ name }) => name !== version && !tags.includes(tagOf(name)));
	const problems = [
		...withoutSection.map(
			(tag) => `${exporterChangelog}: the tag ${tag} has no section: write it, or delete the tag`,
		),
		...withoutTag.map(
			({ line, name }) =>
				`${exporterChangelog}:${line}: ${name} has no tag ${tagOf(name)}: \`git fetch --tags\`, or tag its commit`,
		),
	];
	return {
		check: "tags",
		problems,
		found: `${tags.length} compared with the sections of ${exporterChangelog}`,
	};
}

/**
 * The checkout is ready to be released under a tag.
 *
 * @param {string} root of the repository
 * @param {ReadText} read
 * @param {string} tag
 * @returns {Outcome}
 */
export function checkRelease(root, read, tag) {
	const version = versionOfPackage(read);
	/** @type {string[]} */
	const problems = [];
	if (tag !== tagOf(version)) {
		problems.push(
			`package.json: the version is ${version}, which does not fit the tag ${tag}: tag the commit of \`npm version\``,
		);
	}
	for (const file of [exporterChangelog, extensionChangelog]) {
		const text = read(file);
		if (!releasedSections(parseChangelog(text)).some(({ name }) => tagOf(name) === tag)) {
			problems.push(`${file}: there is no section for ${tag}: release with \`npm version\`, which makes it`);
		}
		const pending = findSection(text, unreleased);
		if (pending !== undefined && !isEmpty(pending)) {
			problems.push(
				`${file}:${pending.line}: [${unreleased}] is not empty: move the changes of ${tag} to its section`,
			);
		}
	}
	const isHere = releaseTags(root).includes(tag);
	if (isHere && commitOf(root, `refs/tags/${tag}`) !== commitOf(root, "HEAD")) {
		problems.push(`${tag} is another commit than the checkout: \`git checkout ${tag}\``);
	}
	const found = isHere ? `${tag} is checked out` : `${tag} is not a tag in this clone yet`;
	return { check: "release", problems, found };
}
