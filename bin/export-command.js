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
const {
	printEach,
	readerIsGone,
	standardError,
	standardOutput,
	throwUnprinted,
} = require("./standard-streams.js");
const { isIncomplete, notesText, summaryText } = require("./summary-text.js");
const { escapeForTerminal, jsonForTerminal } = require("./terminal-text.js");

/** Standard output as `--out` names it. */
const standardOutputName = "-";

/** @typedef {import("./arguments.js").ExportRequest} ExportRequest */
/** @typedef {import("../index.js").ExportOptions} ExportOptions */
/** @typedef {import("../index.js").ExportSummary} ExportSummary */
/** @typedef {import("./standard-streams.js").Message} Message */

/**
 * @param {ExportRequest} request
 * @param {() => string} findDirectory finds the telemetry directory
 * @returns {Promise<number>} the exit code
 */
async function exportCommand(request, findDirectory) {
	const { range, format, out, open, json, strict } = request;
	const { label } = resolveRange(range);
	const directory = findDirectory();
	const output = out ?? suggestedFileName(range, format);
	const streams = output === standardOutputName;
	const showsProgress = !json && !(streams && isatty(standardOutput));

	let summary;
	try {
		summary = await showingProgress(showsProgress, (onProgress) =>
			cancelledByInterruption((signal) => {
				const options = { ...request.options, signal, onProgress };
				return streams
					? exportToStandardOutput(directory, range, options)
					: exportToFile(directory, request, output, options);
			}),
		);
	} catch (error) {
		if (streams && readerIsGone(error)) {
			// Whoever reads the events has enough of them, as `head` has.
			return exitCode.success;
		}
		throw error;
	}

	const isEmpty = summary.eventCount === 0;
	const unprinted = printEach(summaryMessages(summary, request, { directory, output, label }));
	if (open && !isEmpty) {
		unprinted.push(...printEach(await openPage(path.resolve(output))));
	}
	throwUnprinted(unprinted, isEmpty ? "no event matched, and " : "the export is complete, but ");
	if (strict && isIncomplete(summary)) {
		return exitCode.incomplete;
	}
	return isEmpty ? exitCode.nothingMatched : exitCode.success;
}

/**
 * Says what was done on standard output, or on standard error if the events are on standard output. What was left out
 * always goes to standard error.
 *
 * @param {ExportSummary} summary
 * @param {ExportRequest} request
 * @param {{ directory: string, output: string, label: string }} details where from, where to, and the range in words
 * @returns {Message[]}
 */
function summaryMessages(summary, { format, json }, { directory, output, label }) {
	const notes = notesText(summary);
	/** @type {Message[]} */
	const messages =
		notes === "" ? [] : [{ name: "what was left out", text: notes, descriptor: standardError }];
	const name = "the summary";
	const isEmpty = summary.eventCount === 0;
	if (json) {
		const written = isEmpty ? null : path.resolve(output);
		const text = jsonForTerminal({
			directory: path.resolve(directory),
			output: written,
			format,
			...summary,
		});
		messages.push({ name, text, descriptor: standardOutput });
	} else if (isEmpty) {
		const text = `No event matched (${label}); nothing was written.`;
		messages.push({ name, text, descriptor: standardError });
	} else if (output === standardOutputName) {
		const text = summaryText(summary, label, "standard output");
		messages.push({ name, text, descriptor: standardError });
	} else {
		messages.push({ name, text: summaryText(summary, label, output), descriptor: standardOutput });
	}
	return messages;
}

/**
 * Shows the page in the browser. The export is done even if that fails, so it is no more than a warning.
 *
 * @param {string} page
 * @returns {Promise<Message[]>} the warning
 */
async function openPage(page) {
	try {
		await openFile(page);
		return [];
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		const text = `warning: the page was not opened (${escapeForTerminal(reason)}); open it by hand: ${escapeForTerminal(page)}`;
		return [{ name: "a warning", text, descriptor: standardError }];
	}
}

/**
 * Runs a task with a progress bar, if there is a terminal to draw it on.
 *
 * @template Result
 * @param {boolean} wanted
 * @param {(onProgress: ExportOptions["onProgress"]) => Promise<Result>} task
 * @returns {Promise<Result>}
 */
async function showingProgress(wanted, task) {
	if (!wanted || !isatty(standardError) || process.env.TERM === "dumb") {
		return task(undefined);
	}
	// A terminal that goes away is no failure of the export.
	const bar = new ProgressBar(process.stderr.on("error", () => {}));
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
	return require("../platform-package.js").loadBinary().exportTelemetryToStdout(directory, range, options);
}

/** @param {unknown} error */
function isFileExists(error) {
	return error instanceof Error && "osCode" in error && error.osCode === "EEXIST";
}

module.exports = { exportCommand };
