/** Runs Windows programs under Wine, in a prefix of this suite's own. */

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../scripts/set-up.mjs";
import { cacheFolder, windowsFolder, windowsGcc, wine, wineServer } from "./tools.mjs";

const prefix = path.join(cacheFolder, "prefix");
/** What Windows calls drive C. */
const driveC = path.join(prefix, "drive_c");
const missingLibrary = path.join(windowsFolder, "bcryptprimitives.c");
/** Written when the prefix is complete: what it was made from. */
const recipeFile = path.join(prefix, "recipe.txt");

/** Making a prefix takes about ten seconds. */
const timeout = 5 * 60_000;

/**
 * Not the whole environment of this process, so that only the suite decides what the tests see.
 *
 * @type {NodeJS.ProcessEnv}
 */
const wineEnvironment = {
	PATH: process.env.PATH,
	HOME: process.env.HOME,
	USER: process.env.USER ?? "root",
	// Without UTF-8, Wine cannot name every file.
	LC_ALL: "C.UTF-8",
	WINEPREFIX: prefix,
	WINEDEBUG: "-all",
	// Without .NET and a browser, for which Wine would ask, and without the debugger, which never ends after a crash.
	WINEDLLOVERRIDES: "mscoree,mshtml,winedbg.exe=",
};

/**
 * @param {string} file an absolute path on Linux
 * @returns {string} its path on Windows
 */
export function windowsPath(file) {
	return `Z:${file.replaceAll("/", "\\")}`;
}

/**
 * Makes the prefix, unless it has been made by the same version of Wine from the same recipe.
 *
 * @throws {Error} if Wine or the compiler fails
 */
export function makePrefix() {
	const recipe = prefixRecipe();
	if (existsSync(recipeFile) && readFileSync(recipeFile, "utf8") === recipe) {
		return;
	}
	console.error("Making a prefix for Wine…");
	endWine();
	rmSync(prefix, { recursive: true, force: true });
	mkdirSync(prefix, { recursive: true });
	const options = { env: wineEnvironment, timeout };
	run(wine, ["wineboot", "--init"], options);
	run(wine, ["reg", "add", "HKCU\\Software\\Wine", "/v", "Version", "/d", "win10", "/f"], options);
	const library = path.join(driveC, "windows", "system32", "bcryptprimitives.dll");
	run(windowsGcc, ["-shared", "-O1", "-o", library, missingLibrary, "-ladvapi32"]);
	// The server writes the registry when it ends.
	run(wineServer, ["--wait"], options);
	writeFileSync(recipeFile, recipe);
}

/** @returns {string} all that the prefix depends on */
function prefixRecipe() {
	const { stdout } = spawnSync(wine, ["--version"], { env: wineEnvironment, encoding: "utf8" });
	return [
		stdout,
		readFileSync(fileURLToPath(import.meta.url), "utf8"),
		readFileSync(missingLibrary, "utf8"),
	].join("\n");
}

/**
 * Starts Wine's server and keeps it until this process exits. A program that starts while an idle server ends would exit
 * with 1 and print nothing.
 */
export function startWine() {
	endWine();
	emptyTemporaryFolders();
	run(wineServer, ["--persistent"], { env: wineEnvironment, timeout });
	process.on("exit", endWine);
	for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
		process.once(signal, () => process.exit(1));
	}
}

/** Killed tests leave files behind. */
function emptyTemporaryFolders() {
	const users = path.join(driveC, "users");
	for (const user of readdirSync(users)) {
		for (const name of ["Temp", path.join("AppData", "Local", "Temp")]) {
			const folder = path.join(users, user, name);
			if (existsSync(folder)) {
				rmSync(folder, { recursive: true });
				mkdirSync(folder);
			}
		}
	}
}

/** Kills all programs that run in the prefix. */
function endWine() {
	if (existsSync(prefix)) {
		const options = /** @type {const} */ ({ env: wineEnvironment, stdio: "ignore", timeout });
		spawnSync(wineServer, ["--kill"], options);
		spawnSync(wineServer, ["--wait"], options);
	}
}

/**
 * @typedef {object} Ended a program that has ended
 * @property {number | null} exitCode null if it took too long and was killed
 * @property {string} output what it printed to standard output and error
 */

/**
 * Runs a Windows program. Its output goes through a file, because Node for Windows cannot open Linux's pipes.
 *
 * @param {string} program
 * @param {string[]} programArguments
 * @param {object} options
 * @param {string} options.cwd on Linux
 * @param {string} options.log the file for its output
 * @param {number} options.timeoutMs
 * @param {NodeJS.ProcessEnv} [options.env] variables to add
 * @returns {Promise<Ended>}
 */
export async function runWindowsProgram(program, programArguments, { cwd, log, timeoutMs, env = {} }) {
	mkdirSync(path.dirname(log), { recursive: true });
	const output = openSync(log, "w");
	const child = spawn(wine, [program, ...programArguments], {
		cwd,
		env: { ...wineEnvironment, ...env },
		stdio: ["ignore", output, output],
	});
	closeSync(output);
	const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
	const [exitCode] = await once(child, "exit");
	clearTimeout(timer);
	return { exitCode, output: readFileSync(log, "utf8") };
}
