/** Ctrl-C, and the signals that mean the same. */

"use strict";

const { exitCode } = require("./exit-code.js");

const interruptions = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Runs a task that an interruption cancels. A second interruption ends the process at once, for whoever cannot
 * wait until the first has been obeyed.
 *
 * @template Result
 * @param {(signal: AbortSignal) => Promise<Result>} task
 * @returns {Promise<Result>} what the task gives or throws
 */
async function cancelledByInterruption(task) {
	const controller = new AbortController();
	/** @param {NodeJS.Signals} name */
	const interrupt = (name) => {
		if (controller.signal.aborted) {
			process.exit(exitCode.cancelled);
		}
		controller.abort(new Error(`received ${name}`));
	};
	for (const name of interruptions) {
		process.on(name, interrupt);
	}
	try {
		return await task(controller.signal);
	} finally {
		for (const name of interruptions) {
			process.off(name, interrupt);
		}
	}
}

module.exports = { cancelledByInterruption };
