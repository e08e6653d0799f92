import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { row } from "../../../scripts/testing/telemetry-rows.mjs";
import { onWindows } from "../../../scripts/testing/windows.mjs";
import { deactivate } from "../../src/extension.js";
import { settingIds } from "../../src/settings.js";
import { type ExtensionWindow, openWindow } from "../mocks/extensionWindow.js";
import { provideAddon } from "../mocks/requiredAddon.js";
import { Uri } from "../mocks/vscode.js";

const json = { range: "All time", format: "JSON array" };
const otlp = { range: "All time", format: "OTLP/JSON zip" };

/** Exports the sample to an existing file, and interrupts the export at the first progress. */
async function exportAndInterrupt(
	window: ExtensionWindow,
	answers: typeof json,
	interrupt: (pressCancel: () => void) => void,
) {
	const file = path.join(window.exports, "export");
	writeFileSync(file, "before");
	const running = window.run();
	await window.answer({ ...answers, file });
	const progress = await window.editor.progresses.next();
	progress.onDidReport(() => interrupt(() => progress.pressCancel()));
	await running;
	return { file };
}

describe("an export that is cancelled", () => {
	it.each([json, otlp])("as $format leaves only the old file, and shows no message", async (answers) => {
		const window = openWindow().recordSample().activate();
		const { file } = await exportAndInterrupt(window, answers, (pressCancel) => pressCancel());
		expect(readFileSync(file, "utf8")).toBe("before");
		expect(readdirSync(window.exports)).toEqual(["export"]);
		expect(window.editor.messages.size).toBe(0);
		expect(window.output.text).toBe("");
	});

	it("by closing the window has cleaned up when deactivate() resolves", async () => {
		const window = openWindow().recordSample().activate();
		let foundAtTheEnd: Promise<string[]> | undefined;
		const { file } = await exportAndInterrupt(window, json, () => {
			foundAtTheEnd ??= Promise.resolve(deactivate()).then(() => readdirSync(window.exports));
		});
		expect(await foundAtTheEnd).toEqual(["export"]);
		expect(readFileSync(file, "utf8")).toBe("before");
	});

	it("does not prevent the next one", async () => {
		const window = openWindow().recordSample().activate();
		await exportAndInterrupt(window, json, (pressCancel) => pressCancel());
		const { message } = await window.export({ ...json, file: path.join(window.exports, "next.json") });
		expect(message.text).toContain("Exported 396 telemetry events to next.json.");
	});
});

describe("an export of broken telemetry", () => {
	it("leaves out broken lines and unreadable files, and lists them in the output", async () => {
		const window = openWindow()
			.record({
				"telemetry-2026-06-01-aa.jsonl": [
					row("2026-06-01T12:00:00Z"),
					"not a row",
					row("2026-06-01T13:00:00Z"),
				],
			})
			.activate();
		mkdirSync(path.join(window.telemetry, "telemetry-2026-06-02-bb.jsonl"));
		const file = path.join(window.exports, "all.json");
		const { message } = await window.export({ ...json, file });
		expect(message.severity).toBe("warning");
		expect(message.text).toContain(
			"Exported 2 telemetry events to all.json. 1 bad line and 1 file were skipped.",
		);
		expect(window.output.text).toMatch(/^ {2}telemetry-2026-06-01-aa\.jsonl:2: \S/m);
		expect(window.output.text).toMatch(/^ {2}telemetry-2026-06-02-bb\.jsonl: \S/m);
		expect(JSON.parse(readFileSync(file, "utf8"))).toHaveLength(2);
		expect(window.output.isShown).toBe(false);
		await message.press("Show Output");
		expect(window.output.isShown).toBe(true);
	});

	it("lists the first hundred broken lines and counts the rest", async () => {
		const lines = [row("2026-06-01T12:00:00Z"), ...Array(117).fill("not a row")];
		const window = openWindow().record({ "telemetry-2026-06-01-aa.jsonl": lines }).activate();
		const { message } = await window.export({ ...json, file: path.join(window.exports, "all.json") });
		expect(message.text).toContain("117 bad lines were skipped.");
		expect(window.output.text.match(/^ {2}telemetry-2026-06-01-aa\.jsonl:\d+: /gm)).toHaveLength(100);
		expect(window.output.text).toContain("  … and 17 more\n");
	});

	it("warns and writes no file if no good line is left", async () => {
		const window = openWindow()
			.record({ "telemetry-2026-06-01-aa.jsonl": ["not a row"] })
			.activate();
		const { message } = await window.export({ ...json, file: path.join(window.exports, "all.json") });
		expect(message).toMatchObject({
			severity: "warning",
			text: 'No telemetry events in "All time"; no file was written. 1 bad line was skipped.',
			buttons: ["Show Output"],
		});
		expect(readdirSync(window.exports)).toEqual([]);
	});
});

describe("an export that fails", () => {
	it("says that nothing has been recorded if there is no telemetry directory", async () => {
		const window = openWindow().activate();
		await window.run();
		const message = await window.editor.messages.next();
		expect(message).toMatchObject({ severity: "warning", buttons: ["Open Settings"] });
		expect(message.text).toContain(`No telemetry has been recorded yet in ${window.telemetry}.`);
		expect(window.editor.inputs.size).toBe(0);
	});

	it("shows an error if the target is not a file on this machine", async () => {
		const window = openWindow().recordSample().activate();
		const running = window.run();
		(await window.editor.nextQuickPick()).choose("All time");
		(await window.editor.nextQuickPick()).choose("JSON array");
		(await window.editor.nextQuickPick()).choose("As recorded");
		const remote = Uri.from({ scheme: "vscode-vfs", authority: "github", path: "/all.json" });
		(await window.editor.saveDialogs.next()).save(remote);
		await running;
		expect((await window.editor.messages.next()).text).toContain(
			"Cannot export to vscode-vfs://github/all.json",
		);
	});

	it("shows the error of the system if the target cannot be written", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "missing", "all.json");
		const { message } = await window.export({ ...json, file });
		expect(message).toMatchObject({ severity: "error", buttons: [] });
		expect(message.text).toContain("ENOENT");
	});

	it("shows an error if the target is a telemetry file, however the setting writes its folder", async () => {
		const window = openWindow().recordSample().activate();
		const [name = ""] = readdirSync(window.telemetry);
		const file = path.join(window.telemetry, name);
		const before = readFileSync(file, "utf8");
		// On Windows, the editor's paths have a drive letter in lower case.
		const inAnotherCase = onWindows ? window.telemetry.toUpperCase() : window.telemetry;
		for (const setting of [window.telemetry, inAnotherCase, window.telemetry + path.sep]) {
			window.editor.settings.set(settingIds.directory, setting);
			const { message } = await window.export({ ...json, file });
			expect(message.severity).toBe("error");
			expect(message.text).toContain("telemetry file");
			expect(readFileSync(file, "utf8")).toBe(before);
		}
	});

	it("names an invalid setting, and opens it", async () => {
		const window = openWindow().recordSample().activate();
		window.editor.settings.set(settingIds.graceDays, 8);
		await window.run();
		const message = await window.editor.messages.next();
		expect(message.text).toContain(`The setting ${settingIds.graceDays} must be`);
		await message.press("Open Settings");
		expect(window.editor.executed).toEqual([
			{ command: "workbench.action.openSettings", args: [settingIds.graceDays] },
		]);
	});

	it("names the platform if the addon does not load", async () => {
		const window = openWindow().recordSample().activate();
		provideAddon(() => {
			throw new Error("wrong ELF class");
		});
		await window.run();
		const message = await window.editor.messages.next();
		expect(message.severity).toBe("error");
		expect(message.text).toContain(`does not load on ${process.platform}-${process.arch}`);
	});
});
