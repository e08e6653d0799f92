import * as path from "node:path";
import type { ExportSummary, ResolvedRange } from "coder-telemetry-export";
import { counted, notesText, summaryText } from "coder-telemetry-export/bin/summary-text.js";
import { escapeForTerminal } from "coder-telemetry-export/bin/terminal-text.js";
import { messageOf } from "../messageOf.js";
import { recordingSetting, SettingError, settingIds } from "../settings.js";
import type { Notice, NoticeAction } from "./notice.js";
import type { ExportJob } from "./pipeline.js";

/** What a user is told of an export that came to its end. */
export interface FinishedReport {
	readonly notice: Notice;
	/** For the output channel: the figures, and everything that was left out, line by line. */
	readonly output: string;
}

const showOutput: NoticeAction = { kind: "showOutput" };

/**
 * Words what an export came to: what was written, and all that a user should know before relying on it.
 *
 * @param flushError Why what was still in memory could not be written, where it could not.
 */
export function describeFinished(
	{ range, format, file }: ExportJob,
	summary: ExportSummary,
	flushError: string | undefined,
): FinishedReport {
	const wasWritten = summary.eventCount > 0;
	const { doubts, hints } = describeFaults(summary, flushError);
	const message = [
		wasWritten
			? `Exported ${counted(summary.eventCount, "telemetry event")} to ${path.basename(file)}.`
			: `No telemetry events in "${range.label}"; no file was written.`,
		...doubts,
		...hints,
		...(wasWritten ? ["Before you share it: it can hold machine ids and deployment URLs."] : []),
	].join(" ");
	const report: NoticeAction[] =
		format === "html" ? [{ kind: "openReport", path: file, title: pageTitle(range) }] : [];
	const fileActions: NoticeAction[] = wasWritten
		? [...report, { kind: "reveal", path: file }, { kind: "copyPath", path: file }]
		: [];
	const actions = doubts.length > 0 || hints.length > 0 ? [showOutput, ...fileActions] : fileActions;
	return {
		notice: { severity: doubts.length > 0 ? "warning" : "information", message, actions },
		output: outputText(range.label, wasWritten ? file : "no file", summary, flushError),
	};
}

/** What a user is told of a preview that was made. */
export interface PreviewReport {
	/** Nothing where the page says it all. */
	readonly notice: Notice | undefined;
	/** As that of an export. */
	readonly output: string;
}

/** Words what a preview came to, as far as one cannot see it. */
export function describePreview(
	range: ResolvedRange,
	summary: ExportSummary,
	flushError: string | undefined,
): PreviewReport {
	const isShown = summary.eventCount > 0;
	const { doubts, hints } = describeFaults(summary, flushError);
	const faults = [...doubts, ...hints];
	const message = [
		isShown
			? `Preview of "${range.label}":`
			: `No telemetry events in "${range.label}"; there is nothing to preview.`,
		...faults,
	].join(" ");
	const notice: Notice = {
		severity: doubts.length > 0 ? "warning" : "information",
		message,
		actions: faults.length > 0 ? [showOutput] : [],
	};
	return {
		notice: isShown && doubts.length === 0 ? undefined : notice,
		output: outputText(range.label, isShown ? "a preview" : "no preview", summary, flushError),
	};
}

/** @returns what the tab of a report is called in the editor */
export function pageTitle(range: ResolvedRange): string {
	return `Telemetry: ${range.label}`;
}

/** What a user should know before relying on what was written: what is missing, and what is odd about the rest. */
function describeFaults(summary: ExportSummary, flushError: string | undefined) {
	const isSaid = (text: string) => text !== "";
	return {
		doubts: [describeSkipped(summary), describeFlushError(flushError)].filter(isSaid),
		hints: [describeDroppedPoints(summary), describeWarnings(summary)].filter(isSaid),
	};
}

/** @returns such as `3 bad lines and 1 file were skipped.`; nothing where nothing was */
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

/** A failure, in the addon's words or the system's. A setting that is to blame can be opened. */
export function describeFailure(error: unknown): Notice {
	const actions: NoticeAction[] =
		error instanceof SettingError ? [{ kind: "openSettings", search: error.setting }] : [];
	return { severity: "error", message: messageOf(error), actions };
}

/**
 * @param directory Where no telemetry is.
 * @param isConfigured Whether a setting names it, which then is the first thing to check.
 */
export function describeMissingTelemetry(directory: string, isConfigured: boolean): Notice {
	const check = isConfigured
		? `Check that ${settingIds.directory} names the right directory, and that ${recordingSetting} is not "off".`
		: `Check that the Coder extension is installed and that ${recordingSetting} is not "off".`;
	return {
		severity: "warning",
		message: `No telemetry has been recorded yet in ${directory}. ${check}`,
		// The setting of the Coder extension is not there where that extension is not; the search finds what is.
		actions: [{ kind: "openSettings", search: isConfigured ? settingIds.directory : "coder.telemetry" }],
	};
}

/** A target that is no file of this machine, such as one on a remote host or in a virtual workspace. */
export function describeForeignTarget(uri: string): Notice {
	return {
		severity: "error",
		message: `Cannot export to ${uri}: it is not a file on this machine. Choose a folder on this machine.`,
		actions: [],
	};
}
