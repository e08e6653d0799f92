/** Reads tags and commits, and stages files, with git. */

import { spawnSync } from "node:child_process";

/**
 * @param {string} version
 * @returns {string} its tag, as made by `npm version`
 */
export function tagOf(version) {
	return `v${version}`;
}

/**
 * @param {string} root of a repository
 * @returns {string[]} the release tags in this clone
 */
export function releaseTags(root) {
	return git(root, "tag", "--list", "v[0-9]*").split("\n").filter(Boolean);
}

/**
 * @param {string} root of a repository
 * @param {string} revision
 * @returns {string} the commit that it points to
 */
export function commitOf(root, revision) {
	return git(root, "rev-parse", "--verify", `${revision}^{commit}`).trim();
}

/**
 * Stages files for the next commit.
 *
 * @param {string} root of a repository
 * @param {string[]} files
 */
export function stage(root, files) {
	git(root, "add", "--", ...files);
}

/**
 * @param {string} root
 * @param {string[]} gitArguments
 * @returns {string} its output
 * @throws {Error} if it fails
 */
function git(root, ...gitArguments) {
	const { error, status, stdout, stderr } = spawnSync("git", gitArguments, { cwd: root, encoding: "utf8" });
	if (error !== undefined || status !== 0) {
		const outcome = error?.message ?? stderr.trim();
		throw new Error(`git ${gitArguments.join(" ")} failed: ${outcome}`, { cause: error });
	}
	return stdout;
}
