/** The exit codes of the command. */

"use strict";

/** 4 takes precedence over 3. */
const exitCode = Object.freeze({
	/** Done. */
	success: 0,
	/** The export failed, or its summary could not be printed. */
	failure: 1,
	/** The command line is wrong. */
	usage: 2,
	/** No event matched, and no file was written. */
	nothingMatched: 3,
	/** With `--strict`: a line or a file was left out of the export. */
	incomplete: 4,
	/** Cancelled by Ctrl-C, SIGTERM, SIGHUP, Ctrl-Break or a closed console. */
	cancelled: 130,
});

module.exports = { exitCode };
