/** Finds the licence files of a package, and recognizes licence texts. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * @typedef {object} LicenceFile
 * @property {string} name
 * @property {string} text
 */

const licenceFileName = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

/** Files that name authors but no terms. They are kept with every licence. */
const noticeFileName = /^(copyright|notice)/i;

/** Phrases in lower case that occur only in the text of a licence, by SPDX name. */
const phrases = {
	MIT: ["permission is hereby granted, free of charge, to any person obtaining a copy of this software"],
	Zlib: ["this software is provided 'as-is'", "altered source versions must be plainly marked as such"],
	ISC: [
		"permission to use, copy, modify, and/or distribute",
		"copyright notice and this permission notice appear",
	],
	"Apache-2.0": ["apache license version 2.0, january 2004"],
	"Apache-2.0 WITH LLVM-exception": [
		"apache license version 2.0, january 2004",
		"llvm exceptions to the apache 2.0 license",
	],
	"Unicode-3.0": ["unicode license v3"],
	Unlicense: ["this is free and unencumbered software released into the public domain"],
};

/**
 * @param {string} folder
 * @param {string | null} [named] the licence file from the package's manifest, relative to the folder
 * @returns {LicenceFile[]} sorted by name
 */
export function readLicenceFiles(folder, named = null) {
	const found = readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isFile() && licenceFileName.test(entry.name))
		.map(({ name }) => name);
	const names = new Set(named === null ? found : [...found, path.normalize(named)]);
	return [...names].sort().map((name) => readLicenceFile(path.join(folder, name)));
}

/**
 * @param {string} file
 * @returns {LicenceFile} with normalized line ends and white space
 */
export function readLicenceFile(file) {
	const lines = readFileSync(file, "utf8")
		.replace(/^\uFEFF/, "")
		.split(/\r\n|[\r\n\f]/);
	const text = lines.map((line) => line.trimEnd()).join("\n");
	return { name: path.basename(file), text: text.replace(/^\n+|\n+$/g, "") };
}

/**
 * @param {string} folder of texts for packages that have no licence text
 * @param {string} name of a package
 * @returns {LicenceFile[]} its text if there is one
 */
export function readStandIn(folder, name) {
	const file = path.join(folder, `${name}.txt`);
	return existsSync(file) ? [readLicenceFile(file)] : [];
}

/** @param {LicenceFile} file */
export function isNotice({ name }) {
	return noticeFileName.test(name);
}

/**
 * @param {string} text
 * @returns {string[]} the licences whose text it contains
 */
export function licencesIn(text) {
	const normalized = withoutLayout(text).toLowerCase();
	return Object.entries(phrases)
		.filter(([, needed]) => needed.every((phrase) => normalized.includes(phrase)))
		.map(([licence]) => licence);
}

/**
 * @param {string} text
 * @returns {string} equal for texts that differ only in line breaks and indentation
 */
export function withoutLayout(text) {
	return text.replace(/\s+/g, " ").trim();
}
