/** Runs the command line of napi from the repository's packages. */

import path from "node:path";
import { repository, run } from "../scripts/set-up.mjs";

const program = path.join(repository, "node_modules", "@napi-rs", "cli", "dist", "cli.js");

/**
 * Its output goes to standard error.
 *
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @throws {Error} if it fails
 */
export function runNapi(args, options) {
	run(process.execPath, [program, ...args], options);
}
