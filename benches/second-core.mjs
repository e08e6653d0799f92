/**
 * Measures how much a second core speeds up pure computation right now. If other programs keep a core busy, it is little,
 * and then exports do not gain from a second thread either.
 */

import { once } from "node:events";
import { Worker } from "node:worker_threads";

const steps = 1e8;
const source = `
	const { parentPort } = require("node:worker_threads");
	parentPort.on("message", (steps) => {
		let number = 1;
		for (let step = 0; step < steps; step++) {
			number = (Math.imul(number, 1664525) + 1013904223) | 0;
		}
		parentPort.postMessage(number);
	});
`;

/** Two computing threads. */
export class SecondCore {
	#workers = [0, 1].map(() => new Worker(source, { eval: true }));

	/** @returns {Promise<number>} how many times as fast two threads are as one */
	async gain() {
		const alone = await this.#time(1);
		return alone / (await this.#time(2));
	}

	async end() {
		await Promise.all(this.#workers.map((worker) => worker.terminate()));
	}

	/** @param {number} threads that share the steps */
	async #time(threads) {
		const started = performance.now();
		await Promise.all(
			this.#workers.slice(0, threads).map((worker) => {
				worker.postMessage(steps / threads);
				return once(worker, "message");
			}),
		);
		return performance.now() - started;
	}
}
