/**
 * `npm run check:licences`: checks the licences of everything that is shipped and not ours, that no crate ships twice, and
 * that `THIRD-PARTY-LICENSES.txt` is current. `npm run licences` writes that file.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../../scripts/set-up.mjs";
import { crateComponent, linkedParts, packageComponent } from "./components.mjs";
import { neededTexts, printNotices } from "./notices.mjs";
import { licenceProblem, parsePolicy } from "./policy.mjs";
import { duplicates, eachOnce, readShippedCrates } from "./shipped-crates.mjs";
import { foreignDependencies, readBundledPackages } from "./shipped-packages.mjs";

/** @typedef {import("./components.mjs").Component} Component */
/** @typedef {import("./notices.mjs").Section} Section */
/** @typedef {import("./policy.mjs").Policy} Policy */
/** @typedef {import("./shipped-crates.mjs").Crate} Crate */

const noticesFile = "THIRD-PARTY-LICENSES.txt";

/**
 * Reports the result of a check.
 *
 * @param {string} name
 * @param {string} summary printed if there are no problems
 * @param {string[]} problems
 * @throws {Error} if there are any
 */
function conclude(name, summary, problems) {
	if (problems.length > 0) {
		throw new Error(problems.map((problem) => `${name}: ${problem}`).join("\n"));
	}
	console.log(`${name.padEnd(12)}  ${summary}`);
}

/**
 * @param {string} file
 * @returns {string} with LF line ends on every platform
 */
function read(file) {
	return readFileSync(path.join(repository, file), "utf8").replaceAll("\r\n", "\n");
}

/** @param {Record<string, unknown>} manifest */
function checkDependencies(manifest) {
	const problems = foreignDependencies(manifest).map(
		(name) =>
			`npm would install ${name} with the main package, but its licence is not checked. ` +
			"Make it a devDependency, or do not use it.",
	);
	conclude("dependencies", "npm installs only our own binaries with the main package", problems);
}

/**
 * @param {ReadonlyMap<string, Crate[]>} shipped
 * @param {Policy} policy
 */
function checkDuplicates(shipped, { skip }) {
	const problems = [...shipped].flatMap(([target, crates]) =>
		duplicates(crates, skip).map(
			(found) =>
				`${found} both ship for ${target}. Make their dependents use one version ` +
				`(cargo tree --edges normal --duplicates --target ${target}), or add one to [bans] skip in deny.toml.`,
		),
	);
	conclude("duplicates", `no crate ships in two versions for any of ${shipped.size} targets`, problems);
}

/**
 * @param {Section[]} sections
 * @param {readonly string[]} allowed
 */
function checkLicences(sections, allowed) {
	const problems = sections
		.flatMap(({ components }) => components)
		.map(({ title, licence }) => [title, licenceProblem(licence, allowed)])
		.filter(([, problem]) => problem !== undefined)
		.map((parts) => parts.join(" "));
	const counts = sections.map(({ heading, components }) => `${heading.toLowerCase()} ${components.length}`);
	conclude("licences", `all allowed: ${counts.join(", ")}`, problems);
}

/**
 * @param {Section[]} sections
 * @param {readonly string[]} allowed
 */
function checkTexts(sections, allowed) {
	/** @type {string[]} */
	const problems = [];
	const components = sections.flatMap((section) => section.components);
	for (const component of components) {
		try {
			neededTexts(component, allowed);
		} catch (error) {
			problems.push(error instanceof Error ? error.message : String(error));
		}
	}
	conclude("texts", `${components.length} of ${components.length} have the text of their licence`, problems);
}

/**
 * @param {string} notices
 * @param {boolean} write
 */
function checkOrWriteNotices(notices, write) {
	if (write) {
		writeFileSync(path.join(repository, noticesFile), notices);
	}
	const isCurrent = existsSync(path.join(repository, noticesFile)) && read(noticesFile) === notices;
	conclude(
		"notices",
		`${noticesFile} is current, ${(Buffer.byteLength(notices) / 1000).toFixed(1)} kB`,
		isCurrent ? [] : [`${noticesFile} is not current. Run npm run licences and commit it.`],
	);
}

async function main() {
	const { write } = parseArgs({ options: { write: { type: "boolean", default: false } } }).values;
	const manifest = JSON.parse(read("package.json"));
	const policy = parsePolicy(read("deny.toml"));
	const shipped = readShippedCrates(manifest.napi.targets);
	const packages = await readBundledPackages();
	const sections = [
		{ heading: "Crates", components: eachOnce(shipped.values()).map(crateComponent) },
		{ heading: "Packages in the extension", components: packages.map(packageComponent) },
		{ heading: "Parts that the linker adds", components: linkedParts() },
	];
	checkDependencies(manifest);
	checkDuplicates(shipped, policy);
	checkLicences(sections, policy.allow);
	checkTexts(sections, policy.allow);
	checkOrWriteNotices(printNotices(sections, policy.allow), write);
}

try {
	await main();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
