/** Programs that Python's package index has ready-made, installed into a folder of their own. */

import { run } from "../set-up.mjs";
import { installDebianPackages } from "./debian-packages.mjs";

/** No installation takes longer, even on a slow connection. */
const timeout = 600_000;

/**
 * @param {string} folder replaced where it holds the same packages
 * @param {string[]} words what to install, each with its version, and how
 * @throws {Error} where that fails
 */
export function installPythonPackages(folder, words) {
	installDebianPackages([{ name: "python3-pip", command: "pip3" }]);
	// Ready-made only: nothing is built, and no code of a package runs.
	const how = ["--quiet", "--no-deps", "--only-binary=:all:", "--upgrade", "--target", folder];
	run("pip3", ["install", ...how, ...words], { timeout });
}
