import { stat } from "node:fs/promises";
import { homeDirectory } from "coder-telemetry-export/bin/home-directory.js";
import { openFile } from "coder-telemetry-export/bin/open-file.js";
import * as vscode from "vscode";
import { CommandManager } from "./commands/commandManager.js";
import { isContributedByAnother, SharedCommand } from "./commands/sharedCommand.js";
import { ExportCommand, type ExportHost } from "./export/exportCommand.js";
import { loadExporter } from "./export/exporter.js";
import { type NotificationTools, showNotification } from "./ui/notifications.js";
import { withProgress, withStatus } from "./ui/progress.js";
import { quickPrompts } from "./ui/quickPrompts.js";
import { ReportPanel } from "./ui/reportPanel.js";

/** The key in the global state of the folder of the last export. */
const lastFolderKey = "lastFolder";

let exportCommand: ExportCommand | undefined;

/** Called by the editor when one of the commands is run for the first time. */
export function activate(context: vscode.ExtensionContext): void {
	const output = vscode.window.createOutputChannel("Coder Telemetry Export");
	const panel = new ReportPanel();
	const command = new ExportCommand(createHost(context, output, panel));
	exportCommand = command;

	const manager = new CommandManager(vscode.commands);
	const run = () => command.run();
	const shared = new SharedCommand(
		() => isContributedByAnother("coder.exportTelemetry", context.extension.id, vscode.extensions.all),
		() => manager.register("coder.exportTelemetry", run),
	);
	context.subscriptions.push(
		output,
		panel,
		manager.register("coderTelemetryExport.export", run),
		shared,
		vscode.extensions.onDidChange(() => shared.update()),
	);
	shared.update();
}

/** Called by the editor when the window closes or the extension is disabled. The editor waits for the promise. */
export function deactivate(): Promise<void> | undefined {
	return exportCommand?.stop();
}

function createHost(
	{ extension, globalState, globalStorageUri }: vscode.ExtensionContext,
	output: vscode.OutputChannel,
	panel: ReportPanel,
): ExportHost {
	const notificationTools: NotificationTools = {
		output,
		isUsersMachine:
			vscode.env.uiKind === vscode.UIKind.Desktop && extension.extensionKind === vscode.ExtensionKind.UI,
		openFile: (file) => openFile(file),
		showPage: (page) => panel.show(page),
	};
	return {
		configuration: { get: (setting) => vscode.workspace.getConfiguration().get(setting) },
		locations: {
			globalStoragePath: globalStorageUri.fsPath,
			get home() {
				return homeDirectory();
			},
		},
		prompts: quickPrompts,
		loadExporter: () => loadExporter(() => require("coder-telemetry-export")),
		withProgress,
		withStatus,
		showNotification: (notification) => void showNotification(notification, notificationTools),
		showPage: (page) => panel.show(page),
		appendOutput: (text) => output.appendLine(text),
		lastFolder: {
			get: () => globalState.get(lastFolderKey),
			set: (folder) => void globalState.update(lastFolderKey, folder),
		},
		isDirectory: (folder) =>
			stat(folder).then(
				(status) => status.isDirectory(),
				() => false,
			),
		now: () => new Date(),
	};
}
