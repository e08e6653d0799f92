import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import opener from "coder-telemetry-export/bin/open-file.js";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { onWindows } from "../../../scripts/testing/windows.mjs";
import { deactivate } from "../../src/extension.js";
import { type ExtensionWindow, openWindow } from "../mocks/extensionWindow.js";
import { ManualExporter } from "../mocks/manualExporter.js";
import { provideAddon } from "../mocks/requiredAddon.js";
import { summaryOf } from "../mocks/summary.js";
import { Uri } from "../mocks/vscode.js";
import type { FakeWebviewPanel } from "../mocks/webviewPanel.js";

const html = { range: "All time", format: "HTML report" };

beforeEach(() => {
	// Tests must not open a browser.
	vi.spyOn(opener, "openFile").mockResolvedValue();
});

/** @returns the paths of the preview files */
function previewFiles({ previews }: ExtensionWindow): string[] {
	return existsSync(previews)
		? readdirSync(previews, { recursive: true, encoding: "utf8" })
				.filter((name) => name.endsWith(".html"))
				.map((name) => path.join(previews, name))
		: [];
}

function onlyPanel({ editor }: ExtensionWindow): FakeWebviewPanel {
	const [panel, ...others] = editor.panels;
	if (panel === undefined || others.length > 0) {
		throw new Error(`there are ${editor.panels.length} panels`);
	}
	return panel;
}

/** Previews a range. Returns the question for the format that follows. */
async function openPreview(window: ExtensionWindow, range = "All time") {
	const running = window.run();
	(await window.editor.nextQuickPick()).choose(range);
	(await window.editor.nextQuickPick()).choose("Preview");
	return { running, question: await window.editor.nextQuickPick() };
}

describe("a preview", () => {
	it("shows the report of the range, and keeps its file until the panel is closed", async () => {
		const window = openWindow().recordSample().activate();
		const { running, question } = await openPreview(window);
		const [file = "", ...others] = previewFiles(window);
		expect(others).toEqual([]);
		const panel = onlyPanel(window);
		expect(panel).toMatchObject({
			title: "Telemetry: All time",
			webview: { html: readFileSync(file, "utf8") },
			hasFocus: false,
		});
		expect(panel.webview.html).not.toBe("");
		question.pressEscape();
		await running;
		expect(previewFiles(window)).toEqual([file]);
		panel.dispose();
		await expect.poll(() => readdirSync(window.previews)).toEqual([]);
	});

	it("has a file that only the user can read", async ({ skip }) => {
		skip(onWindows, "Windows has no mode bits; the folder of the user's profile has an access list");
		const window = openWindow().recordSample().activate();
		const { running, question } = await openPreview(window);
		const [file = ""] = previewFiles(window);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
		question.pressEscape();
		await running;
	});

	it("can be followed by an export of the same range", async () => {
		const window = openWindow().recordSample().activate();
		const { running, question } = await openPreview(window);
		expect(question.title).toBe("Export Telemetry: Format");
		question.choose("JSON array");
		(await window.editor.nextQuickPick()).choose("As recorded");
		const file = path.join(window.exports, "all.json");
		(await window.editor.saveDialogs.next()).save(Uri.file(file));
		await running;
		expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(396);
		expect(onlyPanel(window).isClosed).toBe(false);
	});

	it("replaces the one before, whose file is removed", async () => {
		const window = openWindow().recordSample().activate();
		const first = await openPreview(window);
		const [firstFile] = previewFiles(window);
		first.question.pressEscape();
		await first.running;
		const second = await openPreview(window, "Last 7 days");
		expect(onlyPanel(window).title).toBe("Telemetry: Last 7 days");
		await expect.poll(() => previewFiles(window)).toHaveLength(1);
		expect(previewFiles(window)).not.toContain(firstFile);
		second.question.pressEscape();
		await second.running;
	});

	it("of a range without events shows a message, and the format is asked again", async () => {
		const window = openWindow({ now: "2026-08-01T00:00:00Z" }).recordSample().activate();
		const { running, question } = await openPreview(window, "Last 7 days");
		expect((await window.editor.messages.next()).text).toBe(
			'No telemetry events in "Last 7 days"; there is nothing to preview.',
		);
		expect(window.editor.panels).toEqual([]);
		expect(readdirSync(window.previews)).toEqual([]);
		question.pressEscape();
		await running;
	});

	it("is cancelled if the command is run again, and its questions end", async () => {
		const window = openWindow().recordSample().activate();
		const exporter = new ManualExporter();
		// Finishes although it was cancelled, as if the cancellation came too late.
		exporter.cleanUp = new Promise(() => {});
		provideAddon(() => exporter);
		const first = window.run();
		(await window.editor.nextQuickPick()).choose("All time");
		(await window.editor.nextQuickPick()).choose("Preview");
		const { options, outPath, finish } = await exporter.exports.next();
		const second = window.run();
		const question = await window.editor.nextQuickPick();
		expect(options.signal?.aborted).toBe(true);
		writeFileSync(outPath, "<h1>All time</h1>");
		finish(summaryOf());
		await first;
		expect(question).toMatchObject({ title: "Export Telemetry: Date Range", isVisible: true });
		expect(window.editor.panels).toEqual([]);
		expect(readdirSync(window.previews)).toEqual([]);
		question.choose("All time");
		(await window.editor.nextQuickPick()).pressEscape();
		await second;
	});

	it("has no file after deactivate() resolves", async () => {
		const window = openWindow().recordSample().activate();
		const { running, question } = await openPreview(window);
		question.pressEscape();
		await running;
		// The editor disposes of the subscriptions before it waits for deactivate().
		const done = deactivate();
		window.disposeSubscriptions();
		expect(onlyPanel(window).isClosed).toBe(true);
		await done;
		expect(readdirSync(window.previews)).toEqual([]);
	});
});

describe("an export as an HTML report", () => {
	it("writes a file that the notification opens in the browser", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.html");
		const { message } = await window.export({ ...html, file });
		expect(message.text).toContain("Exported 396 telemetry events to all.html.");
		expect(message.buttons).toEqual(["Open in Browser", "Reveal in File Explorer", "Copy Path"]);
		expect(readFileSync(file, "utf8")).not.toBe("");
		await message.press("Open in Browser");
		expect(vi.mocked(opener.openFile).mock.calls).toEqual([[file]]);
		expect(window.editor.panels).toEqual([]);
	});

	it("is shown in the panel if there is no browser, and its file stays when the panel is closed", async () => {
		vi.mocked(opener.openFile).mockRejectedValue(
			new Error("no program that opens files was found: xdg-open"),
		);
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.html");
		const { message } = await window.export({ ...html, file });
		await message.press("Open in Browser");
		expect((await window.editor.messages.next()).text).toContain("no program that opens files was found");
		const panel = onlyPanel(window);
		expect(panel).toMatchObject({
			title: "Telemetry: All time",
			webview: { html: readFileSync(file, "utf8") },
			hasFocus: true,
		});
		panel.dispose();
		await deactivate();
		expect(existsSync(file)).toBe(true);
	});

	it.each([
		{ where: "an editor in a browser", isWeb: true, buttons: ["Open", "Copy Path"] },
		{ where: "a remote machine", isRemote: true, buttons: ["Open", "Reveal in File Explorer", "Copy Path"] },
	])("is opened in the panel on $where", async ({ isWeb = false, isRemote = isWeb, buttons }) => {
		const window = openWindow({ isWeb, isRemote }).recordSample().activate();
		const { message } = await window.export({ ...html, file: path.join(window.exports, "all.html") });
		expect(message.buttons).toEqual(buttons);
		await message.press("Open");
		await expect.poll(() => window.editor.panels).toHaveLength(1);
		expect(opener.openFile).not.toHaveBeenCalled();
	});
});
