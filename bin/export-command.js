/** `coder-telemetry-export [DIR]`: writes an export and tells what is in it. */

"use strict";

const path = require("node:path");
const { isatty } = require("node:tty");
const { exportTelemetry, resolveRange, suggestedFileName } = require("../index.js");
const { CommandError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { cancelledByInterruption } = require("./interruption.js");
const { openFile } = require("./open-file.js");
const { ProgressBar } = require("./progress-bar.js");
const { print } = require("./standard-output.js");
const { isIncomplete, notesText, summaryText } = require("./summary-text.js");
const { escapeForTerminal, jsonForTerminal } = require("./terminal-text.js");

/** Standard output as `--out` names it, and as the system does. */
const standardOutputName = "-";
const standardOutput = 1;

/** @typedef {import("./arguments.js").ExportRequest} ExportRequest */
/** @typedef {import("../index.js").ExportOptions} ExportOptions */
/** @typedef {import("../index.js").ExportSummary} ExportSummary */

/**
 * @param {ExportRequest} request
 * @param {string} directory the telemetry directory
 * @returns {Promise<number>} the exit code
 */
async function exportCommand(request, directory) {
	const { range, format, out, open, json, strict } = request;
	const { label } = resolveRange(range);
	const output = out ?? suggestedFileName(range, format);
	const streams = output === standardOutputName;
	const showsProgress = !json && !(streams && isatty(standardOutput));

	const summary = await showingProgress(showsProgress, (onProgress) =>
		cancelledByInterruption((signal) => {
			const options = { ...request.options, signal, onProgress };
			return streams
				? exportToStandardOutput(directory, range, options)
				: exportToFile(directory, request, output, options);
		}),
	);

	tellSummary(summary, request, { directory, output, label });
	if (open && summary.eventCount > 0) {
		await openPage(path.resolve(output));
	}
	if (strict && isIncomplete(summary)) {
		return exitCode.incomplete;
	}
	return summary.eventCount === 0 ? exitCode.nothingMatched : exitCode.success;
}

/**
 * Prints what was done on standard output, or, where that holds the events, on standard error; what was left out
 * always goes to standard error.
 *
 * @param {ExportSummary} summary
 * @param {ExportRequest} request
 * @param {{ directory: string, output: string, label: string }} details where from, where to, and the range in words
 */
function tellSummary(summary, { format, json }, { directory, output, label }) {
	const notes = notesText(summary);
	if (notes !== "") {
		console.error(notes);
	}
	const isEmpty = summary.eventCount === 0;
	if (json) {
		const written = isEmpty ? null : path.resolve(output);
		print(jsonForTerminal({ directory: path.resolve(directory), output: written, format, ...summary }));
	} else if (isEmpty) {
		console.error(`No event matched (${label}); nothing was written.`);
	} else if (output === standardOutputName) {
		console.error(summaryText(summary, label, "standard output"));
	} else {
		print(summaryText(summary, label, output));
	}
}

/**
 * Shows the page in the browser. Where that fails the export is done all the same, so it is no more than a warning.
 *
 * @param {string} page
 */
async function openPage(page) {
	try {
		await openFile(page);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		console.error(
			`warning: the page was not opened (${escapeForTerminal(reason)}); open it by hand: ${escapeForTerminal(page)}`,
		);
	}
}

/**
 * Runs a task with a progress bar, where there is a terminal to draw it on.
 *
 * @template Result
 * @param {boolean} wanted
 * @param {(onProgress: ExportOptions["onProgress"]) => Promise<Result>} task
 * @returns {Promise<Result>}
 */
async function showingProgress(wanted, task) {
	if (!wanted || !process.stderr.isTTY || process.env.TERM === "dumb") {
		return task(undefined);
	}
	const bar = new ProgressBar(process.stderr);
	try {
		return await task((progress) => bar.show(progress));
	} finally {
		bar.clear();
	}
}

/**
 * @param {string} directory
 * @param {ExportRequest} request
 * @param {string} file
 * @param {ExportOptions} options
 * @returns {Promise<ExportSummary>}
 */
async function exportToFile(directory, { range, format }, file, options) {
	try {
		return await exportTelemetry(directory, range, format, file, options);
	} catch (error) {
		if (isFileExists(error)) {
			const message = `${escapeForTerminal(file)} exists already; replace it with --force, or name another file with --out`;
			throw new CommandError(message, exitCode.failure, { cause: error });
		}
		throw error;
	}
}

/**
 * @param {string} directory
 * @param {string} range
 * @param {ExportOptions} options
 * @returns {Promise<ExportSummary>}
 */
function exportToStandardOutput(directory, range, options) {
	// Only for this command: a library has no business with its host's standard output.
	return require("../binding.js").exportTelemetryToStdout(directory, range, options);
}

/** @param {unknown} error */
function isFileExists(error) {
	return error instanceof Error && "osCode" in error && error.osCode === "EEXIST";
}

module.exports = { exportCommand };
