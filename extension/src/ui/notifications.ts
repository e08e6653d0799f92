import { readFile } from "node:fs/promises";
import { messageOf } from "coder-telemetry-export/bin/message-of.js";
import * as vscode from "vscode";
import type { Notification, NotificationAction } from "../export/notification.js";
import type { Page } from "../export/page.js";

/** What the actions of notifications use. */
export interface NotificationTools {
	readonly output: vscode.OutputChannel;
	/** Whether this extension runs on the user's own machine, so that its files are there too. */
	readonly isUsersMachine: boolean;
	/** Opens a file in the default program of the system. Rejects if there is none. */
	readonly openFile: (file: string) => Promise<void>;
	readonly showPage: (page: Page) => void;
}

/** Shows a notification, and performs the action of the button that the user presses. */
export async function showNotification(
	{ severity, message, actions }: Notification,
	tools: NotificationTools,
): Promise<void> {
	const items = offeredActions(actions).map((action) => ({ title: titleOf(action, tools), action }));
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
	severity: Notification["severity"],
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
	readonly action: NotificationAction;
}

/** @returns whether the editor runs in a browser, which has no file manager */
function isWeb(): boolean {
	return vscode.env.uiKind === vscode.UIKind.Web;
}

/** In a browser, `reveal` opens the file as text. For a report, it would look like "Open" but show the source. */
function offeredActions(actions: readonly NotificationAction[]): readonly NotificationAction[] {
	const hasReport = actions.some(({ kind }) => kind === "openReport");
	return isWeb() && hasReport ? actions.filter(({ kind }) => kind !== "reveal") : actions;
}

function titleOf({ kind }: NotificationAction, { isUsersMachine }: NotificationTools): string {
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

async function perform(action: NotificationAction, tools: NotificationTools): Promise<void> {
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

/** Opens the report in the browser, or in the editor if there is no browser on this machine. */
async function openReport(
	{ path, title }: Extract<NotificationAction, { kind: "openReport" }>,
	{ isUsersMachine, openFile, showPage }: NotificationTools,
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
