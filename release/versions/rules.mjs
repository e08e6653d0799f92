/** What must hold of versions, changelogs and tags. */

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
 * @property {string} found what there is, in one line
 * @property {boolean} [skipped] whether nothing could be compared
 */

/** The kinds of changes that Keep a Changelog knows. */
const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/**
 * @param {string} version
 * @returns {string | undefined} why it cannot be released
 */
export function whyUnreleasable(version) {
	if (semver.valid(version) !== version) {
		return `"${version}" is no version: X.Y.Z is, such as 1.2.0`;
	}
	if (semver.prerelease(version) !== null) {
		return `${version} cannot be released: crate, packages and extension have one version, and the VS Code Marketplace takes X.Y.Z only`;
	}
	return undefined;
}

/**
 * All places have the version of the top package, and it can be released.
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
					"say in release/versions/manifests.mjs where it stands now",
			);
		}
		for (const { line, version: other } of found.filter((one) => one.version !== version)) {
			problems.push(
				`${place.file}:${line}: the version is ${other}, but ${version} in package.json: ` +
					"write that here, and move versions by `npm version` alone",
			);
		}
	}
	return { check: "versions", problems, found: `${version}, ${count} times in ${places.length} files` };
}

/**
 * Both changelogs are well-formed, tell of the same versions, and end at that of the top package.
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
						`${newest.line}: the newest version is ${newest.name}, but ${version} in package.json: release by \`npm version\``,
					]),
		].map((problem) => `${file}:${problem}`);
	});
	const exporter = releasedSections(parseChangelog(read(exporterChangelog)));
	const extension = releasedSections(parseChangelog(read(extensionChangelog)));
	const found =
		exporter.length === 0
			? "nothing is released yet"
			: `the same sections in both, the newest of ${exporter[0]?.name}`;
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
		problems.push(`${sections[0]?.line ?? 1}: the first section is not "## [${unreleased}]": write it above`);
	}
	for (const { line } of sections.slice(1).filter(({ name }) => name === unreleased)) {
		problems.push(`${line}: a second section "## [${unreleased}]": move what it holds to the first`);
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
		problems.push(`${section.line}: the section says nothing: write what changed`);
	}
	for (const [index, text] of section.body.entries()) {
		const line = section.line + 1 + index;
		const kind = /^### (.*)$/.exec(text)?.[1];
		if (kind === undefined) {
			continue;
		}
		if (!kinds.includes(kind)) {
			problems.push(`${line}: "${kind}" is no kind of change: ${kinds.join(", ")} are`);
		}
		const next = section.body.slice(index + 1).find((other) => other.trim() !== "");
		if (next === undefined || next.startsWith("#")) {
			problems.push(`${line}: nothing stands below "${kind}": write what changed, or delete the heading`);
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
			problems.push(`${line}: ${date} is no day: write that of the release`);
		} else if (date > today) {
			problems.push(`${line}: ${date} is in the future, today is ${today}: write the day of the release`);
		}
		const older = sections[index + 1];
		if (older !== undefined && semver.valid(older.name) !== null && semver.lte(name, older.name)) {
			problems.push(
				`${older.line}: ${older.name} stands below ${name}: newer versions stand above older ones`,
			);
		}
		if (older !== undefined && date < older.date) {
			problems.push(
				`${line}: ${name} is of ${date}, before ${older.name} of ${older.date}: correct one of them`,
			);
		}
		return problems;
	});
}

/**
 * @param {Section[]} exporter
 * @param {Section[]} extension
 * @returns {string[]} where the second tells of other versions than the first
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
		`${extensionChangelog}:${line}: ${wanted} comes next in ${exporterChangelog}, here ${found}: every version has a section in both`,
	];
}

/**
 * Every tag of a release has a section, and every section but that of the version at hand has a tag.
 *
 * @param {string} root of the repository
 * @param {ReadText} read
 * @returns {Outcome}
 */
export function checkTags(root, read) {
	const tags = releaseTags(root);
	if (tags.length === 0) {
		const found =
			"no tag of a release is in this clone, so none was compared (`git fetch --tags` brings them)";
		return { check: "tags", problems: [], found, skipped: true };
	}
	const version = versionOfPackage(read);
	const sections = releasedSections(parseChangelog(read(exporterChangelog)));
	const withoutSection = tags.filter((tag) => !sections.some(({ name }) => tagOf(name) === tag));
	const withoutTag = sections.filter(({ name }) => name !== version && !tags.includes(tagOf(name)));
	const problems = [
		...withoutSection.map(
			(tag) => `${exporterChangelog}: no section is of the tag ${tag}: write it, or delete the tag`,
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
 * What is checked out is what a tag says.
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
			`package.json: the version is ${version}, of which ${tag} is not the tag: tag what \`npm version\` committed`,
		);
	}
	for (const file of [exporterChangelog, extensionChangelog]) {
		const text = read(file);
		if (!releasedSections(parseChangelog(text)).some(({ name }) => tagOf(name) === tag)) {
			problems.push(`${file}: no section is of ${tag}: release by \`npm version\`, which makes it`);
		}
		const pending = findSection(text, unreleased);
		if (pending !== undefined && !isEmpty(pending)) {
			problems.push(
				`${file}:${pending.line}: [${unreleased}] is not empty: what ${tag} holds belongs into its section`,
			);
		}
	}
	const isHere = releaseTags(root).includes(tag);
	if (isHere && commitOf(root, `refs/tags/${tag}`) !== commitOf(root, "HEAD")) {
		problems.push(`${tag} is not the commit that is checked out: \`git checkout ${tag}\``);
	}
	const found = isHere ? `${tag} is what is checked out` : `${tag}, which is no tag in this clone yet`;
	return { check: "release", problems, found };
}
