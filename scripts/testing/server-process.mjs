/** Starts and ends a server for a test. */

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { guardProcessGroup } from "./scratch.mjs";
import { until } from "./waiting.mjs";

const startTimeoutMs = 60_000;

const ended = Symbol("ended");

/** A server in its own process group, so that its children end with it. */
export class ServerProcess {
	#name;
	#child;
	#kill;
	#output = "";
	/** Whether it has ended and all its output has been read. */
	#hasEnded = false;

	/**
	 * @param {object} plan
	 * @param {string} plan.name for messages
	 * @param {string} plan.program
	 * @param {string[]} plan.args
	 * @param {string} plan.cwd
	 * @param {NodeJS.ProcessEnv} [plan.env] default: the environment of this process
	 * @param {string} plan.log file for its output
	 * @throws {Error} if the program cannot be run
	 */
	constructor({ name, program, args, cwd, env = process.env, log }) {
		this.#name = name;
		this.#child = spawn(program, args, {
			cwd,
			env,
			detached: true,
			stdio: ["ignore", "pipe", "pipe"],
		});
		// A failed start is reported below.
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
	 * Polls until the server is ready. If it ends or does not get ready in time, it is killed.
	 *
	 * @throws {Error} if the server ends or does not get ready in time
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
	 * Asks it to end, and waits until it has.
	 *
	 * @throws {Error} if it does not end, or its exit code is not 0
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

	/** Kills it and everything it started. */
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
