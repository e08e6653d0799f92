/** Temporary directories for tests. */

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const attemptsAtMost = 100;
const pauseMs = 20;

/**
 * Makes a directory that is removed after the test or suite.
 *
 * @param {{ after: (remove: () => void) => void }} test the context of a test, or in a suite `{ after }` of node:test
 * @returns {string} its path, without symbolic links
 */
export function temporaryDirectory(test) {
	const directory = mkdtempSync(path.join(realpathSync(tmpdir()), "coder-telemetry-export-"));
	test.after(() => remove(directory));
	return directory;
}

/**
 * Removes a directory. On Windows, an export that looks for leftovers holds its folder for a moment after it has ended, and
 * `rmSync` does not wait for that.
 *
 * @param {string} directory
 */
function remove(directory) {
	for (let attempts = 1; ; attempts++) {
		try {
			rmSync(directory, { recursive: true, force: true });
			return;
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EBUSY" || attempts === attemptsAtMost) {
				throw error;
			}
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
		}
	}
}
