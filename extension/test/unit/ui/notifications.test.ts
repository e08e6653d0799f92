import { existsSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import type { Notification, NotificationAction } from "../../../src/export/notification.js";
import type { Page } from "../../../src/export/page.js";
import { type NotificationTools, showNotification } from "../../../src/ui/notifications.js";
import { AsyncQueue } from "../../mocks/asyncQueue.js";
import { editorPath } from "../../mocks/extensionWindow.js";
import { FakeOutputChannel } from "../../mocks/fakeEditor.js";
import { temporaryFolder } from "../../mocks/temporaryFolder.js";
import { openEditor } from "../../mocks/vscode.js";

/** Shows a notification in an editor of its own, on the desktop or in a browser. */
async function show(
	notification: Partial<Notification>,
	{ isWeb = false, isUsersMachine = true, openerError = undefined as Error | undefined } = {},
) {
	const editor = openEditor();
	editor.isWeb = isWeb;
	const output = new FakeOutputChannel("Coder Telemetry Export");
	const opened: string[] = [];
	const pages = new AsyncQueue<Page>();
	void showNotification(
		{ severity: "information", message: "Done.", actions: [], ...notification },
		{
			output: output as unknown as NotificationTools["output"],
			isUsersMachine,
			openFile: async (file) => {
				if (openerError !== undefined) {
					throw openerError;
				}
				opened.push(file);
			},
			showPage: (page) => pages.push(page),
		},
	);
	return { editor, output, opened, pages, message: await editor.messages.next() };
}

const reveal: NotificationAction = { kind: "reveal", path: editorPath("/exports/june.json") };
const copyPath: NotificationAction = { kind: "copyPath", path: "/exports/june.json" };
const showOutput: NotificationAction = { kind: "showOutput" };
const openSettings: NotificationAction = { kind: "openSettings", search: "coder.telemetry" };

describe("a notification", () => {
	it.each(["information", "warning", "error"] as const)("is shown with severity %s", async (severity) => {
		const { message } = await show({ severity, message: "Look." });
		expect(message).toMatchObject({ severity, text: "Look.", buttons: [] });
	});

	it("has a button for each of its actions, in order", async () => {
		const { message } = await show({ actions: [showOutput, reveal, copyPath, openSettings] });
		expect(message.buttons).toEqual(["Show Output", "Reveal in File Explorer", "Copy Path", "Open Settings"]);
	});

	it("does nothing if it is dismissed", async () => {
		const { editor, output, message } = await show({ actions: [reveal, copyPath, showOutput] });
		await message.dismiss();
		expect(editor.executed).toEqual([]);
		expect(editor.clipboard).toBe("");
		expect(output.isShown).toBe(false);
	});
});

describe("the button of a notification", () => {
	it("shows the file in the file manager", async () => {
		const { editor, message } = await show({ actions: [reveal] });
		await message.press("Reveal in File Explorer");
		expect(editor.executed).toEqual([
			{ command: "revealFileInOS", args: [expect.objectContaining({ scheme: "file", fsPath: reveal.path })] },
		]);
	});

	it("opens the file if the editor runs in a browser, which has no file manager", async () => {
		const { editor, message } = await show({ actions: [reveal] }, { isWeb: true });
		await message.press("Open");
		expect(editor.executed).toEqual([
			{ command: "vscode.open", args: [expect.objectContaining({ scheme: "file", fsPath: reveal.path })] },
		]);
	});

	it("shows the error if the editor cannot perform its action", async () => {
		const { editor, message } = await show({ actions: [reveal] });
		editor.failingCommand = "revealFileInOS";
		void message.press("Reveal in File Explorer");
		expect(await editor.messages.next()).toMatchObject({
			severity: "error",
			text: "command 'revealFileInOS' failed",
		});
	});

	it("copies the path", async () => {
		const { editor, message } = await show({ actions: [reveal, copyPath] });
		await message.press("Copy Path");
		expect(editor.clipboard).toBe("/exports/june.json");
		expect(editor.executed).toEqual([]);
	});

	it("shows the output", async () => {
		const { output, message } = await show({ actions: [showOutput, reveal] });
		await message.press("Show Output");
		expect(output.isShown).toBe(true);
	});

	it("opens the settings at the setting", async () => {
		const { editor, message } = await show({ severity: "error", actions: [openSettings] });
		await message.press("Open Settings");
		expect(editor.executed).toEqual([
			{ command: "workbench.action.openSettings", args: ["coder.telemetry"] },
		]);
	});
});

describe("the button of a report", () => {
	const inBrowser = { isWeb: true, isUsersMachine: false };

	/** @returns the button of a report that is on disk */
	function savedReport(): Extract<NotificationAction, { kind: "openReport" }> {
		const file = path.join(temporaryFolder(), "june.html");
		writeFileSync(file, "<h1>June</h1>");
		return { kind: "openReport", path: file, title: "Telemetry: June" };
	}

	it("opens the file in the browser if it is on the user's machine, and shows no panel", async () => {
		const report = savedReport();
		const { opened, pages, message } = await show({ actions: [report, reveal, copyPath] });
		expect(message.buttons).toEqual(["Open in Browser", "Reveal in File Explorer", "Copy Path"]);
		await message.press("Open in Browser");
		expect(opened).toEqual([report.path]);
		expect(pages.size).toBe(0);
	});

	it("shows the report in the editor if that runs in a browser, and no other button opens it", async () => {
		const report = savedReport();
		const { opened, pages, message } = await show({ actions: [report, reveal, copyPath] }, inBrowser);
		expect(message.buttons).toEqual(["Open", "Copy Path"]);
		await message.press("Open");
		const { onClose, ...page } = await pages.next();
		expect(page).toEqual({ title: "Telemetry: June", html: "<h1>June</h1>", preserveFocus: false });
		onClose?.();
		expect(existsSync(report.path)).toBe(true);
		expect(opened).toEqual([]);
	});

	it("shows the report in the editor if the file is on another machine", async () => {
		const { opened, pages, message } = await show(
			{ actions: [savedReport(), reveal] },
			{ isUsersMachine: false },
		);
		expect(message.buttons).toEqual(["Open", "Reveal in File Explorer"]);
		await message.press("Open");
		expect((await pages.next()).html).toBe("<h1>June</h1>");
		expect(opened).toEqual([]);
	});

	it("shows the report in the editor, and the error, if no browser opens", async () => {
		const openerError = new Error("no program that opens files was found: xdg-open");
		const { editor, pages, message } = await show({ actions: [savedReport()] }, { openerError });
		await message.press("Open in Browser");
		expect((await pages.next()).html).toBe("<h1>June</h1>");
		expect(await editor.messages.next()).toMatchObject({
			severity: "error",
			text: "The report cannot be opened in a browser: no program that opens files was found: xdg-open",
		});
	});

	it("shows an error if the file is gone", async () => {
		const report = { ...savedReport(), path: path.join(temporaryFolder(), "gone.html") };
		const { editor, pages, message } = await show({ actions: [report] }, inBrowser);
		void message.press("Open");
		expect((await editor.messages.next()).text).toContain("ENOENT");
		expect(pages.size).toBe(0);
	});
});
