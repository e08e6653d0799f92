import * as vscode from "vscode";
import type { ProgressUpdate } from "../export/pipeline.js";

/** Runs a task with a progress notification. Its Cancel button aborts the signal. */
export async function withProgress<Result>(
	title: string,
	task: (report: (update: ProgressUpdate) => void, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
	return vscode.window.withProgress(options, (progress, token) => {
		const controller = new AbortController();
		token.onCancellationRequested(() => controller.abort());
		let shown = 0;
		const report = ({ message, percent }: ProgressUpdate) => {
			if (percent === undefined) {
				progress.report({ message });
				return;
			}
			// The editor expects increments.
			progress.report({ message, increment: percent - shown });
			shown = percent;
		};
		return task(report, controller.signal);
	});
}

/** Runs a task with a title in the status bar, which the editor shows after a short delay. */
export async function withStatus<Result>(title: string, task: () => Promise<Result>): Promise<Result> {
	return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, task);
}
