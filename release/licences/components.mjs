/** Converts everything that is shipped and not ours into components. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { licencesIn, readLicenceFile, readLicenceFiles, readStandIn } from "./licence-files.mjs";

/** @typedef {import("./licence-files.mjs").LicenceFile} LicenceFile */
/** @typedef {import("./shipped-crates.mjs").Crate} Crate */
/** @typedef {import("./shipped-packages.mjs").NodePackage} NodePackage */

/**
 * Something that is shipped and not ours.
 *
 * @typedef {object} Component
 * @property {string} title name, with the version if known
 * @property {string} standIn place of its licence text if it has none itself, for messages
 * @property {string | null | undefined} licence SPDX expression
 * @property {string | null | undefined} repository
 * @property {LicenceFile[]} files
 */

const here = path.dirname(fileURLToPath(import.meta.url));
const texts = path.join(here, "texts");

/**
 * @param {Crate} crate
 * @returns {Component}
 */
export function crateComponent({ name, version, license, license_file, repository, manifest_path }) {
	const files = readLicenceFiles(path.dirname(manifest_path), license_file);
	return component(name, version, license, repository, files);
}

/**
 * @param {NodePackage} nodePackage
 * @returns {Component}
 */
export function packageComponent({ name, version, license, repository, folder }) {
	return component(name, version, license, repository, readLicenceFiles(folder));
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string | null | undefined} licence
 * @param {string | null | undefined} repository
 * @param {LicenceFile[]} files
 * @returns {Component}
 */
function component(name, version, licence, repository, files) {
	// Without the scope of a scoped package, because it becomes a file name.
	const fileName = path.posix.basename(name);
	const hasLicence = files.some(({ text }) => licencesIn(text).length > 0);
	return {
		title: `${name} ${version}`,
		standIn: `release/licences/texts/${fileName}.txt`,
		licence,
		repository,
		files: hasLicence ? files : [...files, ...readStandIn(texts, fileName)],
	};
}

/** @returns {Component[]} parts that the linker adds to the addon's binary */
export function linkedParts() {
	const { part } = /** @type {any} */ (parse(readFileSync(path.join(here, "linked-parts.toml"), "utf8")));
	return part.map((/** @type {Record<string, any>} */ { name, licence, repository, texts: names }) => ({
		title: name,
		standIn: "release/licences/texts/linked/, named in linked-parts.toml",
		licence,
		repository,
		files: names.map((/** @type {string} */ file) => readLicenceFile(path.join(texts, "linked", file))),
	}));
}
