/** Finds the user's home directory. A user in a container may have none: neither HOME nor a passwd entry. */

"use strict";

const { homedir } = require("node:os");
const path = require("node:path");

/**
 * @param {() => string} [lookUp]
 * @returns {string | undefined} undefined if the system does not know it, or gives a path that is not absolute
 */
function homeDirectory(lookUp = homedir) {
	try {
		const home = lookUp();
		return isAbsolute(home) ? home : undefined;
	} catch {
		return undefined;
	}
}

/**
 * @param {string} folder
 * @param {path.PlatformPath} [paths] the `path` module of the system
 * @returns {boolean} whether the path means the same folder in every directory. On Windows, `\x` depends on the current
 *   drive.
 */
function isAbsolute(folder, paths = path) {
	return paths.isAbsolute(folder) && (paths.sep === "/" || paths.parse(folder).root.length > "\\".length);
}

module.exports = { homeDirectory, isAbsolute };
