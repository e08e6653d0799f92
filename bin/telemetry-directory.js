/** Where the editors keep the extension's telemetry when nobody says where. */

"use strict";

const { statSync } = require("node:fs");
const path = require("node:path");
const { CommandError, UsageError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { escapeForTerminal } = require("./terminal-text.js");

/**
 * The machine to look at; its own values by default, others in tests.
 *
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} environment
 * @property {string} home the user's home directory
 */

/**
 * @typedef {object} StandardPlace
 * @property {string} editor as people know it
 * @property {string} directory where that editor keeps the extension's telemetry
 */

/** Desktop editors by the name of their folder among the user's configuration. */
const desktopEditors = [
	{ editor: "VS Code", folder: "Code" },
	{ editor: "VS Code Insiders", folder: "Code - Insiders" },
	{ editor: "VSCodium", folder: "VSCodium" },
	{ editor: "Cursor", folder: "Cursor" },
	{ editor: "Windsurf", folder: "Windsurf" },
];

/** Servers of editors by the name of their folder in the home directory. */
const editorServers = [
	{ editor: "VS Code server", folder: ".vscode-server" },
	{ editor: "VS Code Insiders server", folder: ".vscode-server-insiders" },
];

/**
 * @param {Machine} machine
 * @returns {StandardPlace[]} every standard place on such a machine, whether it exists or not
 */
function standardPlaces(machine) {
	const { join } = pathsOf(machine.platform);
	const userFolders = [
		...desktopEditors.map(({ editor, folder }) => ({
			editor,
			user: join(configurationFolder(machine), folder, "User"),
		})),
		{ editor: "code-server", user: join(codeServerFolder(machine), "User") },
		...editorServers.map(({ editor, folder }) => ({
			editor,
			user: join(machine.home, folder, "data", "User"),
		})),
	];
	return userFolders.map(({ editor, user }) => ({
		editor,
		directory: join(user, "globalStorage", "coder.coder-remote", "telemetry"),
	}));
}

/**
 * Finds the one standard place that exists.
 *
 * @param {Machine} machine
 * @param {(directory: string) => boolean} [exists]
 * @returns {string} its directory
 * @throws {UsageError} where several exist: only the user knows which one is meant
 * @throws {CommandError} where none exists
 */
function findTelemetryDirectory(machine, exists = isDirectory) {
	const places = standardPlaces(machine);
	const found = places.filter(({ directory }) => exists(directory));
	if (found.length > 1) {
		throw new UsageError(
			`several editors keep telemetry here; name one of these directories:\n${list(found)}`,
		);
	}
	if (found[0] === undefined) {
		const message = `no telemetry directory was found in any of these places; name one:\n${list(places)}`;
		throw new CommandError(message, exitCode.failure);
	}
	return found[0].directory;
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
 * @returns {string} where desktop applications keep what belongs to the user
 */
function configurationFolder({ platform, environment, home }) {
	const { join } = pathsOf(platform);
	switch (platform) {
		case "darwin":
			return join(home, "Library", "Application Support");
		case "win32":
			return environment.APPDATA || join(home, "AppData", "Roaming");
		default:
			return environment.XDG_CONFIG_HOME || join(home, ".config");
	}
}

/**
 * @param {Machine} machine
 * @returns {string} where code-server keeps its data: on macOS too, where Linux programs do
 */
function codeServerFolder({ platform, environment, home }) {
	const { join } = pathsOf(platform);
	if (platform === "win32") {
		return join(environment.LOCALAPPDATA || join(home, "AppData", "Local"), "code-server", "Data");
	}
	return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "code-server");
}

/** @param {NodeJS.Platform} platform */
function pathsOf(platform) {
	return platform === "win32" ? path.win32 : path.posix;
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

module.exports = { findTelemetryDirectory, standardPlaces };
