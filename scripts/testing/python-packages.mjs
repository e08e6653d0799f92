/** Installs programs from Python's package index, each into its own folder. */

import { run, installationTimeoutMs as timeout } from "../set-up.mjs";
import { installDebianPackages } from "./debian-packages.mjs";

/**
 * @param {string} folder an older installation in it is replaced
 * @param {string[]} requirements packages with their versions, and options of pip
 * @throws {Error} if pip fails
 */
export function installPythonPackages(folder, requirements) {
	installDebianPackages([{ name: "python3-pip", command: "pip3" }]);
	// Only binaries, so that no code of a package runs during the installation.
	const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--upgrade", "--target", folder];
	run("pip3", ["install", ...options, ...requirements], { timeout });
}
