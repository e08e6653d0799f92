import { readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { settingIds } from "../../src/settings.js";
import { type ExtensionWindow, editorPath, openWindow } from "../mocks/extensionWindow.js";
import { manifest } from "../mocks/manifest.js";
import { provideAddon } from "../mocks/requiredAddon.js";

const own = { id: `${manifest.publisher}.${manifest.name}`, packageJSON: manifest };
/** An extension that contributes the shared command. */
const owner = {
	id: "coder.coder-remote",
	packageJSON: { contributes: { commands: [{ command: "coder.exportTelemetry" }] } },
};

describe("the active extension", () => {
	it("registers the commands that package.json contributes", () => {
		const { editor } = openWindow().activate();
		for (const { command } of manifest.contributes.commands) {
			expect(editor.hasCommand(command), command).toBe(true);
		}
	});

	it("loads the addon only when a command is run", async () => {
		const window = openWindow().recordSample();
		const timesRequired = provideAddon();
		window.activate();
		expect(timesRequired()).toBe(0);
		const running = window.run();
		(await window.editor.nextQuickPick()).pressEscape();
		await running;
		expect(timesRequired()).toBe(1);
	});

	it("disposes of everything when it is disabled", () => {
		const window = openWindow().activate();
		window.disposeSubscriptions();
		for (const { command } of manifest.contributes.commands) {
			expect(window.editor.hasCommand(command), command).toBe(false);
		}
		expect(window.output.isDisposed).toBe(true);
		expect(window.editor.extensionsChanged.hasListeners).toBe(false);
	});

	it("exports with its own command and with the shared one", async () => {
		const window = openWindow().recordSample().activate();
		const running = window.run("coderTelemetryExport.export");
		await window.answer({
			range: "All time",
			format: "JSON array",
			file: path.join(window.exports, "all.json"),
		});
		await running;
		expect((await window.editor.messages.next()).text).toContain("Exported 396 telemetry events");
	});
});

describe("an extension that owns the command", () => {
	it("keeps it, and our own command works beside it", async () => {
		const window = openWindow().recordSample();
		window.editor.installExtensions(owner, own);
		window.activate();
		expect(window.editor.hasCommand("coder.exportTelemetry")).toBe(false);
		// The owner registers its command later, when it is activated.
		window.editor.registerCommand("coder.exportTelemetry", () => "the owner's export");
		expect(await window.run()).toBe("the owner's export");
		const running = window.run("coderTelemetryExport.export");
		(await window.editor.nextQuickPick()).pressEscape();
		await running;
	});

	it("gets it when it is installed, and gives it back when it is removed", () => {
		const { editor } = openWindow().activate();
		editor.installExtensions(own, owner);
		const registration = editor.registerCommand("coder.exportTelemetry", () => {});
		registration.dispose();
		editor.installExtensions(own);
		expect(editor.hasCommand("coder.exportTelemetry")).toBe(true);
	});
});

describe("the save dialog", () => {
	/** Runs the command up to the save dialog, and cancels the dialog. */
	async function suggestedFile(window: ExtensionWindow): Promise<string | undefined> {
		const running = window.run();
		(await window.editor.nextQuickPick()).choose("All time");
		(await window.editor.nextQuickPick()).choose("JSON array");
		(await window.editor.nextQuickPick()).choose("As recorded");
		const dialog = await window.editor.saveDialogs.next();
		dialog.cancel();
		await running;
		return dialog.options.defaultUri?.fsPath;
	}

	it("starts in the home directory, then in the folder of the last export while that exists", async () => {
		const window = openWindow().recordSample().activate();
		const name = "coder-telemetry-all-time-2026-06-03.json";
		expect(await suggestedFile(window)).toBe(editorPath(path.join(homedir(), name)));
		const file = path.join(window.exports, "all.json");
		await window.export({ range: "All time", format: "JSON array", file });
		expect(await suggestedFile(window)).toBe(path.join(window.exports, name));
		rmSync(window.exports, { recursive: true });
		expect(await suggestedFile(window)).toBe(editorPath(path.join(homedir(), name)));
	});
});

describe("a user without a home directory, as in a container", () => {
	/** With an empty HOME, Node reports an empty home directory. */
	function withoutHome() {
		vi.stubEnv(process.platform === "win32" ? "USERPROFILE" : "HOME", "");
		onTestFinished(() => void vi.unstubAllEnvs());
	}

	it("can export, and the save dialog starts in the root directory", async () => {
		withoutHome();
		const window = openWindow().recordSample().activate();
		const running = window.run();
		(await window.editor.nextQuickPick()).choose("All time");
		(await window.editor.nextQuickPick()).choose("JSON array");
		(await window.editor.nextQuickPick()).choose("As recorded");
		const dialog = await window.editor.saveDialogs.next();
		expect(dialog.options.defaultUri?.fsPath).toBe(
			editorPath(path.resolve(path.sep, "coder-telemetry-all-time-2026-06-03.json")),
		);
		dialog.cancel();
		await running;
		const file = path.join(window.exports, "all.json");
		await window.export({ range: "All time", format: "JSON array", file });
		expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(396);
	});

	it("sees an error if a setting begins with ~", async () => {
		withoutHome();
		const window = openWindow().recordSample().activate();
		window.editor.settings.set(settingIds.directory, "~/telemetry");
		await window.run();
		expect((await window.editor.messages.next()).text).toBe(
			`The setting ${settingIds.directory} must be an absolute path, since the home directory of this user is ` +
				'not known; it is "~/telemetry".',
		);
	});
});

describe("the telemetry directory", () => {
	it("is the one in the setting", async () => {
		const elsewhere = openWindow().recordSample();
		const window = openWindow().activate();
		window.editor.settings.set(settingIds.directory, elsewhere.telemetry);
		const running = window.run();
		const input = await window.editor.nextQuickPick();
		expect(input.items.map(({ detail }) => detail)).toContain("6 files · 137 kB · 1–3 Jun");
		input.pressEscape();
		await running;
	});
});

describe("the questions", () => {
	it("keep their answers on the way back", async () => {
		const window = openWindow().recordSample().activate();
		const { editor } = window;
		const running = window.run();
		(await editor.nextQuickPick()).choose("Custom range…");
		const start = await editor.nextInputBox();
		start.type("2026-06-02");
		start.pressEnter();
		const end = await editor.nextInputBox();
		end.type("2026-06-01");
		expect(end.validationMessage).toBe("End date must be on or after start date.");
		end.pressBack();
		const startAgain = await editor.nextInputBox();
		expect(startAgain.value).toBe("2026-06-02");
		startAgain.pressBack();
		const range = await editor.nextQuickPick();
		expect(range.activeItems.map(({ label }) => label)).toEqual(["Custom range…"]);
		range.pressEscape();
		await running;
		expect(editor.messages.size).toBe(0);
	});
});
