import { describe, expect, it } from "vitest";
import type { ProgressUpdate } from "../../../src/export/pipeline.js";
import { withProgress, withStatus } from "../../../src/ui/progress.js";
import { openEditor, ProgressLocation } from "../../mocks/vscode.js";

/** Starts a task with a progress notification. The test ends the task. */
async function start() {
	const editor = openEditor();
	let end = (_result: string) => {};
	const result = new Promise<string>((resolve) => {
		end = resolve;
	});
	let given: { report: (progress: ProgressUpdate) => void; signal: AbortSignal } | undefined;
	const ended = withProgress("Exporting", (report, signal) => {
		given = { report, signal };
		return result;
	});
	const progress = await editor.progresses.next();
	if (given === undefined) {
		throw new Error("the task was not started");
	}
	return { ...given, progress, ended, end };
}

describe("a task with progress", () => {
	it("is shown as a notification that can be cancelled", async () => {
		const { progress } = await start();
		expect(progress.options).toEqual({
			location: ProgressLocation.Notification,
			title: "Exporting",
			cancellable: true,
		});
	});

	it("ends with its own result", async () => {
		const { ended, end } = await start();
		end("done");
		expect(await ended).toBe("done");
	});

	it("fails with its own error", async () => {
		openEditor();
		await expect(withProgress("Exporting", () => Promise.reject(new Error("broken")))).rejects.toThrow(
			"broken",
		);
	});

	it("shows each message, and a bar as long as the last percentage", async () => {
		const { progress, report } = await start();
		report({ message: "Flushing", percent: undefined });
		expect(progress.increments).toEqual([undefined]);
		report({ message: "10 %", percent: 10 });
		expect(progress.percent).toBe(10);
		report({ message: "35 %", percent: 35 });
		report({ message: "Finishing", percent: 100 });
		expect(progress.percent).toBe(100);
		expect(progress.messages).toEqual(["Flushing", "10 %", "35 %", "Finishing"]);
	});

	it("has a signal that is aborted when Cancel is pressed", async () => {
		const { progress, signal } = await start();
		expect(signal.aborted).toBe(false);
		progress.pressCancel();
		expect(signal.aborted).toBe(true);
	});
});

describe("a task with a status", () => {
	it("is named in the status bar, and ends with its own result", async () => {
		const editor = openEditor();
		expect(await withStatus("Listing", async () => "listed")).toBe("listed");
		expect((await editor.statuses.next()).options).toEqual({
			location: ProgressLocation.Window,
			title: "Listing",
		});
	});
});
