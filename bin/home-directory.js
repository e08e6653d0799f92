/** Finds the user's home directory. A user in a container may have none: neither HOME nor a passwd entry. */

"use strict";

const { homedir } = require("node:os");
const path = require("node:path");

/** A drive or a share. Without it, a path means something else on each drive. */
const windowsRoot = /^[a-z]:[\\/]|^[\\/]{2}/i;

/**
 * @param {() => string} [lookUp]
 * @returns {string | undefined} undefined if the system does not know it, or gives a path that is not absolute
 */
function homeDirectory(lookUp = homedir) {
	try {
		const home = lookUp();
		return isAbsolute(home, process.platform) ? home : undefined;
	} catch {
		return undefined;
	}
}

/**
 * @param {string} folder
 * @param {NodeJS.Platform} platform
 * @returns {boolean} whether the path means the same folder in every directory and, on Windows, on every drive
 */
function isAbsolute(folder, platform) {
	return platform === "win32" ? windowsRoot.test(folder) : path.posix.isAbsolute(folder);
}

module.exports = { homeDirectory, isAbsolute };
