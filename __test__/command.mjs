/** Runs the command line in a temporary directory. */

import { spawnSync } from "node:child_process";
import path from "node:path";
import { repository } from "../scripts/set-up.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";

export const command = path.join(repository, "bin", "coder-telemetry-export.js");
export const sample = path.join(repository, "examples", "telemetry", "current");
/** Which binary is tested, if that is not the one of this checkout. */
export const binaryFromEnvironment = { NAPI_RS_NATIVE_LIBRARY_PATH: process.env.NAPI_RS_NATIVE_LIBRARY_PATH };

/** One good row of one day. */
export const good = { "telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z")] };
/** A broken row between two good ones. */
export const broken = {
	"telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z"), "not a row", row("2026-06-01T13:00:00Z")],
};

/**
 * A directory to run in, optionally with telemetry.
 *
 * @param {import("node:test").TestContext} test
 * @param {Record<string, string[]>} [linesByFile]
 */
export function setup(test, linesByFile) {
	const directory = temporaryDirectory(test);
	const telemetry = path.join(directory, "telemetry");
	const programs = temporaryDirectory(test);
	// Tests can put programs there, which take precedence over the system's.
	const pathToSearch = [programs, process.env.PATH].join(path.delimiter);
	if (linesByFile !== undefined) {
		writeTelemetry(telemetry, linesByFile);
	}
	/**
	 * @param {string[]} commandLine
	 * @returns {{ status: number | null, stdout: string, stderr: string }}
	 */
	const run = (...commandLine) =>
		spawnSync(process.execPath, [command, ...commandLine], {
			cwd: directory,
			encoding: "utf8",
			env: { ...binaryFromEnvironment, PATH: pathToSearch, HOME: directory, USERPROFILE: directory },
		});
	return { directory, telemetry, run, out: path.join(directory, "out.json"), programs };
}
