import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { Notice, NoticeAction } from "../export/notice.js";
import type { Page } from "../export/page.js";
import { messageOf } from "../messageOf.js";

/** What the buttons of notices need. */
export interface NoticeTools {
	readonly output: vscode.OutputChannel;
	/** Whether this code, and so every file of it, is on the machine that the user sits at. */
	readonly isUsersMachine: boolean;
	/** Opens a file in the program that the system has for it; rejects where there is none. */
	readonly openFile: (file: string) => Promise<void>;
	readonly showPage: (page: Page) => void;
}

/** Shows a notice, and does what its button says when the user presses one. */
export async function showNotice({ severity, message, actions }: Notice, tools: NoticeTools): Promise<void> {
	const items = offered(actions).map((action) => ({ title: titleOf(action, tools), action }));
	const pressed = await show(severity, message, items);
	try {
		if (pressed !== undefined) {
			await perform(pressed.action, tools);
		}
	} catch (error) {
		await vscode.window.showErrorMessage(messageOf(error));
	}
}

function show(
	severity: Notice["severity"],
	message: string,
	items: ActionItem[],
): Thenable<ActionItem | undefined> {
	switch (severity) {
		case "information":
			return vscode.window.showInformationMessage(message, ...items);
		case "warning":
			return vscode.window.showWarningMessage(message, ...items);
		case "error":
			return vscode.window.showErrorMessage(message, ...items);
	}
}

interface ActionItem extends vscode.MessageItem {
	readonly action: NoticeAction;
}

/** In a browser there is no file manager to show a file in. */
function isWeb(): boolean {
	return vscode.env.uiKind === vscode.UIKind.Web;
}

/** In a browser, revealing a file is to open it. Of a report that would show the source, under the same name. */
function offered(actions: readonly NoticeAction[]): readonly NoticeAction[] {
	const hasReport = actions.some(({ kind }) => kind === "openReport");
	return isWeb() && hasReport ? actions.filter(({ kind }) => kind !== "reveal") : actions;
}

function titleOf({ kind }: NoticeAction, { isUsersMachine }: NoticeTools): string {
	switch (kind) {
		case "openReport":
			return isUsersMachine ? "Open in Browser" : "Open";
		case "reveal":
			return isWeb() ? "Open" : "Reveal in File Explorer";
		case "copyPath":
			return "Copy Path";
		case "showOutput":
			return "Show Output";
		case "openSettings":
			return "Open Settings";
	}
}

async function perform(action: NoticeAction, tools: NoticeTools): Promise<void> {
	switch (action.kind) {
		case "openReport":
			await openReport(action, tools);
			break;
		case "reveal":
			await vscode.commands.executeCommand(
				isWeb() ? "vscode.open" : "revealFileInOS",
				vscode.Uri.file(action.path),
			);
			break;
		case "copyPath":
			await vscode.env.clipboard.writeText(action.path);
			break;
		case "showOutput":
			tools.output.show();
			break;
		case "openSettings":
			await vscode.commands.executeCommand("workbench.action.openSettings", action.search);
			break;
	}
}

/** Where the browser cannot be had, the editor shows the report; the file is the user's own, and stays. */
async function openReport(
	{ path, title }: Extract<NoticeAction, { kind: "openReport" }>,
	{ isUsersMachine, openFile, showPage }: NoticeTools,
): Promise<void> {
	let failure: string | undefined;
	if (isUsersMachine) {
		try {
			await openFile(path);
			return;
		} catch (error) {
			failure = messageOf(error);
		}
	}
	showPage({ title, html: await readFile(path, "utf8"), preserveFocus: false });
	if (failure !== undefined) {
		await vscode.window.showErrorMessage(`The report cannot be opened in a browser: ${failure}`);
	}
}
