/** What the command's exit code tells a script. */

"use strict";

/** A code for every way out; 4 takes precedence over 3. */
const exitCode = Object.freeze({
	/** Everything asked for was done. */
	success: 0,
	/** Something failed: nothing was exported, or what was done could not be printed. */
	failure: 1,
	/** The command line was wrong. */
	usage: 2,
	/** There was nothing to export; no file was written. */
	nothingMatched: 3,
	/** Under `--strict`: a line or a file had to be left out. What could be exported was. */
	incomplete: 4,
	/** Ctrl-C, or a signal that means the same. */
	cancelled: 130,
});

module.exports = { exitCode };
