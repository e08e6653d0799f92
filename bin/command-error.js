"use strict";

const { exitCode } = require("./exit-code.js");

/**
 * An error for the user. The message may have several lines and is safe to print: text from elsewhere is already
 * escaped in it.
 */
class CommandError extends Error {
	name = "CommandError";

	/**
	 * @param {string} message
	 * @param {number} code the exit code
	 * @param {ErrorOptions} [options]
	 */
	constructor(message, code, options) {
		super(message, options);
		this.exitCode = code;
	}
}

/** The command line is wrong. */
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
