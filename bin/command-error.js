"use strict";

const { exitCode } = require("./exit-code.js");

/**
 * Why the command cannot do what it was asked, in words for the user. The message is safe to print as it stands
 * and may have several lines: whatever came from elsewhere is escaped in it already.
 */
class CommandError extends Error {
	name = "CommandError";

	/**
	 * @param {string} message
	 * @param {number} code the exit code it leads to
	 * @param {ErrorOptions} [options]
	 */
	constructor(message, code, options) {
		super(message, options);
		this.exitCode = code;
	}
}

/** The command line asks for something that cannot be meant; nothing was tried. */
class UsageError extends CommandError {
	name = "UsageError";

	/**
	 * @param {string} message
	 * @param {ErrorOptions} [options]
	 */
	constructor(message, options) {
		super(message, exitCode.usage, options);
	}
}

module.exports = { CommandError, UsageError };
