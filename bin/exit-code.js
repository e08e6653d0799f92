/** What the command's exit code tells a script. */

"use strict";

/** A code for every way out; a smaller meaning never hides a greater one: 4 goes before 3. */
const exitCode = Object.freeze({
	/** Everything asked for was done. */
	success: 0,
	/** Nothing was exported because something failed. */
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
