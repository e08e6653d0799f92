/** Installs the Debian packages that a suite needs and the machine lacks. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { run } from "../set-up.mjs";

/** No installation takes longer, even on a slow connection. */
const timeout = 600_000;

/**
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} [file] is there where the package is installed
 * @property {string} [command] can be run where the package, or another source of it, is installed
 */

/**
 * @param {DebianPackage[]} packages each with a `file` or a `command` to tell whether it is there
 * @throws {Error} where one is missing and cannot be installed
 */
export function installDebianPackages(packages) {
	const missing = packages
		.filter(({ file, command }) => !(existsSync(file ?? "") || isOnPath(command ?? "")))
		.map(({ name }) => name);
	if (missing.length > 0) {
		console.error(`Installing ${missing.join(", ")}…`);
		const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
		run("apt-get", ["update", "-qq"], { env, timeout });
		run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], { env, timeout });
	}
}

/** @param {string} command */
function isOnPath(command) {
	return command !== "" && spawnSync("which", [command], { stdio: "ignore" }).status === 0;
}
