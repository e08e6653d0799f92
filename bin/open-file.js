/** Opens a file in the default program of the system. */

"use strict";

const { spawn } = require("node:child_process");
const path = require("node:path");

/** @typedef {import("node:child_process").SpawnOptions} SpawnOptions */
/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

/**
 * The machine to open the file on. Tests pass other machines.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} environment
 * @property {(program: string, args: string[], options: SpawnOptions) => ChildProcess} spawn
 * @property {number} failureWindowMs an opener that still runs after this time has not failed. Most openers end at once,
 *   but some become the browser, which runs until the user closes it.
 */

/**
 * A command that opens a file in the default program for its type.
 *
 * @typedef {object} Opener
 * @property {string} program
 * @property {string[]} args
 * @property {number[]} successCodes
 * @property {string} [argv0] the program in the command line, if it is spelled differently there
 */

/** @type {Machine} */
const thisMachine = {
	platform: process.platform,
	environment: process.env,
	spawn,
	failureWindowMs: 2_000,
};

/**
 * wslview puts the path unescaped between the double quotes of a PowerShell command, which would run $(…) and backticks.
 */
const unsafeForWslview = /[$`"&%^;|<>]/;

/** The longest path that Explorer opens, in UTF-16 units: MAX_PATH without the terminating zero. */
const explorerPathLimit = 259;

/**
 * Opens a file in the default program of the system. That program outlives this process, and does not keep this process
 * alive.
 *
 * @param {string} file
 * @param {Machine} [machine]
 * @returns {Promise<void>}
 * @throws {Error} if the system has no opener, or the opener fails
 */
async function openFile(file, machine = thisMachine) {
	const openers = openersOf(machine, file);
	for (const opener of openers) {
		if (await run(opener, machine)) {
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
 * @returns {Opener[]} the first that is installed opens the file
 */
function openersOf({ platform, environment }, file) {
	const { join, resolve } = platform === "win32" ? path.win32 : path.posix;
	// In an absolute path, a leading dash cannot be read as an option, nor a colon as a URL.
	const absolute = resolve(file);
	switch (platform) {
		case "darwin":
			return [{ program: "open", args: [absolute], successCodes: [0] }];
		case "win32": {
			// `start` needs a shell, which interprets & ^ and %. rundll32's `FileProtocolHandler` loses letters outside the
			// system's code page. Explorer opens any name; without quotes, it would split the name at commas. It exits with 1
			// after it passes the file to the desktop's Explorer, which shows its own errors. The full path makes sure that no
			// explorer.exe of the current directory is run.
			const program = join(environment.SystemRoot || "C:\\Windows", "explorer.exe");
			const args = [`"${pathForExplorer(absolute)}"`];
			return [{ program, argv0: `"${program}"`, args, successCodes: [0, 1] }];
		}
		default: {
			// In WSL, the browser is usually a Windows program, which only wslview finds.
			const useWslview = Boolean(environment.WSL_DISTRO_NAME) && !unsafeForWslview.test(absolute);
			const programs = useWslview ? ["wslview", "xdg-open"] : ["xdg-open"];
			return programs.map((program) => ({ program, args: [absolute], successCodes: [0] }));
		}
	}
}

/**
 * Explorer knows no path that starts with `\\?\`. It opens the user's documents instead, as for every path that it does
 * not find.
 *
 * @param {string} absolute
 * @returns {string} the path without that start
 * @throws {Error} if Explorer cannot open the file
 */
function pathForExplorer(absolute) {
	const [, share, local] = /^\\\\\?\\(?:UNC\\(.*)|([a-z]:\\.*))$/is.exec(absolute) ?? [];
	const plain = share === undefined ? (local ?? absolute) : `\\\\${share}`;
	if (plain !== absolute && /[ .](?:\\|$)/.test(plain)) {
		throw new Error("Explorer would leave out dots and blanks at the end of a name");
	}
	if (plain.length > explorerPathLimit) {
		throw new Error(`Explorer opens no path of more than ${explorerPathLimit} characters`);
	}
	return plain;
}

/**
 * @param {Opener} opener
 * @param {Machine} machine
 * @returns {Promise<boolean>} false if the opener is not installed
 * @throws {Error} if it fails
 */
function run({ program, argv0, args, successCodes }, machine) {
	return new Promise((resolve, reject) => {
		const child = machine.spawn(program, args, {
			env: machine.environment,
			...(argv0 === undefined ? {} : { argv0 }),
			// In a process group of its own, so that Ctrl-C in our terminal does not reach the browser.
			detached: true,
			stdio: "ignore",
			// The Windows arguments are already quoted. Other systems ignore this option.
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
