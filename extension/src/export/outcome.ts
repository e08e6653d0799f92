import * as path from "node:path";
import type { ExportRedaction, ExportSummary, ResolvedRange } from "coder-telemetry-export";
import { messageOf } from "coder-telemetry-export/bin/message-of.js";
import { counted, notesText, summaryText } from "coder-telemetry-export/bin/summary-text.js";
import { escapeForTerminal } from "coder-telemetry-export/bin/terminal-text.js";
import { recordingSetting, SettingError, settingIds } from "../settings.js";
import type { Notification, NotificationAction } from "./notification.js";
import type { ExportJob } from "./pipeline.js";

/** The messages about a finished export. */
export interface ExportMessages {
	readonly notification: Notification;
	/** For the output channel: the figures, and a line for everything that was left out. */
	readonly output: string;
}

const showOutput: NotificationAction = { kind: "showOutput" };

/**
 * Describes a finished export: what was written, and what a user should know before relying on it.
 *
 * @param flushError Why buffered events could not be flushed, if they could not.
 */
export function describeFinished(
	{ range, format, file }: ExportJob,
	summary: ExportSummary,
	flushError: string | undefined,
): ExportMessages {
	const wasWritten = summary.eventCount > 0;
	const { losses, remarks } = describeProblems(summary, flushError);
	const message = [
		wasWritten
			? `Exported ${counted(summary.eventCount, "telemetry event")} to ${path.basename(file)}.`
			: `No telemetry events in "${range.label}"; no file was written.`,
		...(wasWritten && summary.redaction !== undefined ? [describeReplaced(summary.redaction)] : []),
		...losses,
		...remarks,
		...(wasWritten ? [caution(summary)] : []),
	].join(" ");
	const report: NotificationAction[] =
		format === "html" ? [{ kind: "openReport", path: file, title: pageTitle(range) }] : [];
	const fileActions: NotificationAction[] = wasWritten
		? [...report, { kind: "reveal", path: file }, { kind: "copyPath", path: file }]
		: [];
	const actions = losses.length > 0 || remarks.length > 0 ? [showOutput, ...fileActions] : fileActions;
	return {
		notification: { severity: losses.length > 0 ? "warning" : "information", message, actions },
		output: outputText(range.label, wasWritten ? file : "no file", summary, flushError),
	};
}

/** The messages about a preview. */
export interface PreviewMessages {
	/** Undefined if the page shows everything that the user must know. */
	readonly notification: Notification | undefined;
	readonly output: string;
}

/** Describes what the page of a preview does not show. */
export function describePreview(
	range: ResolvedRange,
	summary: ExportSummary,
	flushError: string | undefined,
): PreviewMessages {
	const isShown = summary.eventCount > 0;
	const { losses, remarks } = describeProblems(summary, flushError);
	const problems = [...losses, ...remarks];
	const message = [
		isShown
			? `Preview of "${range.label}":`
			: `No telemetry events in "${range.label}"; there is nothing to preview.`,
		...problems,
	].join(" ");
	const notification: Notification = {
		severity: losses.length > 0 ? "warning" : "information",
		message,
		actions: problems.length > 0 ? [showOutput] : [],
	};
	return {
		notification: isShown && losses.length === 0 ? undefined : notification,
		output: outputText(range.label, isShown ? "a preview" : "no preview", summary, flushError),
	};
}

/** @returns the title of the tab that shows a report */
export function pageTitle(range: ResolvedRange): string {
	return `Telemetry: ${range.label}`;
}

/** @returns `losses`: what is missing from the export; `remarks`: what is unusual about the rest */
function describeProblems(summary: ExportSummary, flushError: string | undefined) {
	return {
		losses: [describeSkipped(summary), describeFlushError(flushError)].filter(Boolean),
		remarks: [describeDroppedPoints(summary), describeWarnings(summary)].filter(Boolean),
	};
}

/** @returns such as `1,234 values were replaced.` */
function describeReplaced({ replaced }: ExportRedaction): string {
	const count = Object.values(replaced).reduce((sum, countOfKind) => sum + countOfKind, 0);
	return `${counted(count, "value")} ${count === 1 ? "was" : "were"} replaced.`;
}

/** @returns what to think of before sharing the file */
function caution({ redaction }: ExportSummary): string {
	return redaction === undefined
		? "Before you share it: it can hold machine ids and deployment URLs."
		: "Look at it before you share it: what no rule finds is still in it.";
}

/** @returns such as `3 bad lines and 1 file were skipped.`; empty if nothing was skipped */
function describeSkipped({ badLines, skippedFiles, omitted }: ExportSummary): string {
	const files = skippedFiles.length + omitted.skippedFiles;
	const skipped = [
		...(badLines > 0 ? [counted(badLines, "bad line")] : []),
		...(files > 0 ? [counted(files, "file")] : []),
	];
	return skipped.length === 0
		? ""
		: `${skipped.join(" and ")} ${badLines + files === 1 ? "was" : "were"} skipped.`;
}

function describeFlushError(flushError: string | undefined): string {
	return flushError === undefined
		? ""
		: `The newest events may be missing: buffered events could not be flushed (${flushError}).`;
}

function describeDroppedPoints({ droppedPoints = 0 }: ExportSummary): string {
	return droppedPoints === 0
		? ""
		: `${counted(droppedPoints, "measurement")} without a usable value ${droppedPoints === 1 ? "was" : "were"} left out.`;
}

function describeWarnings({ warnings, omitted }: ExportSummary): string {
	const count = warnings.length + omitted.warnings;
	return count === 0 ? "" : `The output has ${counted(count, "warning")}.`;
}

function outputText(
	rangeLabel: string,
	written: string,
	summary: ExportSummary,
	flushError: string | undefined,
): string {
	const notes = notesText(summary);
	return [
		summaryText(summary, rangeLabel, written),
		...(notes === "" ? [] : [notes]),
		...(flushError === undefined ? [] : [`warning: ${escapeForTerminal(describeFlushError(flushError))}`]),
	].join("\n");
}

/** Shows the message of the error. If a setting is invalid, a button opens it. */
export function describeFailure(error: unknown): Notification {
	const actions: NotificationAction[] =
		error instanceof SettingError ? [{ kind: "openSettings", search: error.setting }] : [];
	return { severity: "error", message: messageOf(error), actions };
}

/**
 * @param directory The telemetry directory, which has no telemetry files.
 * @param isConfigured Whether the directory comes from a setting.
 */
export function describeMissingTelemetry(directory: string, isConfigured: boolean): Notification {
	const check = isConfigured
		? `Check that ${settingIds.directory} names the right directory, and that ${recordingSetting} is not "off".`
		: `Check that the Coder extension is installed and that ${recordingSetting} is not "off".`;
	return {
		severity: "warning",
		message: `No telemetry has been recorded yet in ${directory}. ${check}`,
		// Without the Coder extension, its setting does not exist. This search also finds our own settings.
		actions: [{ kind: "openSettings", search: isConfigured ? settingIds.directory : "coder.telemetry" }],
	};
}

/** The target is not a file on this machine: it is on a remote host or in a virtual workspace. */
export function describeNonFileTarget(uri: string): Notification {
	return {
		severity: "error",
		message: `Cannot export to ${uri}: it is not a file on this machine. Choose a folder on this machine.`,
		actions: [],
	};
}
