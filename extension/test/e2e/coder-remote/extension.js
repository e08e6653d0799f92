const vscode = require("vscode");

/**
 * Registers the command as the Coder extension does, without checking whether another extension has it.
 *
 * @param {import("vscode").ExtensionContext} context
 */
exports.activate = (context) => {
	const show = () =>
		vscode.window.showInformationMessage("The Coder extension exports its telemetry itself.");
	context.subscriptions.push(vscode.commands.registerCommand("coder.exportTelemetry", show));
};
