/** The questions of an export, answered by the keyboard. */

/** @typedef {import("../editor/workbench.mjs").Workbench} Workbench */

export const titles = {
	range: "Export Telemetry: Date Range",
	startDate: "Export Telemetry: Start Date",
	endDate: "Export Telemetry: End Date",
	format: "Export Telemetry: Format",
	target: "Save Telemetry Export",
};

export const progressTitle = "Exporting telemetry";
export const previewProgressTitle = "Previewing telemetry";

export const jsonFormat = "JSON array";
export const otlpFormat = "OTLP/JSON zip";
export const htmlFormat = "HTML report";
/** The row that is no format. */
export const preview = "Preview";
export const customRange = "Custom range…";

/**
 * Runs the command and answers the first question.
 *
 * @param {Workbench} workbench
 * @param {string} command
 * @param {string} range
 */
export async function beginExport(workbench, command, range) {
	await workbench.runCommand(command);
	await workbench.quickInput.waitForTitle(titles.range);
	await workbench.quickInput.choose(range);
}

/**
 * @param {Workbench} workbench
 * @param {string} title
 * @param {string} date
 */
export async function enterDate({ quickInput }, title, date) {
	await quickInput.waitForTitle(title);
	await quickInput.type(date);
	await quickInput.accept();
}

/**
 * @param {Workbench} workbench
 * @param {string} format
 */
export async function chooseFormat({ quickInput }, format) {
	await quickInput.waitForTitle(titles.format);
	await quickInput.choose(format);
}

/**
 * @param {Workbench} workbench
 * @param {RegExp} [suggestion] what the dialog shall suggest
 */
export async function waitForSaveDialog(
	{ quickInput },
	suggestion = /[/]coder-telemetry-.*\.(html|json|otlp\.zip)$/,
) {
	await quickInput.waitForTitle(titles.target);
	await quickInput.waitForSuggestion(suggestion);
}

/**
 * @param {Workbench} workbench
 * @param {string} file
 */
export async function saveAs(workbench, file) {
	await waitForSaveDialog(workbench);
	await workbench.quickInput.enterPath(file);
}

/**
 * Waits for the message that an export ends with, alone: the editor lets its progress linger for a moment.
 *
 * @param {Workbench} workbench
 * @param {string} text a part of it
 */
export async function waitForOutcome({ notifications }, text) {
	const outcome = await notifications.waitFor(text);
	await notifications.waitUntilGone(progressTitle);
	return outcome;
}
