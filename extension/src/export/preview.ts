import { readFile } from "node:fs/promises";
import type { ResolvedRange } from "coder-telemetry-export";
import type { Notification } from "./notification.js";
import { describeFailure, describePreview, pageTitle } from "./outcome.js";
import type { Page } from "./page.js";
import type { ExportOutcome } from "./pipeline.js";
import type { PreviewFiles } from "./previewFiles.js";

export interface PreviewContext {
	readonly files: PreviewFiles;
	/** Exports the range as a report. */
	readonly exportReport: (file: string) => Promise<ExportOutcome>;
	/** Once aborted, nothing is shown, even if it is too late to cancel the export. */
	readonly signal: AbortSignal;
	readonly showPage: (page: Page) => void;
	readonly showNotification: (notification: Notification) => void;
	/** Appends the figures of the preview to the output channel. */
	readonly appendOutput: (output: string) => void;
}

/**
 * Shows a report of the range in a panel. Its file is removed when the page is closed.
 *
 * Never throws: failures are shown to the user.
 */
export async function showPreview(range: ResolvedRange, context: PreviewContext): Promise<void> {
	const { files, signal, showPage, showNotification } = context;
	let unshownFile: string | undefined;
	try {
		const file = await files.create();
		unshownFile = file;
		const html = await makePage(range, file, context);
		if (html !== undefined && !signal.aborted) {
			const onClose = () => void files.remove(file);
			showPage({ title: pageTitle(range), html, preserveFocus: true, onClose });
			unshownFile = undefined;
		}
	} catch (error) {
		showNotification(describeFailure(error));
	}
	if (unshownFile !== undefined) {
		await files.remove(unshownFile);
	}
}

/** @returns the HTML of the report; undefined if there is nothing to show */
async function makePage(
	range: ResolvedRange,
	file: string,
	{ exportReport, signal, showNotification, appendOutput }: PreviewContext,
): Promise<string | undefined> {
	const outcome = await exportReport(file);
	if (signal.aborted) {
		return undefined;
	}
	switch (outcome.kind) {
		case "cancelled":
			return undefined;
		case "failed":
			throw new Error(outcome.message);
		case "finished": {
			const { notification, output } = describePreview(range, outcome.summary, outcome.flushError);
			if (notification !== undefined) {
				showNotification(notification);
			}
			appendOutput(output);
			return outcome.summary.eventCount > 0 ? readFile(file, "utf8") : undefined;
		}
	}
}
