/** Waiting for what other processes do. */

import { setTimeout as sleep } from "node:timers/promises";

/** Generous, because other work may share the machine's cores; a test that passes never waits this long. */
export const patienceMs = 30_000;

const pollMs = 50;

/**
 * Asks again and again until the answer is something.
 *
 * @template Answer
 * @param {string} what is waited for, for the message of a failure
 * @param {() => Answer | undefined | false | Promise<Answer | undefined | false>} ask
 * @param {number} [timeoutMs]
 * @returns {Promise<Answer>}
 * @throws {Error} when time is over, with what went wrong when it was asked last
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
