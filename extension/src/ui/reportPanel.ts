import * as vscode from "vscode";
import type { Page } from "../export/page.js";

/** The panel of a window that shows reports, one at a time. */
export class ReportPanel implements vscode.Disposable {
	#panel: vscode.WebviewPanel | undefined;
	#page: Page | undefined;

	/** Shows a page; one that is shown already makes way for it, where the user has put the panel. */
	show(page: Page): void {
		const before = this.#page;
		this.#page = page;
		before?.onClose?.();
		this.#panel ??= this.#open(page);
		this.#panel.title = page.title;
		this.#panel.webview.html = page.html;
		this.#panel.reveal(undefined, page.preserveFocus);
	}

	dispose(): void {
		this.#panel?.dispose();
	}

	#open({ title, preserveFocus }: Page): vscode.WebviewPanel {
		const panel = vscode.window.createWebviewPanel(
			"coderTelemetryExport.report",
			title,
			{ viewColumn: vscode.ViewColumn.Active, preserveFocus },
			// What events say was written by whoever made them. The page shows it as text and brings rules of its own
			// against more; here nothing could run or be loaded even if it did not.
			{ enableScripts: false, enableCommandUris: false, localResourceRoots: [], enableFindWidget: true },
		);
		panel.onDidDispose(() => {
			this.#panel = undefined;
			this.#page?.onClose?.();
			this.#page = undefined;
		});
		return panel;
	}
}
