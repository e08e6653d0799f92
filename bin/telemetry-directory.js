/** Finds the telemetry directory of an editor on this machine. */

"use strict";

const { realpathSync, statSync } = require("node:fs");
const path = require("node:path");
const { CommandError, UsageError } = require("./command-error.js");
const { editors } = require("./editors.js");
const { exitCode } = require("./exit-code.js");
const { isAbsolute } = require("./home-directory.js");
const { escapeForTerminal } = require("./terminal-text.js");

/**
 * The machine to search. Tests pass other machines.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} environment
 * @property {string | undefined} home the user's home directory; undefined if it is not known
 */

/**
 * @typedef {object} DefaultDirectory
 * @property {string} editor its name
 * @property {string} directory the telemetry directory of that editor
 */

/**
 * @param {Machine} machine
 * @returns {DefaultDirectory[]} the telemetry directory of every known editor, whether it exists or not; without a
 *   home directory, only those that environment variables name
 */
function defaultDirectories(machine) {
	const { platform, home } = machine;
	const paths = pathsFor(platform);
	const configuration = configurationFolder(machine);
	/** @type {DefaultDirectory[]} */
	const directories = [];
	/** @type {(editor: string, folder: string | undefined, ...names: string[]) => void} */
	const add = (editor, folder, ...names) => {
		if (folder !== undefined) {
			const user = paths.join(folder, ...names, "User");
			const directory = paths.join(user, "globalStorage", "coder.coder-remote", "telemetry");
			directories.push({ editor, directory });
		}
	};
	for (const { name, folder, flatpak, snap } of editors) {
		if (folder !== undefined) {
			add(name, configuration, folder);
			if (isLinuxLike(platform) && flatpak !== undefined) {
				add(`${name} (Flatpak)`, home, ".var", "app", flatpak, "config", folder);
			}
			if (isLinuxLike(platform) && snap !== undefined) {
				add(`${name} (Snap)`, home, "snap", snap, "current", ".config", folder);
			}
		}
	}
	add("code-server", codeServerFolder(machine));
	// An editor in portable mode sets this variable for its terminals.
	add("portable editor", folderFromVariable(machine, "VSCODE_PORTABLE"), "user-data");
	for (const { name, server } of editors) {
		if (server !== undefined) {
			add(`${name} server`, home, server, "data");
		}
	}
	return directories;
}

/**
 * Finds the default directory that exists.
 *
 * @param {Machine} machine
 * @param {(directory: string) => boolean} [exists]
 * @param {(directory: string) => string} [realPath]
 * @returns {string}
 * @throws {UsageError} if several exist
 * @throws {CommandError} if none exists
 */
function findTelemetryDirectory(machine, exists = isDirectory, realPath = realPathOf) {
	const candidates = defaultDirectories(machine);
	/** By real path, because one may be a link to another. @type {Map<string, DefaultDirectory>} */
	const found = new Map();
	for (const candidate of candidates.filter(({ directory }) => exists(directory))) {
		const target = realPath(candidate.directory);
		found.set(target, found.get(target) ?? candidate);
	}
	const [first, ...others] = found.values();
	if (others.length > 0) {
		throw new UsageError(
			`several telemetry directories were found; name one of them:\n${list([...found.values()])}`,
		);
	}
	if (first === undefined) {
		throw new CommandError(notFoundMessage(machine, candidates), exitCode.failure);
	}
	return first.directory;
}

/**
 * @param {Machine} machine
 * @param {DefaultDirectory[]} candidates
 * @returns {string} why nothing was found, and what to do
 */
function notFoundMessage({ home, platform }, candidates) {
	const advice =
		home === undefined
			? `the home directory is not known, so name the telemetry directory, or set ${platform === "win32" ? "USERPROFILE" : "HOME"}`
			: "no telemetry directory was found, so name one";
	return candidates.length === 0
		? advice
		: `${advice}; none of these directories exists:\n${list(candidates)}`;
}

/** @param {DefaultDirectory[]} directories */
function list(directories) {
	const width = Math.max(...directories.map(({ editor }) => editor.length));
	return directories
		.map(({ editor, directory }) => `  ${editor.padEnd(width)}  ${escapeForTerminal(directory)}`)
		.join("\n");
}

/**
 * @param {Machine} machine
 * @returns {string | undefined} the folder for the user's configuration of desktop applications
 */
function configurationFolder(machine) {
	switch (machine.platform) {
		case "darwin":
			return inHome(machine, "Library", "Application Support");
		case "win32":
			return folderFromVariable(machine, "APPDATA") ?? inHome(machine, "AppData", "Roaming");
		default:
			return folderFromVariable(machine, "XDG_CONFIG_HOME") ?? inHome(machine, ".config");
	}
}

/**
 * @param {Machine} machine
 * @returns {string | undefined} the data folder of code-server; on macOS, the same as on Linux
 */
function codeServerFolder(machine) {
	if (machine.platform === "win32") {
		const localData = folderFromVariable(machine, "LOCALAPPDATA") ?? inHome(machine, "AppData", "Local");
		return localData && path.win32.join(localData, "code-server", "Data");
	}
	const data = folderFromVariable(machine, "XDG_DATA_HOME") ?? inHome(machine, ".local", "share");
	return data && path.posix.join(data, "code-server");
}

/**
 * @param {Machine} machine
 * @param {string} variable
 * @returns {string | undefined} the value of an environment variable, unless it is not an absolute path
 */
function folderFromVariable({ platform, environment }, variable) {
	const folder = environment[variable] ?? "";
	return isAbsolute(folder, pathsFor(platform)) ? folder : undefined;
}

/**
 * @param {Machine} machine
 * @param {string[]} names
 * @returns {string | undefined}
 */
function inHome({ platform, home }, ...names) {
	return home === undefined ? undefined : pathsFor(platform).join(home, ...names);
}

/** @param {NodeJS.Platform} platform */
function pathsFor(platform) {
	return platform === "win32" ? path.win32 : path.posix;
}

/** @param {NodeJS.Platform} platform */
function isLinuxLike(platform) {
	return platform !== "darwin" && platform !== "win32";
}

/** @param {string} directory */
function isDirectory(directory) {
	try {
		return statSync(directory).isDirectory();
	} catch {
		// A directory that cannot be inspected cannot be exported either.
		return false;
	}
}

/** @param {string} directory */
function realPathOf(directory) {
	try {
		return realpathSync.native(directory);
	} catch {
		return directory;
	}
}

module.exports = { findTelemetryDirectory, defaultDirectories };
