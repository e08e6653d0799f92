/** A double of the part of `vscode` that the extension uses. `vitest.config.mts` maps imports to it. */

import type * as vscode from "vscode";
import { onWindows } from "../../../scripts/testing/windows.mjs";
import { FakeEditor, FakeProgress } from "./fakeEditor.js";
import { backButton, FakeInputBox, FakeQuickPick } from "./quickInputs.js";
import { FakeWebviewPanel } from "./webviewPanel.js";

let editor = new FakeEditor();

/** @returns a new editor, which this API uses from now on */
export function openEditor(): FakeEditor {
	editor = new FakeEditor();
	return editor;
}

export const QuickInputButtons = { Back: backButton };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const UIKind = { Desktop: 1, Web: 2 };
export const ExtensionKind = { UI: 1, Workspace: 2 };
export const ViewColumn = { Active: -1, Beside: -2, One: 1 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };

export class Uri {
	readonly scheme: string;
	readonly authority: string;
	readonly path: string;

	private constructor(scheme: string, authority: string, path: string) {
		this.scheme = scheme;
		this.authority = authority;
		this.path = path;
	}

	static file(path: string): vscode.Uri {
		const slashed = onWindows ? path.replaceAll("\\", "/") : path;
		return Uri.from({ scheme: "file", path: `/url${slashed.startsWith("/") ? "" : "/"}${slashed}` });
	}

	static from({ scheme, authority = "", path = "" }: Parameters<typeof vscode.Uri.from>[0]): vscode.Uri {
		return new Uri(scheme, authority, path) as unknown as vscode.Uri;
	}

	/**
	 * The path in the system's form. Differs from `path`, as on Windows. On Windows, it also has backslashes and a drive
	 * letter in lower case, as in the editor.
	 */
	get fsPath(): string {
		const path = this.path.replace(/^\/url/, "");
		return onWindows
			? path.replace(/^\/([a-z]:)/i, (_, drive: string) => drive.toLowerCase()).replaceAll("/", "\\")
			: path;
	}

	toString(): string {
		return `${this.scheme}://${this.authority}${this.path}`;
	}
}

export const window = {
	createQuickPick: () => new FakeQuickPick((input) => editor.onShow(input)),
	createInputBox: () => new FakeInputBox((input) => editor.onShow(input)),
	createOutputChannel: (name: string) => editor.createOutputChannel(name),
	createWebviewPanel: (...args: ConstructorParameters<typeof FakeWebviewPanel>) => {
		const panel = new FakeWebviewPanel(...args);
		editor.panels.push(panel);
		return panel;
	},
	showSaveDialog: (options: vscode.SaveDialogOptions) => editor.showSaveDialog(options),
	showInformationMessage: (text: string, ...items: vscode.MessageItem[]) =>
		editor.showMessage("information")(text, ...items),
	showWarningMessage: (text: string, ...items: vscode.MessageItem[]) =>
		editor.showMessage("warning")(text, ...items),
	showErrorMessage: (text: string, ...items: vscode.MessageItem[]) =>
		editor.showMessage("error")(text, ...items),
	withProgress: async <Result>(
		options: vscode.ProgressOptions,
		task: (progress: FakeProgress, token: vscode.CancellationToken) => Thenable<Result>,
	): Promise<Result> => {
		const progress = new FakeProgress(options);
		const isStatus = options.location === ProgressLocation.Window;
		(isStatus ? editor.statuses : editor.progresses).push(progress);
		return task(progress, progress.token);
	},
};

export const commands = {
	registerCommand: (id: string, handler: () => unknown) => editor.registerCommand(id, handler),
	executeCommand: (id: string, ...args: unknown[]) => editor.executeCommand(id, ...args),
};

export const env = {
	get uiKind() {
		return editor.isWeb ? UIKind.Web : UIKind.Desktop;
	},
	clipboard: {
		writeText: async (text: string) => {
			editor.clipboard = text;
		},
	},
};

export const extensions = {
	get all() {
		return editor.extensions;
	},
	onDidChange: (listener: () => void) => editor.extensionsChanged.event(listener),
};

export const workspace = {
	getConfiguration: () => ({ get: (setting: string) => editor.settings.get(setting) }),
};
