/**
 * Makes a checkout ready to run: installs Node packages and builds the addon. It can be called repeatedly: packages are
 * installed only if they are missing or older than the lock file, and cargo rebuilds only what changed.
 *
 * Uses only Node itself, because a fresh clone has no packages yet.
 */

import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isProgram, needsShell } from "./programs.mjs";

/** Enough for any installation, even on a slow connection. */
export const installationTimeoutMs = 600_000;

/** The top folder of this repository. */
export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Installs the packages and builds the addon in release mode. Both print to standard error, so that standard output
 * belongs to the caller. If a tool is missing or fails, prints why and exits.
 *
 * Does nothing if CHECKOUT_IS_SET_UP is set. Suites that run side by side set it: while a build replaces the addon, no
 * process can load it.
 */
export function setUp() {
	if (!process.env.CHECKOUT_IS_SET_UP) {
		endOnFailure(installAndBuild);
	}
}

/**
 * Runs work that may throw. If it does, prints the message and exits.
 *
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
export function endOnFailure(work) {
	try {
		return work();
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	}
}

function installAndBuild() {
	installNodePackages(repository, "Node packages");
	requireRust();
	console.error("Building the addon…");
	run("npm", ["run", "--silent", "build"]);
}

/**
 * Installs the packages of a folder if they are missing or older than its lock file.
 *
 * @param {string} folder
 * @param {string} description of the packages, for the output
 * @throws {Error} if npm fails
 */
export function installNodePackages(folder, description) {
	if (!packagesAreCurrent(path.join(folder, "package-lock.json"))) {
		console.error(`Installing ${description}…`);
		const npmArguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
		run("npm", npmArguments, { cwd: folder, timeout: installationTimeoutMs });
	}
}

/**
 * @param {string} lockFile
 * @returns {boolean} whether the packages beside it were completely installed since it last changed
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
 * Runs a command and waits for it. Its output goes to standard error.
 *
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `cwd` is the repository by default
 * @throws {Error} if it is missing, fails or takes longer than `timeout` milliseconds
 */
export function run(command, commandArguments, options = {}) {
	const { error, signal, status } = spawnSync(command, commandArguments, {
		cwd: repository,
		...options,
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
