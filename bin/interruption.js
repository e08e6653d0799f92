/** Cancels a task on Ctrl-C, SIGTERM or SIGHUP, and on Windows on Ctrl-Break or if the console is closed. */

"use strict";

const { exitCode } = require("./exit-code.js");

/** On Windows, SIGBREAK is Ctrl-Break and SIGHUP is a closed console. Other systems have no SIGBREAK. */
const signalNames = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"]);

/**
 * Runs a task. The first of these signals aborts it, and a second one ends the process at once.
 *
 * @template Result
 * @param {(signal: AbortSignal) => Promise<Result>} task
 * @returns {Promise<Result>}
 */
async function cancelOnSignal(task) {
	const controller = new AbortController();
	/** @param {NodeJS.Signals} name */
	const interrupt = (name) => {
		if (controller.signal.aborted) {
			process.exit(exitCode.cancelled);
		}
		controller.abort(new Error(`received ${name}`));
	};
	for (const name of signalNames) {
		process.on(name, interrupt);
	}
	try {
		return await task(controller.signal);
	} finally {
		for (const name of signalNames) {
			process.off(name, interrupt);
		}
	}
}

module.exports = { cancelOnSignal };
