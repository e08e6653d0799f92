"use strict";

const { exitCode } = require("./exit-code.js");

/**
 * Prints a line to standard output. Ends the process where nobody reads it any more, as behind `head`.
 *
 * Nothing else in the command touches `process.stdout`: looking at it is enough to make Node switch a pipe to
 * non-blocking mode, under the feet of the addon that may be writing events to it.
 *
 * @param {string} text
 */
function print(text) {
	process.stdout.once("error", () => process.exit(exitCode.failure));
	process.stdout.write(`${text}\n`);
}

module.exports = { print };
