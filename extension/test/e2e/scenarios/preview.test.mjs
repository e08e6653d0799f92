import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe } from "node:test";
import { packagedIdentity } from "../../../../scripts/testing/extension-package.mjs";
import { until } from "../../../../scripts/testing/waiting.mjs";
import { assertJsonExport } from "../telemetry/exported.mjs";
import { copySample, readEvents } from "../telemetry/sample.mjs";
import {
	asRecorded,
	beginExport,
	chooseFormat,
	chooseRedaction,
	htmlFormat,
	jsonFormat,
	preview,
	previewProgressTitle,
	saveAs,
	titles,
	waitForOutcome,
} from "./questions.mjs";
import { exportCommand, scenario, useTestEditor } from "./scenario.mjs";

/** The title of the tab for the range "All time". */
const panelTitle = "Telemetry: All time";
/** About the height of the question for the format, in pixels. */
const questionHeight = 250;

describe("a report in the editor", () => {
	const testEditor = useTestEditor("preview", ({ profile, telemetry }) => {
		profile.writeMachineSettings({ "coder.telemetryExport.directory": telemetry });
	});
	const { profile, telemetry } = testEditor;
	/** @param {string} name */
	const inWorkspace = (name) => path.join(profile.workspace, name);

	beforeEach(() => {
		testEditor.clearFolders();
		copySample("current", telemetry);
	});

	/** @returns {string[]} the paths of all preview files */
	function previewFiles() {
		const folder = path.join(profile.userData, "User", "globalStorage", packagedIdentity().id, "previews");
		return existsSync(folder)
			? readdirSync(folder, { recursive: true, withFileTypes: true })
					.filter((entry) => entry.isFile())
					.map(({ parentPath, name }) => path.join(parentPath, name))
			: [];
	}

	/** @param {import("../editor/workbench.mjs").Workbench} workbench */
	async function openPreview(workbench) {
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, preview);
		await workbench.waitForEditor(panelTitle);
		await workbench.reportPanel.waitFor(panelTitle, reportTitle());
		await workbench.quickInput.waitForTitle(titles.format);
	}

	/** @returns {string} the heading of the only preview file */
	function reportTitle() {
		const [file = ""] = previewFiles();
		return headingOf(file);
	}

	scenario(testEditor, "can be previewed by keyboard before an export", "preview", async (workbench) => {
		const { quickInput, notifications, reportPanel } = workbench;
		await beginExport(workbench, exportCommand, "All time");
		await quickInput.waitForTitle(titles.format);
		await quickInput.focus(preview);
		await workbench.picture("format");
		await workbench.closeUp("preview-row", quickInput.selector);
		await quickInput.accept();

		await workbench.waitForEditor(panelTitle);
		await quickInput.waitForTitle(titles.format);
		await reportPanel.waitFor(panelTitle, reportTitle());
		await notifications.waitUntilGone(previewProgressTitle);
		await quickInput.waitForFocus(jsonFormat);
		await workbench.picture("shown");
		assert.ok(!(await reportPanel.permissions()).includes("allow-scripts"));

		const [file = "", ...others] = previewFiles();
		assert.deepEqual(others, []);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);

		await quickInput.accept();
		await chooseRedaction(workbench, asRecorded);
		const saved = inWorkspace("looked-at.json");
		await saveAs(workbench, saved);
		await waitForOutcome(workbench, "Exported 396 telemetry events to looked-at.json.");
		await workbench.picture("exported");
		assertJsonExport(saved, readEvents(telemetry));

		assert.deepEqual(previewFiles(), [file]);
		await workbench.runCommand("View: Close All Editors");
		await reportPanel.waitUntilClosed();
		await until("the file of the preview to be removed", () => previewFiles().length === 0);
	});

	scenario(
		testEditor,
		"shows one preview at a time, which is removed with its window",
		"previews",
		async (workbench) => {
			const { quickInput } = workbench;
			await openPreview(workbench);
			const [first] = previewFiles();
			// The question covers the page, and can be dragged aside.
			await quickInput.drag(questionHeight);
			await workbench.picture("dragged");
			await workbench.dismissQuickInput();
			await workbench.picture("left");
			await workbench.closeUp("preview", workbench.reportPanel.selector);

			await beginExport(workbench, exportCommand, "All time");
			await chooseFormat(workbench, preview);
			await until("another file to be shown", () => {
				const files = previewFiles();
				return files.length === 1 && files[0] !== first;
			});
			await quickInput.waitForTitle(titles.format);
			await workbench.picture("second");
			assert.equal(await workbench.page.locator(".part.editor .tab", { hasText: panelTitle }).count(), 1);
			await workbench.dismissQuickInput();

			await workbench.reload();
			await until("the file of the closed window to be removed", () => previewFiles().length === 0);
		},
	);

	scenario(
		testEditor,
		"says that there is nothing to preview, and asks again",
		"no-preview",
		async (workbench) => {
			const { quickInput, notifications } = workbench;
			await beginExport(workbench, exportCommand, "Last 24 hours");
			await chooseFormat(workbench, preview);
			const { severity } = await notifications.waitFor(
				'No telemetry events in "Last 24 hours"; there is nothing to preview.',
			);
			await quickInput.waitForTitle(titles.format);
			await notifications.waitUntilGone(previewProgressTitle);
			await workbench.picture("said");
			assert.equal(severity, "info");
			assert.deepEqual(previewFiles(), []);
			await workbench.dismissQuickInput();
		},
	);

	scenario(testEditor, "can be saved, and opens in a tab", "report", async (workbench) => {
		const { quickInput, notifications, reportPanel } = workbench;
		const file = inWorkspace("report.html");
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, htmlFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		const { severity, buttons } = await waitForOutcome(
			workbench,
			"Exported 396 telemetry events to report.html.",
		);
		await workbench.picture("exported");
		await workbench.closeUp("report-exported", notifications.selector);
		assert.equal(severity, "info");
		assert.deepEqual(buttons, ["Open", "Copy Path"]);
		assert.ok(!(await quickInput.isOpen()));

		await notifications.press("Exported", "Open");
		await reportPanel.waitFor(panelTitle, headingOf(file));
		await workbench.picture("opened");
		await workbench.runCommand("View: Close All Editors");
		await reportPanel.waitUntilClosed();
		assert.ok(existsSync(file));
	});

	scenario(testEditor, "runs no script of its page", "scripts", async (workbench) => {
		const file = inWorkspace("report.html");
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, htmlFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		await waitForOutcome(workbench, "Exported 396 telemetry events to report.html.");
		const script = 'document.querySelector("h1").textContent = "A script ran";';
		writeFileSync(file, `<!doctype html><h1>No script ran</h1><p>The end</p><script>${script}</script>`);
		await workbench.notifications.press("Exported", "Open");
		const shown = await workbench.reportPanel.waitFor(panelTitle, "The end");
		await workbench.picture("shown");
		assert.match(shown, /^No script ran\n/);
		await workbench.runCommand("View: Close All Editors");
	});
});

/**
 * @param {string} file a page
 * @returns {string} the beginning of its heading
 */
function headingOf(file) {
	const heading = /<h1[^>]*>(?:\s*<[^>]*>)*\s*([^<]+)/.exec(readFileSync(file, "utf8"))?.[1];
	return heading?.trim() ?? assert.fail("The page has no heading");
}
