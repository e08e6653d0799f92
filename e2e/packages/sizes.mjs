/** Reads the table of sizes in docs/releasing.md. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

/**
 * @param {string} row the first cell of a row
 * @returns {number} bytes, rounded to a kilobyte
 * @throws {Error} if there is no such row
 */
function documentedSize(row) {
	const page = readFileSync(path.join(repository, "docs", "releasing.md"), "utf8");
	const [, kilobytes] = new RegExp(`^\\| ${row} \\| ([\\d,]+) kB \\|`, "m").exec(page) ?? [];
	if (kilobytes === undefined) {
		throw new Error(`docs/releasing.md has no row "${row}" with a size in kB`);
	}
	return Number(kilobytes.replaceAll(",", "")) * 1000;
}

/**
 * Allows a difference of a tenth, because sizes depend on the version of Rust.
 *
 * @param {string} row the first cell of a row
 * @param {number} size in bytes
 */
export function assertDocumentedSize(row, size) {
	const documented = documentedSize(row);
	assert.ok(
		Math.abs(size / documented - 1) <= 0.1,
		`${row}: ${size} bytes, but documented are ${documented}`,
	);
}
