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

/** The top folder of this repository. */
export const repository = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const lockFile = path.join(repository, "package-lock.json");
/** npm writes this file last, so its time is that of the last complete installation. */
const installedLockFile = path.join(repository, "node_modules", ".package-lock.json");

/**
 * Installs the packages and builds the addon in release mode. The output of both goes to standard error, so that
 * a caller's standard output stays its own. Ends the process where a tool is missing or fails, telling why.
 */
export function setUp() {
	try {
		installAndBuild();
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	}
}

function installAndBuild() {
	if (!packagesAreCurrent()) {
		console.error("Installing Node packages…");
		run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
	}
	requireRust();
	console.error("Building the addon…");
	run("npm", ["run", "--silent", "build"]);
}

/** @returns {boolean} whether the last installation is as young as the lock file */
function packagesAreCurrent() {
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
 * @param {string} command
 * @param {string[]} commandArguments
 */
function run(command, commandArguments) {
	const { error, signal, status } = spawnSync(command, commandArguments, {
		cwd: repository,
		stdio: ["ignore", process.stderr, process.stderr],
		// npm is a script on Windows, which only a shell can start.
		shell: process.platform === "win32",
	});
	if (error !== undefined || status !== 0) {
		const outcome = error?.message ?? (signal === null ? `exit code ${status}` : signal);
		throw new Error(`${[command, ...commandArguments].join(" ")} failed: ${outcome}`, { cause: error });
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	setUp();
}
