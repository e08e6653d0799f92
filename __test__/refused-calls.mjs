/** System calls that fail on purpose, for a process of its own. */

/**
 * @typedef {object} Refusal
 * @property {string} call names of system calls, with commas between them
 * @property {string} error such as `EIO`
 * @property {string} when which of them in each thread, in strace's words: `2` is the second, `2+` each from the second on
 * @property {string[]} paths calls on other files, or descriptors of them, are let through
 * @property {string} trace a file for what strace sees
 */

/**
 * The command that runs a process with such a refusal.
 *
 * @param {Refusal} refusal
 */
export function refusing({ call, error, when, paths, trace }) {
	const inject = `inject=${call}:error=${error}:when=${when}`;
	const only = paths.flatMap((path) => ["-P", path]);
	return ["strace", "-f", "-qq", "-o", trace, "-e", `trace=${call}`, "-e", inject, ...only];
}
