/** The command line of napi, from the repository's own packages. */

import path from "node:path";
import { repository, run } from "../scripts/set-up.mjs";

const program = path.join(repository, "node_modules", "@napi-rs", "cli", "dist", "cli.js");

/**
 * Runs one of its commands. What it prints goes to standard error.
 *
 * @param {string[]} words
 * @param {{ env?: NodeJS.ProcessEnv }} [surroundings]
 * @throws {Error} where it fails
 */
export function runNapi(words, surroundings) {
	run(process.execPath, [program, ...words], surroundings);
}
