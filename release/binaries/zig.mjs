/** Zig and what makes cargo link with it, from Python's package index: the same linker on every Linux. */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPythonPackages } from "../../scripts/testing/python-packages.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const requirements = path.join(folder, "requirements.txt");
const packages = path.join(folder, ".zig");
/** Written last, with what was asked for. */
const installed = path.join(packages, "installed.txt");

/**
 * Makes sure that Zig is there, installing it beside this file where it is missing or another version is asked for.
 *
 * @returns {NodeJS.ProcessEnv} an environment in which `cargo zigbuild` works
 * @throws {Error} where it cannot be installed
 */
export function zigEnvironment() {
	if (!isInstalled()) {
		install();
	}
	return {
		...process.env,
		PATH: `${path.join(packages, "bin")}${path.delimiter}${process.env.PATH}`,
		CARGO_ZIGBUILD_ZIG_PATH: path.join(packages, "ziglang", "zig"),
	};
}

function isInstalled() {
	return existsSync(installed) && readFileSync(installed, "utf8") === readFileSync(requirements, "utf8");
}

function install() {
	console.error("Installing Zig…");
	rmSync(packages, { recursive: true, force: true });
	installPythonPackages(packages, ["--require-hashes", "--requirement", requirements]);
	writeFileSync(installed, readFileSync(requirements));
}
