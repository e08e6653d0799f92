/** A file shown by the program that the system has for it: a page by the browser. */

"use strict";

const { spawn } = require("node:child_process");
const path = require("node:path");

/** @typedef {import("node:child_process").SpawnOptions} SpawnOptions */
/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * The machine to show the file on; this one by default, others in tests.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} environment
 * @property {(program: string, commandLine: string[], options: SpawnOptions) => ChildProcess} spawn
 * @property {number} failureWindowMs how long an opener may take to fail. Most hand the file over and end at once. One
 *   that still runs then has become the browser itself, which ends when the user closes it.
 */

/**
 * A program that hands a file to the one that shows it.
 *
 * @typedef {object} Opener
 * @property {string} program
 * @property {string[]} commandLine
 * @property {number[]} successCodes exit codes that mean no failure
 */

/** @type {Machine} */
const thisMachine = {
	platform: process.platform,
	environment: process.env,
	spawn,
	failureWindowMs: 2_000,
};

/**
 * What a path must not have for wslview, which writes it unescaped into a command of PowerShell, in double quotes: there
 * $(…) and backticks are run.
 */
const obeyedByWindows = /[$`"&%^;|<>]/;

/**
 * Shows a file in the program that the system has for files of its kind. That program outlives this process, and does
 * not keep it alive.
 *
 * @param {string} file
 * @param {Machine} [machine]
 * @returns {Promise<void>} once the file is handed over
 * @throws {Error} where the system has no opener, or it fails
 */
async function openFile(file, machine = thisMachine) {
	const openers = openersOf(machine, file);
	for (const opener of openers) {
		if (await handsOver(opener, machine)) {
			return;
		}
	}
	throw new Error(
		`no program that opens files was found: ${openers.map(({ program }) => program).join(", ")}`,
	);
}

/**
 * @param {Machine} machine
 * @param {string} file
 * @returns {Opener[]} in the order to try them; one that is not installed gives way to the next
 */
function openersOf({ platform, environment }, file) {
	const { join, resolve } = platform === "win32" ? path.win32 : path.posix;
	// Absolute, a name that begins with a dash is no option, and one with a colon no URL.
	const absolute = resolve(file);
	switch (platform) {
		case "darwin":
			return [{ program: "open", commandLine: [absolute], successCodes: [0] }];
		case "win32":
			// `start` takes a shell, to which & ^ and % mean something. `FileProtocolHandler`, which rundll32 can call, has no
			// Unicode form: letters outside the system's code page are lost. Explorer takes any name if it stands in quotes,
			// without which commas split it. It ends with 1 where it hands over to the desktop's Explorer, which tells the
			// user itself what it cannot open. By its full path no explorer.exe in the current directory is run.
			return [
				{
					program: join(environment.SystemRoot || "C:\\Windows", "explorer.exe"),
					commandLine: [`"${absolute}"`],
					successCodes: [0, 1],
				},
			];
		default: {
			// In WSL the browser is most often that of Windows, which only wslview finds.
			const byWslview = Boolean(environment.WSL_DISTRO_NAME) && !obeyedByWindows.test(absolute);
			const programs = byWslview ? ["wslview", "xdg-open"] : ["xdg-open"];
			return programs.map((program) => ({ program, commandLine: [absolute], successCodes: [0] }));
		}
	}
}

/**
 * @param {Opener} opener
 * @param {Machine} machine
 * @returns {Promise<boolean>} false where the opener is not installed
 * @throws {Error} where it fails
 */
function handsOver({ program, commandLine, successCodes }, machine) {
	return new Promise((resolve, reject) => {
		const child = machine.spawn(program, commandLine, {
			env: machine.environment,
			// A group of its own: Ctrl-C in our terminal is not meant for the browser.
			detached: true,
			stdio: "ignore",
			// The quotes are in place already; elsewhere this has no effect.
			windowsVerbatimArguments: true,
		});
		child.unref();
		const timer = setTimeout(() => resolve(true), machine.failureWindowMs);
		child.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
			clearTimeout(timer);
			if (error.code === "ENOENT") {
				resolve(false);
			} else {
				reject(new Error(`${program} could not be started: ${error.message}`, { cause: error }));
			}
		});
		child.once("exit", (code, signal) => {
			clearTimeout(timer);
			if (code === null) {
				reject(new Error(`${program} was ended by ${signal}`));
			} else if (successCodes.includes(code)) {
				resolve(true);
			} else {
				reject(new Error(`${program} failed with exit code ${code}`));
			}
		});
	});
}

module.exports = { openFile };
