/** A stranger's folder: empty but for what is installed from the registry, on a machine that has Node and nothing else. */

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

	/** @param {...string} names in the folder */
	file(...names) {
		return path.join(this.folder, ...names);
	}

	/** Puts the programs into it that use the package. */
	addPrograms() {
		const consumer = path.join(path.dirname(fileURLToPath(import.meta.url)), "consumer");
		cpSync(consumer, this.folder, { recursive: true });
	}

	/**
	 * Runs npm with this installation's Node.
	 *
	 * @param {...string} words
	 */
	npm(...words) {
		return this.node(commandFile("npm"), ...words, "--no-audit", "--no-fund", "--loglevel=error");
	}

	/**
	 * Runs a script with this installation's Node.
	 *
	 * @param {...string} words
	 */
	node(...words) {
		return this.run(this.#runtime.program, ...words);
	}

	/**
	 * Runs a program where no other can be found than Node, and neither Rust nor a compiler.
	 *
	 * @param {string} program
	 * @param {...string} words
	 */
	run(program, ...words) {
		return spawnSync(program, words, {
			cwd: this.folder,
			encoding: "utf8",
			env: { ...this.#registry.npmEnvironment, PATH: this.#runtime.folder, HOME: this.folder },
			timeout: 120_000,
		});
	}
}

/**
 * @param {{ error?: Error, status: number | null, stdout: string, stderr: string }} outcome
 * @returns {string} what the process printed on standard output
 * @throws {Error} where it failed, with all that it printed
 */
export function outputOf({ error, status, stdout, stderr }) {
	if (error !== undefined || status !== 0) {
		throw new Error(`exit code ${status}: ${stdout}${stderr}`, { cause: error });
	}
	return stdout;
}
