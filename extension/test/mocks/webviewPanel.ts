import type * as vscode from "vscode";
import { Emitter } from "./emitter.js";

export class FakeWebviewPanel {
	readonly viewType: string;
	title: string;
	readonly options: vscode.WebviewPanelOptions & vscode.WebviewOptions;
	readonly webview = { html: "" };
	/** Whether it took the keyboard focus when it was last shown. */
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

	/** Called when the user or the extension closes it. Both fire `onDidDispose`. */
	dispose(): void {
		if (!this.isClosed) {
			this.isClosed = true;
			this.#closed.fire();
		}
	}
}
