import { readFile } from "node:fs/promises";
import type { ResolvedRange } from "coder-telemetry-export";
import type { Notice } from "./notice.js";
import { describeFailure, describePreview, pageTitle } from "./outcome.js";
import type { Page } from "./page.js";
import type { ExportOutcome } from "./pipeline.js";
import type { PreviewFiles } from "./previewFiles.js";

/** What a preview is made with. */
export interface PreviewContext {
	readonly files: PreviewFiles;
	/** Exports the range as a report. */
	readonly exportReport: (file: string) => Promise<ExportOutcome>;
	/** Once aborted, nothing is shown, however the export ends: it may be too late to cancel that. */
	readonly signal: AbortSignal;
	readonly showPage: (page: Page) => void;
	readonly showNotice: (notice: Notice) => void;
	/** Takes the figures of a preview, for the output channel. */
	readonly record: (output: string) => void;
}

/**
 * Shows what a range would share. The file behind it is there as long as the page is shown.
 *
 * Never throws: whoever asked for a preview is told here how it ended, and can go on.
 */
export async function showPreview(range: ResolvedRange, context: PreviewContext): Promise<void> {
	const { files, signal, showPage, showNotice } = context;
	let unshown: string | undefined;
	try {
		const file = await files.create();
		unshown = file;
		const html = await makePage(range, file, context);
		if (html !== undefined && !signal.aborted) {
			const onClose = () => void files.remove(file);
			showPage({ title: pageTitle(range), html, preserveFocus: true, onClose });
			unshown = undefined;
		}
	} catch (error) {
		showNotice(describeFailure(error));
	}
	if (unshown !== undefined) {
		await files.remove(unshown);
	}
}

/** @returns nothing where there is nothing to show */
async function makePage(
	range: ResolvedRange,
	file: string,
	{ exportReport, signal, showNotice, record }: PreviewContext,
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
			const { notice, output } = describePreview(range, outcome.summary, outcome.flushError);
			if (notice !== undefined) {
				showNotice(notice);
			}
			record(output);
			return outcome.summary.eventCount > 0 ? readFile(file, "utf8") : undefined;
		}
	}
}
