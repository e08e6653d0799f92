/** Installs the missing Debian packages of a suite. */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run, installationTimeoutMs as timeout } from "../set-up.mjs";

const lock = path.join(tmpdir(), "coder-telemetry-export-apt-get.lock");

/**
 * @typedef {object} DebianPackage
 * @property {string} name
 * @property {string} [file] exists if the package is installed
 * @property {string} [command] is on the PATH if the package, or a replacement, is installed
 */

/**
 * @param {DebianPackage[]} packages each with a `file` or a `command`
 * @throws {Error} if one is missing and cannot be installed
 */
export function installDebianPackages(packages) {
	const missing = packages
		.filter(({ file, command }) => !(existsSync(file ?? "") || isOnPath(command ?? "")))
		.map(({ name }) => name);
	if (missing.length > 0) {
		console.error(`Installing ${missing.join(", ")}…`);
		const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
		const aptGet = (/** @type {string[]} */ ...words) => {
			// Another suite may be at it, too.
			run("flock", [lock, "apt-get", ...words], { env, timeout });
		};
		aptGet("update", "-qq");
		aptGet("install", "-y", "-qq", "--no-install-recommends", ...missing);
	}
}

/** @param {string} command */
function isOnPath(command) {
	return command !== "" && spawnSync("which", [command], { stdio: "ignore" }).status === 0;
}
