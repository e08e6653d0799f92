/** Temporary directories for tests. */

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Makes a directory that is removed after the test or suite.
 *
 * @param {{ after: (remove: () => void) => void }} test the context of a test, or in a suite `{ after }` of node:test
 * @returns {string} its path, without symbolic links
 */
export function temporaryDirectory(test) {
	const directory = mkdtempSync(path.join(realpathSync(tmpdir()), "coder-telemetry-export-"));
	// On Windows, an export that looks for leftovers holds its folder for a moment after it has ended.
	test.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 20 }));
	return directory;
}
