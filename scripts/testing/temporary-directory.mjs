/** A directory of its own for each test. */

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Makes a directory that is removed when the test, or the suite that asked, is over.
 *
 * @param {{ after: (remove: () => void) => void }} test a test's context, or `{ after }` of node:test in the body of a suite
 * @returns {string} its path, free of symbolic links
 */
export function temporaryDirectory(test) {
	const directory = mkdtempSync(path.join(realpathSync(tmpdir()), "coder-telemetry-export-"));
	test.after(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}
