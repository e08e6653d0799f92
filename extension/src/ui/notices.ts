import * as vscode from "vscode";
import type { Notice, NoticeAction } from "../export/notice.js";
import { messageOf } from "../messageOf.js";

/** Shows a notice, and does what its button says when the user presses one. */
export async function showNotice(
	{ severity, message, actions }: Notice,
	output: vscode.OutputChannel,
): Promise<void> {
	const items = actions.map((action) => ({ title: titleOf(action), action }));
	const pressed = await show(severity, message, items);
	try {
		if (pressed !== undefined) {
			await perform(pressed.action, output);
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

function titleOf({ kind }: NoticeAction): string {
	switch (kind) {
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

async function perform(action: NoticeAction, output: vscode.OutputChannel): Promise<void> {
	switch (action.kind) {
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
			output.show();
			break;
		case "openSettings":
			await vscode.commands.executeCommand("workbench.action.openSettings", action.search);
			break;
	}
}
