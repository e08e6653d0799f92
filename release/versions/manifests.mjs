/**
 * All places that contain the version. The top `package.json` is the original. `move.mjs` updates the other places, and
 * `check.mjs` compares them.
 */

import { readFileSync } from "node:fs";
import path from "node:path";

/** @typedef {(file: string) => string} ReadText returns the text of a file, by its path in the repository */

/**
 * @typedef {object} Place
 * @property {string} file
 * @property {RegExp} pattern matches exactly the versions in it
 * @property {number} [times] number of matches; if missing, at least one
 */

/** A version after the name of the exporter, as in exports. */
const printed = /(?<=coder[.-]telemetry[.-]export",\s*"?version"?:\s*")[^"]*/g;

const ofManifest = /(?<=^\t"version": ")[^"]*/gm;

/** @type {Place[]} */
export const places = [
	{ file: "package.json", pattern: ofManifest, times: 1 },
	{
		file: "package-lock.json",
		// The versions of the lock file itself, of the top package, and of the workspace.
		pattern: /(?<=^(?:\t|\t\t"(?:extension)?": \{\r?\n\t\t\t"name": ".*",\r?\n\t\t\t)"version": ")[^"]*/gm,
		times: 3,
	},
	{ file: "extension/package.json", pattern: ofManifest, times: 1 },
	{
		file: "Cargo.toml",
		pattern: /(?<=^\[package\]\r?\n(?:[^[\r\n].*\r?\n|\r?\n)*version = ")[^"]*/gm,
		times: 1,
	},
	{
		file: "Cargo.lock",
		pattern: /(?<=^name = "coder-telemetry-export"\r?\nversion = ")[^"]*/gm,
		times: 1,
	},
	{ file: "examples/exports.md", pattern: printed },
	{ file: "docs/specification.md", pattern: printed },
	{ file: "benches/peers/otlp-mapping.mjs", pattern: printed },
];

/**
 * @param {string} root of a repository
 * @returns {ReadText} reads its files
 */
export function readerOf(root) {
	return (file) => readFileSync(path.join(root, file), "utf8");
}

/**
 * @param {ReadText} read
 * @returns {string} the version of the top package
 */
export function versionOfPackage(read) {
	return JSON.parse(read("package.json")).version;
}

/**
 * @param {Place} place
 * @param {string} text of its file
 * @returns {{ line: number, version: string }[]} the versions in it
 */
export function versionsAt(place, text) {
	return [...text.matchAll(place.pattern)].map((match) => ({
		line: text.slice(0, match.index).split("\n").length,
		version: match[0],
	}));
}

/**
 * @param {Place} place
 * @param {string} text of its file
 * @param {string} version
 * @returns {string} the text with the new version
 */
export function withVersion(place, text, version) {
	return text.replace(place.pattern, () => version);
}
