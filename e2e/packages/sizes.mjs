/** The sizes of what is released, as the maintainer's page says them. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

/**
 * @param {string} row of the table of sizes in docs/releasing.md
 * @returns {number} bytes, to the kilobyte
 * @throws {Error} where it is not there
 */
export function writtenSize(row) {
	const page = readFileSync(path.join(repository, "docs", "releasing.md"), "utf8");
	const [, kilobytes] = new RegExp(`^\\| ${row} \\| ([\\d,]+) kB \\|`, "m").exec(page) ?? [];
	if (kilobytes === undefined) {
		throw new Error(`docs/releasing.md has no row "${row}" with a size in kB`);
	}
	return Number(kilobytes.replaceAll(",", "")) * 1000;
}
