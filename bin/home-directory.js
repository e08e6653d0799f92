/** The user's home directory, which not every user has: in a container often neither HOME nor a passwd entry says one. */

"use strict";

const { homedir } = require("node:os");
const { isAbsolute } = require("node:path");

/**
 * Looks the home directory up. Ask only if it is needed.
 *
 * @param {() => string} [lookUp]
 * @returns {string | undefined} nothing if the system does not know it, or what it says is no absolute path
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
