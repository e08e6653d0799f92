/**
 * Makes a checkout ready to run: Node packages installed, the addon built. Safe to call again and again: packages
 * are installed only when they are missing or older than the lock file, and cargo rebuilds only what changed.
 *
 * Uses nothing but Node itself, because in a fresh clone there is nothing else yet.
 */

import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isProgram, needsShell } from "./programs.mjs";

/** The top folder of this repository. */
export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Installs the packages and builds the addon in release mode. The output of both goes to standard error, so that
 * a caller's standard output stays its own. Ends the process where a tool is missing or fails, telling why.
 *
 * Does nothing if CHECKOUT_IS_SET_UP is set, as it is for suites that run side by side: while a build replaces the addon, it
 * cannot be loaded for a moment.
 */
export function setUp() {
	if (!process.env.CHECKOUT_IS_SET_UP) {
		endOnFailure(installAndBuild);
	}
}

/**
 * Does what may fail where something is missing. Ends the process then, telling why.
 *
 * @param {() => void} work
 */
export function endOnFailure(work) {
	try {
		work();
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	}
}

function installAndBuild() {
	if (!packagesAreCurrent(path.join(repository, "package-lock.json"))) {
		console.error("Installing Node packages…");
		run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
	}
	requireRust();
	console.error("Building the addon…");
	run("npm", ["run", "--silent", "build"]);
}

/**
 * @param {string} lockFile
 * @returns {boolean} whether the last complete installation of the packages beside it is as young as it is
 */
export function packagesAreCurrent(lockFile) {
	// npm writes this file last.
	const installedLockFile = path.join(path.dirname(lockFile), "node_modules", ".package-lock.json");
	const installed = statSync(installedLockFile, { throwIfNoEntry: false });
	return installed !== undefined && installed.mtimeMs >= statSync(lockFile).mtimeMs;
}

function requireRust() {
	const { error } = spawnSync("cargo", ["--version"], { cwd: repository, stdio: "ignore" });
	if (error !== undefined) {
		throw new Error("cargo was not found: the addon is built with stable Rust, see https://rustup.rs", {
			cause: error,
		});
	}
}

/**
 * Runs a command to its end. What it prints goes to standard error.
 *
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [surroundings] in the repository, by default
 * @throws {Error} where it is missing, fails or takes longer than `timeout` milliseconds
 */
export function run(command, commandArguments, surroundings = {}) {
	const { error, signal, status } = spawnSync(command, commandArguments, {
		cwd: repository,
		...surroundings,
		stdio: ["ignore", process.stderr, process.stderr],
		killSignal: "SIGKILL",
		shell: needsShell(command),
	});
	if (error !== undefined || status !== 0) {
		const outcome = error?.message ?? (signal === null ? `exit code ${status}` : signal);
		throw new Error(`${[command, ...commandArguments].join(" ")} failed: ${outcome}`, { cause: error });
	}
}

if (isProgram(import.meta.url)) {
	setUp();
}
