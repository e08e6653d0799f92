/** Installs packages from the registry into an empty folder, with only Node on the PATH. */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { scratchFolder } from "../../scripts/testing/scratch.mjs";
import { commandFile } from "./tools/tools.mjs";

/**
 * @typedef {import("./registry.mjs").Registry} Registry
 * @typedef {import("./tools/tools.mjs").NodeRuntime} NodeRuntime
 */

export class Installation {
	#runtime;
	#registry;

	/**
	 * @param {string} name of its folder
	 * @param {NodeRuntime} runtime
	 * @param {Registry} registry
	 */
	constructor(name, runtime, registry) {
		this.#runtime = runtime;
		this.#registry = registry;
		this.folder = path.join(scratchFolder(), name);
		mkdirSync(this.folder, { recursive: true });
		writeFileSync(this.file("package.json"), '{ "private": true }\n');
	}

	/** @param {...string} names of a path in the folder */
	file(...names) {
		return path.join(this.folder, ...names);
	}

	/** Copies the programs that use the package into the folder. */
	addPrograms() {
		const consumer = path.join(path.dirname(fileURLToPath(import.meta.url)), "consumer");
		cpSync(consumer, this.folder, { recursive: true });
	}

	/**
	 * Runs npm with this installation's Node.
	 *
	 * @param {...string} args
	 */
	npm(...args) {
		return this.node(commandFile("npm"), ...args, "--no-audit", "--no-fund", "--loglevel=error");
	}

	/**
	 * Runs a script with this installation's Node.
	 *
	 * @param {...string} args
	 */
	node(...args) {
		return this.run(this.#runtime.program, ...args);
	}

	/**
	 * Runs a program that can find only Node, and neither Rust nor a compiler.
	 *
	 * @param {string} program
	 * @param {...string} args
	 */
	run(program, ...args) {
		return spawnSync(program, args, {
			cwd: this.folder,
			encoding: "utf8",
			env: { ...this.#registry.npmEnvironment, PATH: this.#runtime.folder, HOME: this.folder },
			timeout: 120_000,
		});
	}
}

/**
 * @param {{ error?: Error, status: number | null, stdout: string, stderr: string }} outcome
 * @returns {string} the standard output of the process
 * @throws {Error} if it failed, with its whole output
 */
export function outputOf({ error, status, stdout, stderr }) {
	if (error !== undefined || status !== 0) {
		throw new Error(`exit code ${status}: ${stdout}${stderr}`, { cause: error });
	}
	return stdout;
}
