/** The telemetry directory, if the user does not name one: the place where an editor on this machine keeps it. */

"use strict";

const { realpathSync, statSync } = require("node:fs");
const path = require("node:path");
const { CommandError, UsageError } = require("./command-error.js");
const { editors } = require("./editors.js");
const { exitCode } = require("./exit-code.js");
const { escapeForTerminal } = require("./terminal-text.js");

/**
 * The machine to look at.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} environment
 * @property {string | undefined} home the user's home directory; nothing if it is not known
 */

/**
 * @typedef {object} StandardPlace
 * @property {string} editor as people know it
 * @property {string} directory where that editor keeps the extension's telemetry
 */

/**
 * @param {Machine} machine
 * @returns {StandardPlace[]} every standard place on such a machine, whether it exists or not; without a home directory
 *   only those that the environment names
 */
function standardPlaces(machine) {
	const { platform, home } = machine;
	const paths = pathsOf(platform);
	const configuration = configurationFolder(machine);
	/** @type {StandardPlace[]} */
	const places = [];
	/** @type {(editor: string, folder: string | undefined, ...names: string[]) => void} */
	const add = (editor, folder, ...names) => {
		if (folder !== undefined) {
			const user = paths.join(folder, ...names, "User");
			const directory = paths.join(user, "globalStorage", "coder.coder-remote", "telemetry");
			places.push({ editor, directory });
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
	for (const { name, server } of editors) {
		if (server !== undefined) {
			add(`${name} server`, home, server, "data");
		}
	}
	return places;
}

/**
 * Finds the one standard place that exists.
 *
 * @param {Machine} machine
 * @param {(directory: string) => boolean} [exists]
 * @param {(directory: string) => string} [realPath]
 * @returns {string} its directory
 * @throws {UsageError} if several exist: only the user knows which one is meant
 * @throws {CommandError} if none exists
 */
function findTelemetryDirectory(machine, exists = isDirectory, realPath = realPathOf) {
	const places = standardPlaces(machine);
	/** Places by where they lead: one may be a link to another. @type {Map<string, StandardPlace>} */
	const found = new Map();
	for (const place of places.filter(({ directory }) => exists(directory))) {
		const target = realPath(place.directory);
		found.set(target, found.get(target) ?? place);
	}
	const [first, ...others] = found.values();
	if (others.length > 0) {
		throw new UsageError(
			`several editors keep telemetry here; name one of these directories:\n${list([...found.values()])}`,
		);
	}
	if (first === undefined) {
		throw new CommandError(whereItIsNot(machine, places), exitCode.failure);
	}
	return first.directory;
}

/**
 * @param {Machine} machine
 * @param {StandardPlace[]} places
 * @returns {string} why nothing was found, and what to do
 */
function whereItIsNot({ home }, places) {
	const inPlaces = `no telemetry directory was found in any of these places; name one:\n${list(places)}`;
	if (home !== undefined) {
		return inPlaces;
	}
	const withoutHome = "the home directory is not known, so name the telemetry directory, or set HOME";
	return places.length === 0 ? withoutHome : `${withoutHome}; ${inPlaces}`;
}

/** @param {StandardPlace[]} places */
function list(places) {
	const width = Math.max(...places.map(({ editor }) => editor.length));
	return places
		.map(({ editor, directory }) => `  ${editor.padEnd(width)}  ${escapeForTerminal(directory)}`)
		.join("\n");
}

/**
 * @param {Machine} machine
 * @returns {string | undefined} where desktop applications keep what belongs to the user
 */
function configurationFolder(machine) {
	switch (machine.platform) {
		case "darwin":
			return inHome(machine, "Library", "Application Support");
		case "win32":
			return namedFolder(machine, "APPDATA") ?? inHome(machine, "AppData", "Roaming");
		default:
			return namedFolder(machine, "XDG_CONFIG_HOME") ?? inHome(machine, ".config");
	}
}

/**
 * @param {Machine} machine
 * @returns {string | undefined} where code-server keeps its data: on macOS too, where Linux programs do
 */
function codeServerFolder(machine) {
	if (machine.platform === "win32") {
		const localData = namedFolder(machine, "LOCALAPPDATA") ?? inHome(machine, "AppData", "Local");
		return localData && path.win32.join(localData, "code-server", "Data");
	}
	const data = namedFolder(machine, "XDG_DATA_HOME") ?? inHome(machine, ".local", "share");
	return data && path.posix.join(data, "code-server");
}

/**
 * @param {Machine} machine
 * @param {string} variable
 * @returns {string | undefined} the folder that the environment names; programs ignore it unless it is absolute
 */
function namedFolder({ platform, environment }, variable) {
	const folder = environment[variable] ?? "";
	return pathsOf(platform).isAbsolute(folder) ? folder : undefined;
}

/**
 * @param {Machine} machine
 * @param {string[]} names
 * @returns {string | undefined}
 */
function inHome({ platform, home }, ...names) {
	return home === undefined ? undefined : pathsOf(platform).join(home, ...names);
}

/** @param {NodeJS.Platform} platform */
function pathsOf(platform) {
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
		// A place that cannot be looked at cannot be exported from either.
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

module.exports = { findTelemetryDirectory, standardPlaces };
