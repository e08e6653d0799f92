/** A server on this machine, for as long as a test needs it. */

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { guardProcessGroup } from "./scratch.mjs";
import { until } from "./waiting.mjs";

const startTimeoutMs = 60_000;

const ended = Symbol("ended");

/** A process in a group of its own, so that what it starts ends with it. */
export class ServerProcess {
	#name;
	#child;
	#kill;
	#output = "";
	/** Whether it has ended, and everything that it printed has been read. */
	#hasEnded = false;

	/**
	 * @param {object} plan
	 * @param {string} plan.name for messages
	 * @param {string} plan.program
	 * @param {string[]} plan.words its arguments
	 * @param {string} plan.cwd
	 * @param {NodeJS.ProcessEnv} [plan.env] that of this process, by default
	 * @param {string} plan.log the file for what it prints
	 * @throws {Error} where the program cannot be run
	 */
	constructor({ name, program, words, cwd, env = process.env, log }) {
		this.#name = name;
		this.#child = spawn(program, words, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
		// That it could not be started shows below.
		this.#child.once("error", () => {});
		this.#child.once("close", () => {
			this.#hasEnded = true;
		});
		if (this.#child.pid === undefined) {
			throw new Error(`${name} did not start: ${program} cannot be run`);
		}
		this.#kill = guardProcessGroup(this.#child.pid);
		const file = createWriteStream(log);
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			stream.setEncoding("utf8").on("data", (text) => {
				this.#output += text;
				file.write(text);
			});
		}
	}

	/** Everything it has printed, on standard output and standard error. */
	get output() {
		return this.#output;
	}

	/**
	 * Asks again and again until the server is ready. One that never is, or ends, is killed.
	 *
	 * @template Answer
	 * @param {() => Answer | undefined | false | Promise<Answer | undefined | false>} ask
	 * @returns {Promise<Answer>}
	 */
	async ready(ask) {
		try {
			const answer = await until(
				`${this.#name} to be ready`,
				() => (this.#hasEnded ? ended : ask()),
				startTimeoutMs,
			);
			if (answer === ended) {
				throw new Error(`${this.#name} has ended: ${this.#output}`);
			}
			return answer;
		} catch (error) {
			this.kill();
			throw error;
		}
	}

	/**
	 * Asks it to end, and waits until it has written what it holds.
	 *
	 * @throws {Error} where it does not end, or not well
	 */
	async end() {
		this.#child.kill("SIGTERM");
		try {
			await until(`${this.#name} to end`, () => this.#hasEnded);
		} finally {
			this.kill();
		}
		if (this.#child.exitCode !== 0) {
			const outcome = this.#child.exitCode ?? this.#child.signalCode;
			throw new Error(`${this.#name} ended with ${outcome}: ${this.#output}`);
		}
	}

	/** Ends it and everything it started, at once. */
	kill() {
		this.#kill();
	}
}

/** @returns {Promise<number>} a port of the loopback interface that nobody listens on */
export async function freePort() {
	const server = createServer();
	return new Promise((resolve, reject) => {
		server.on("error", reject).listen(0, "127.0.0.1", () => {
			const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
			server.close(() => resolve(port));
		});
	});
}
