/** Waits for other processes. */

import { setTimeout as sleep } from "node:timers/promises";

/** Generous, because other work may use the machine's cores. A passing test never waits this long. */
export const patienceMs = 30_000;

const pollMs = 50;

/**
 * Polls until there is an answer.
 *
 * @template Answer
 * @param {string} what description of what is waited for, for the error message
 * @param {() => Answer | undefined | false | Promise<Answer | undefined | false>} ask
 * @param {number} [timeoutMs]
 * @returns {Promise<Answer>}
 * @throws {Error} on a timeout; its cause is the error of the last attempt
 */
export async function until(what, ask, timeoutMs = patienceMs) {
	const deadline = performance.now() + timeoutMs;
	/** @type {unknown} */
	let cause;
	while (performance.now() < deadline) {
		try {
			const answer = await ask();
			if (answer !== undefined && answer !== false) {
				return answer;
			}
			cause = undefined;
		} catch (error) {
			cause = error;
		}
		await sleep(pollMs);
	}
	throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`, { cause });
}
