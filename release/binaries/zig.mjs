/** Installs Zig and cargo-zigbuild from Python's package index, to link with the same linker on every Linux. */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPythonPackages } from "../../scripts/testing/python-packages.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const requirements = path.join(folder, "requirements.txt");
const packages = path.join(folder, ".zig");
/** A copy of the requirements, written after the installation. */
const installed = path.join(packages, "installed.txt");

/**
 * Installs Zig beside this file if it is missing or has another version.
 *
 * @returns {NodeJS.ProcessEnv} an environment in which `cargo zigbuild` works
 * @throws {Error} if it cannot be installed
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
