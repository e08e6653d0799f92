import * as vscode from "vscode";
import type { Page } from "../export/page.js";

/** A webview panel that shows one report at a time. */
export class ReportPanel implements vscode.Disposable {
	#panel: vscode.WebviewPanel | undefined;
	#page: Page | undefined;

	/** Shows a page, in place of the page before. The panel stays where the user has moved it. */
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
			// The page contains untrusted text of events. It escapes the text and has a content security policy. Should both
			// fail, these options still let nothing run or load.
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
