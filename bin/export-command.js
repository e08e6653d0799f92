/** `coder-telemetry-export [DIR]`: writes an export and prints its summary. */

"use strict";

const path = require("node:path");
const { isatty } = require("node:tty");
const { exportTelemetry, resolveRange, suggestedFileName } = require("../index.js");
const { CommandError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { cancelOnSignal } = require("./interruption.js");
const { messageOf } = require("./message-of.js");
const { openFile } = require("./open-file.js");
const { ProgressBar } = require("./progress-bar.js");
const { readKeyFile } = require("./redact-key-file.js");
const {
	printEach,
	isReaderGone,
	standardError,
	standardOutput,
	throwIfUnprinted,
} = require("./standard-streams.js");
const { isIncomplete, notesText, summaryText } = require("./summary-text.js");
const { escapeForTerminal, jsonForTerminal } = require("./terminal-text.js");

/** The value of `--out` for standard output. */
const standardOutputName = "-";

/** @typedef {import("./arguments.js").ExportArguments} ExportArguments */
/** @typedef {import("../index.js").ExportOptions} ExportOptions */
/** @typedef {import("../index.js").ExportSummary} ExportSummary */
/** @typedef {import("./standard-streams.js").Message} Message */

/**
 * @param {ExportArguments} args
 * @param {() => string} findDirectory finds the telemetry directory
 * @returns {Promise<number>} the exit code
 */
async function exportCommand(args, findDirectory) {
	const { range, format, out, open, json, strict } = args;
	const { label } = resolveRange(range);
	const directory = findDirectory();
	const output = out ?? suggestedFileName(range, format, args.options.redact);
	const redactKey = args.redactKeyFile === undefined ? undefined : readKeyFile(args.redactKeyFile);
	const toStandardOutput = output === standardOutputName;
	const showsProgress = !json && !(toStandardOutput && isatty(standardOutput));

	let summary;
	try {
		summary = await withProgressBar(showsProgress, (onProgress) =>
			cancelOnSignal((signal) => {
				const options = { ...args.options, redactKey, signal, onProgress };
				return toStandardOutput
					? exportToStandardOutput(directory, range, options)
					: exportToFile(directory, args, output, options);
			}),
		);
	} catch (error) {
		if (toStandardOutput && isReaderGone(error)) {
			// The reader, such as `head`, has enough events.
			return exitCode.success;
		}
		throw error;
	}

	const isEmpty = summary.eventCount === 0;
	const unprinted = printEach(summaryMessages(summary, args, { directory, output, label }));
	if (open && !isEmpty) {
		unprinted.push(...printEach(await openReport(path.resolve(output))));
	}
	throwIfUnprinted(unprinted, isEmpty ? "no event matched, and " : "the export is complete, but ");
	if (strict && isIncomplete(summary)) {
		return exitCode.incomplete;
	}
	return isEmpty ? exitCode.nothingMatched : exitCode.success;
}

/**
 * The summary goes to standard output, or to standard error if the events are on standard output. The notes always go
 * to standard error.
 *
 * @param {ExportSummary} summary
 * @param {ExportArguments} args
 * @param {{ directory: string, output: string, label: string }} details the label is the range's
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
 * Opens the report in the browser. If that fails, it is only a warning: the export is complete.
 *
 * @param {string} report
 * @returns {Promise<Message[]>} the warning, if there is one
 */
async function openReport(report) {
	try {
		await openFile(report);
		return [];
	} catch (error) {
		const reason = messageOf(error);
		const text = `warning: the report was not opened (${escapeForTerminal(reason)}); open it by hand: ${escapeForTerminal(report)}`;
		return [{ name: "a warning", text, descriptor: standardError }];
	}
}

/**
 * Runs a task with a progress bar, if standard error is a terminal that can show one.
 *
 * @template Result
 * @param {boolean} wanted
 * @param {(onProgress: ExportOptions["onProgress"]) => Promise<Result>} task
 * @returns {Promise<Result>}
 */
async function withProgressBar(wanted, task) {
	if (!wanted || !isatty(standardError) || process.env.TERM === "dumb") {
		return task(undefined);
	}
	// The export continues if the terminal goes away.
	const bar = new ProgressBar(process.stderr.on("error", () => {}));
	try {
		return await task((progress) => bar.show(progress));
	} finally {
		bar.clear();
	}
}

/**
 * @param {string} directory
 * @param {ExportArguments} args
 * @param {string} file
 * @param {ExportOptions} options
 * @returns {Promise<ExportSummary>}
 */
async function exportToFile(directory, { range, format }, file, options) {
	try {
		return await exportTelemetry(directory, range, format, file, options);
	} catch (error) {
		if (isFileExists(error)) {
			const message = `${escapeForTerminal(file)} already exists; replace it with --force, or name another file with --out`;
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
	// Not part of the public API: a library should not write to its host's standard output.
	return require("../platform-package.js").loadBinary().exportTelemetryToStdout(directory, range, options);
}

/** @param {unknown} error */
function isFileExists(error) {
	return error instanceof Error && "osCode" in error && error.osCode === "EEXIST";
}

module.exports = { exportCommand };
