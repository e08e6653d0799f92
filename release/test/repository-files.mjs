/** Lists and reads the files of this repository. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

/**
 * @param {string} file path from the top of the repository
 * @returns {string} its text
 */
export function read(file) {
	return readFileSync(path.join(repository, file), "utf8");
}

/** @returns {string[]} all files that git does not ignore, as paths from the top of the repository with `/` */
export function repositoryFiles() {
	const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
		cwd: repository,
		encoding: "utf8",
	});
	// Git lists a deleted file until the deletion is committed.
	return listed.split("\0").filter((file) => file !== "" && existsSync(path.join(repository, file)));
}
