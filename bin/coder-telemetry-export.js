#!/usr/bin/env node
/** The command line over the addon: `coder-telemetry-export --help` tells what it can do. */

"use strict";

const { homedir } = require("node:os");
const { parseCommandLine } = require("./arguments.js");
const { CommandError, UsageError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { helpText } = require("./help.js");
const { print } = require("./standard-output.js");
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
			print(helpText);
			return exitCode.success;
		case "version":
			print(require("../package.json").version);
			return exitCode.success;
		case "list":
			return require("./list-command.js").listCommand(request, telemetryDirectory(request));
		case "export":
			return require("./export-command.js").exportCommand(request, telemetryDirectory(request));
	}
}

/** @param {{ directory: string | undefined }} request */
function telemetryDirectory({ directory }) {
	const machine = { platform: process.platform, environment: process.env, home: homedir() };
	return directory ?? findTelemetryDirectory(machine);
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
		console.error("Cancelled.");
		return exitCode.cancelled;
	}
	console.error(
		`coder-telemetry-export: ${error instanceof CommandError ? message : escapeForTerminal(message)}`,
	);
	if (error instanceof UsageError || argumentErrorCodes.has(code)) {
		console.error("See coder-telemetry-export --help.");
		return exitCode.usage;
	}
	return error instanceof CommandError ? error.exitCode : exitCode.failure;
}

run(process.argv.slice(2))
	.catch(report)
	.then((code) => {
		process.exitCode = code;
	});
