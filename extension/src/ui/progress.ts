import * as vscode from "vscode";
import type { ReportedProgress } from "../export/pipeline.js";

/** Runs a task under a progress notification whose Cancel aborts the signal. */
export async function withProgress<Result>(
	title: string,
	task: (report: (progress: ReportedProgress) => void, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
	const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
	return vscode.window.withProgress(options, (progress, token) => {
		const controller = new AbortController();
		token.onCancellationRequested(() => controller.abort());
		let shown = 0;
		const report = ({ message, percent }: ReportedProgress) => {
			if (percent === undefined) {
				progress.report({ message });
				return;
			}
			// The editor adds up increments.
			progress.report({ message, increment: percent - shown });
			shown = percent;
		};
		return task(report, controller.signal);
	});
}

/** Shows in the status bar that something is going on, where it takes longer than a blink. */
export async function withStatus<Result>(title: string, task: () => Promise<Result>): Promise<Result> {
	return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, task);
}
