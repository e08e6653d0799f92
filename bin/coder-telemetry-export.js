#!/usr/bin/env node
/**
 * The command line. This folder has one file for each command, and what they share; `--help` lists them.
 * It only reads arguments and prints results: the addon does the exporting.
 */

"use strict";

const { parseCommandLine } = require("./arguments.js");
const { CommandError, UsageError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { helpText } = require("./help.js");
const { homeDirectory } = require("./home-directory.js");
const { print, printReason } = require("./standard-streams.js");
const { findTelemetryDirectory } = require("./telemetry-directory.js");
const { escapeForTerminal } = require("./terminal-text.js");

/** Codes of errors of the addon that mean: the arguments are wrong, nothing was tried. */
const argumentErrorCodes = new Set(["ERR_INVALID_ARG", "ERR_INVALID_RANGE"]);

/**
 * @param {string[]} commandLine
 * @returns {Promise<number>} the exit code
 */
async function run(commandLine) {
	const request = parseCommandLine(commandLine);
	// The commands are loaded when they are needed: help and version work without a native binary too.
	switch (request.command) {
		case "help":
			print("the help", helpText);
			return exitCode.success;
		case "version":
			print("the version", require("../package.json").version);
			return exitCode.success;
		case "list":
			return require("./list-command.js").listCommand(request, () => telemetryDirectory(request));
		case "export":
			return require("./export-command.js").exportCommand(request, () => telemetryDirectory(request));
	}
}

/**
 * @param {{ directory: string | undefined }} request
 * @returns {string} the directory that the user names, or the standard place that exists
 */
function telemetryDirectory({ directory }) {
	const { platform, env: environment } = process;
	return directory ?? findTelemetryDirectory({ platform, environment, home: homeDirectory() });
}

/**
 * Tells the user what went wrong.
 *
 * @param {unknown} error
 * @returns {number} the exit code
 */
function report(error) {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	const message = error instanceof Error ? error.message : String(error);
	if (code === "ABORT_ERR") {
		printReason("Cancelled.");
		return exitCode.cancelled;
	}
	printReason(
		`coder-telemetry-export: ${error instanceof CommandError ? message : escapeForTerminal(message)}`,
	);
	if (error instanceof UsageError || argumentErrorCodes.has(code)) {
		printReason("See coder-telemetry-export --help.");
		return exitCode.usage;
	}
	return error instanceof CommandError ? error.exitCode : exitCode.failure;
}

run(process.argv.slice(2))
	.catch(report)
	.then((code) => {
		process.exitCode = code;
	});
