#!/usr/bin/env node
/**
 * The command line: one file for each command, and what they share. It parses arguments and prints results.
 * The addon does the exporting.
 */

"use strict";

const { parseCommandLine } = require("./arguments.js");
const { CommandError, UsageError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { helpText } = require("./help.js");
const { homeDirectory } = require("./home-directory.js");
const { messageOf } = require("./message-of.js");
const { print, printReason } = require("./standard-streams.js");
const { findTelemetryDirectory } = require("./telemetry-directory.js");
const { escapeForTerminal } = require("./terminal-text.js");

/** Error codes of the addon for wrong arguments. */
const argumentErrorCodes = new Set(["ERR_INVALID_ARG", "ERR_INVALID_RANGE"]);

/**
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function run(args) {
	const commandLine = parseCommandLine(args);
	// Loaded here, so that help and version work without a native binary.
	switch (commandLine.command) {
		case "help":
			print("the help", helpText);
			return exitCode.success;
		case "version":
			print("the version", require("../package.json").version);
			return exitCode.success;
		case "list":
			return require("./list-command.js").listCommand(commandLine, () => telemetryDirectory(commandLine));
		case "export":
			return require("./export-command.js").exportCommand(commandLine, () => telemetryDirectory(commandLine));
	}
}

/**
 * @param {{ directory: string | undefined }} commandLine
 * @returns {string} the directory that the user named, or the default directory that exists
 */
function telemetryDirectory({ directory }) {
	const { platform, env: environment } = process;
	return directory ?? findTelemetryDirectory({ platform, environment, home: homeDirectory() });
}

/**
 * Prints the error.
 *
 * @param {unknown} error
 * @returns {number} the exit code
 */
function printError(error) {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	const message = messageOf(error);
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
	.catch(printError)
	.then((code) => {
		process.exitCode = code;
	});
