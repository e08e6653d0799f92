/** Finds the user's home directory. A user in a container may have none: neither HOME nor a passwd entry. */

"use strict";

const { homedir } = require("node:os");
const { isAbsolute } = require("node:path");

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

module.exports = { homeDirectory };
