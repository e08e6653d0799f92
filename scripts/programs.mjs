/** How scripts start, and how they start other programs. */

import { existsSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * @param {string} moduleUrl `import.meta.url` of the caller
 * @returns {boolean} whether Node runs this module as its main script; false if it was imported
 */
export function isProgram(moduleUrl) {
	const [, program = ""] = process.argv;
	// With `node --eval`, this is the first argument of the text and may be no file.
	return existsSync(program) && realpathSync(program) === fileURLToPath(moduleUrl);
}

/**
 * @param {string} command
 * @returns {boolean} whether it must be started through a shell, because npm is a script on Windows
 */
export function needsShell(command) {
	return command === "npm" && process.platform === "win32";
}
