/** Makes system calls of a child process fail, with strace. */

/**
 * @typedef {object} Refusal
 * @property {string} call names of system calls, separated by commas
 * @property {string} error such as `EIO`
 * @property {string} when which calls of each thread fail, in strace's notation: `2` is the second, `2+` all from the second on
 * @property {string[]} paths only calls on these files fail
 * @property {string} trace file for strace's output
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
