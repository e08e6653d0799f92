import * as path from "node:path";
import type { ExportSummary } from "coder-telemetry-export";
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
	{ range, target }: ExportJob,
	summary: ExportSummary,
	flushError: string | undefined,
): FinishedReport {
	const wasWritten = summary.eventCount > 0;
	const doubts = [describeSkipped(summary), describeFlushError(flushError)].filter((text) => text !== "");
	const hints = [describeDroppedPoints(summary), describeWarnings(summary)].filter((text) => text !== "");
	const message = [
		wasWritten
			? `Exported ${counted(summary.eventCount, "telemetry event")} to ${path.basename(target.path)}.`
			: `No telemetry events in "${range.label}"; no file was written.`,
		...doubts,
		...hints,
		...(wasWritten ? ["Before you share it: it can hold machine ids and deployment URLs."] : []),
	].join(" ");
	const file: NoticeAction[] = wasWritten
		? [
				{ kind: "reveal", path: target.path },
				{ kind: "copyPath", path: target.path },
			]
		: [];
	const actions = doubts.length > 0 || hints.length > 0 ? [showOutput, ...file] : file;
	return {
		notice: { severity: doubts.length > 0 ? "warning" : "information", message, actions },
		output: outputText(range.label, wasWritten ? target.path : "no file", summary, flushError),
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
