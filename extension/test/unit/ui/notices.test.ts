import { describe, expect, it } from "vitest";
import type { Notice, NoticeAction } from "../../../src/export/notice.js";
import { showNotice } from "../../../src/ui/notices.js";
import { FakeOutputChannel } from "../../mocks/fakeEditor.js";
import { openEditor } from "../../mocks/vscode.js";

/** Shows a notice in an editor of its own, on the desktop or in a browser. */
async function show(notice: Partial<Notice>, { isWeb = false } = {}) {
	const editor = openEditor();
	editor.isWeb = isWeb;
	const output = new FakeOutputChannel("Coder Telemetry Export");
	void showNotice(
		{ severity: "information", message: "Done.", actions: [], ...notice },
		output as unknown as Parameters<typeof showNotice>[1],
	);
	return { editor, output, message: await editor.messages.next() };
}

const reveal: NoticeAction = { kind: "reveal", path: "/exports/june.json" };
const copyPath: NoticeAction = { kind: "copyPath", path: "/exports/june.json" };
const showOutput: NoticeAction = { kind: "showOutput" };
const openSettings: NoticeAction = { kind: "openSettings", search: "coder.telemetry" };

describe("a notice", () => {
	it.each(["information", "warning", "error"] as const)(
		"of severity %s is shown as such",
		async (severity) => {
			const { message } = await show({ severity, message: "Look." });
			expect(message).toMatchObject({ severity, text: "Look.", buttons: [] });
		},
	);

	it("has a button for each of its actions, in their order", async () => {
		const { message } = await show({ actions: [showOutput, reveal, copyPath, openSettings] });
		expect(message.buttons).toEqual(["Show Output", "Reveal in File Explorer", "Copy Path", "Open Settings"]);
	});

	it("does nothing where it is dismissed", async () => {
		const { editor, output, message } = await show({ actions: [reveal, copyPath, showOutput] });
		await message.dismiss();
		expect(editor.executed).toEqual([]);
		expect(editor.clipboard).toBe("");
		expect(output.isShown).toBe(false);
	});
});

describe("the button of a notice", () => {
	it("shows the file in the file manager", async () => {
		const { editor, message } = await show({ actions: [reveal] });
		await message.press("Reveal in File Explorer");
		expect(editor.executed).toEqual([
			{ command: "revealFileInOS", args: [expect.objectContaining({ scheme: "file", fsPath: reveal.path })] },
		]);
	});

	it("opens the file in a browser, which has no file manager", async () => {
		const { editor, message } = await show({ actions: [reveal] }, { isWeb: true });
		await message.press("Open");
		expect(editor.executed).toEqual([
			{ command: "vscode.open", args: [expect.objectContaining({ scheme: "file", fsPath: reveal.path })] },
		]);
	});

	it("says why where the editor cannot do what it says", async () => {
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
