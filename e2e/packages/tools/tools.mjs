/**
 * Installs the tools that only this suite needs: a registry, every supported Node, npm, and linters of packages. Tools that
 * are present and not older than the lock file stay.
 */

import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installNodePackages } from "../../../scripts/set-up.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const packages = path.join(folder, "node_modules");

/** Installs what is missing. npm prints to standard error. */
export function installTools() {
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error(
			"The tests of packages run on Linux x64 only, because their lock file has no Node for other machines.",
		);
	}
	installNodePackages(folder, "the tools of the package tests");
}

/**
 * @param {string} name of a command of the installed packages
 * @returns {string} its file, which Node can run
 */
export function commandFile(name) {
	return path.join(packages, ".bin", name);
}

/**
 * @typedef {object} NodeRuntime
 * @property {string} major version
 * @property {string} folder contains the program, `node`
 * @property {string} program
 */

/** @returns {NodeRuntime[]} every Node that the packages must run on, oldest first */
export function nodeRuntimes() {
	return readdirSync(packages)
		.filter((name) => /^node-\d+$/.test(name))
		.sort()
		.map((name) => {
			const programFolder = path.join(packages, name, "bin");
			return {
				major: name.slice("node-".length),
				folder: programFolder,
				program: path.join(programFolder, "node"),
			};
		});
}

/** @returns {NodeRuntime} */
export function newestRuntime() {
	const newest = nodeRuntimes().at(-1);
	if (newest === undefined) {
		throw new Error("No Node is installed for the package tests");
	}
	return newest;
}
