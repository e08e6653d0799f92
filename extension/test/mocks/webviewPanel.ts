import type * as vscode from "vscode";
import { Emitter } from "./emitter.js";

/** A panel with a page in it, and a user who closes it. */
export class FakeWebviewPanel {
	readonly viewType: string;
	title: string;
	readonly options: vscode.WebviewPanelOptions & vscode.WebviewOptions;
	readonly webview = { html: "" };
	/** Whether the keyboard was taken to it when it was shown last. */
	hasFocus: boolean;
	isClosed = false;
	readonly #closed = new Emitter<void>();

	readonly onDidDispose = this.#closed.event;

	constructor(
		viewType: string,
		title: string,
		{ preserveFocus = false }: { preserveFocus?: boolean },
		options: vscode.WebviewPanelOptions & vscode.WebviewOptions,
	) {
		this.viewType = viewType;
		this.title = title;
		this.hasFocus = !preserveFocus;
		this.options = options;
	}

	reveal(_viewColumn?: vscode.ViewColumn, preserveFocus = false): void {
		this.hasFocus = !preserveFocus;
	}

	/** Closes it as the user does, or the extension: the editor tells of both. */
	dispose(): void {
		if (!this.isClosed) {
			this.isClosed = true;
			this.#closed.fire();
		}
	}
}
