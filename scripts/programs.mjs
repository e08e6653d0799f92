/** Starting programs: what holds for every script, whatever it does. */

import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * @param {string} moduleUrl `import.meta.url` of the module that asks
 * @returns {boolean} whether Node was told to run it, by whatever path; if not, it was imported
 */
export function isProgram(moduleUrl) {
	const [, program = ""] = process.argv;
	// Of a text that Node was told to run, the first argument stands there.
	return existsSync(program) && realpathSync(program) === fileURLToPath(moduleUrl);
}

/**
 * @param {string} command
 * @returns {boolean} whether a shell must start it: npm is a script on Windows
 */
export function needsShell(command) {
	return command === "npm" && process.platform === "win32";
}
