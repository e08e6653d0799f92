/** Answers the questions of an export by keyboard. */

/** @typedef {import("../editor/workbench.mjs").Workbench} Workbench */

export const titles = {
	range: "Export Telemetry: Date Range",
	startDate: "Export Telemetry: Start Date",
	endDate: "Export Telemetry: End Date",
	format: "Export Telemetry: Format",
	redaction: "Export Telemetry: What should be in it?",
	target: "Save Telemetry Export",
};

export const progressTitle = "Exporting telemetry";
export const previewProgressTitle = "Previewing telemetry";

export const jsonFormat = "JSON array";
export const otlpFormat = "OTLP/JSON zip";
export const htmlFormat = "HTML report";
export const preview = "Preview";
export const redacted = "Redacted";
export const redactedWithUnknown = "Redacted, unknown values too";
export const asRecorded = "As recorded";
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
 * @param {string} redaction
 */
export async function chooseRedaction({ quickInput }, redaction) {
	await quickInput.waitForTitle(titles.redaction);
	await quickInput.choose(redaction);
}

/**
 * @param {Workbench} workbench
 * @param {RegExp} [suggestion] the file name that the dialog must suggest
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
 * Waits for the message of a finished export, and until the progress, which the editor shows a little longer, is gone.
 *
 * @param {Workbench} workbench
 * @param {string} text a part of it
 */
export async function waitForOutcome({ notifications }, text) {
	const outcome = await notifications.waitFor(text);
	await notifications.waitUntilGone(progressTitle);
	return outcome;
}
