import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { resolveRange } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { ExportCommand } from "../../../src/export/exportCommand.js";
import type { Exporter } from "../../../src/export/exporter.js";
import { settingIds } from "../../../src/settings.js";
import { FakeHost } from "../../mocks/fakeHost.js";
import { flushPromises } from "../../mocks/flushPromises.js";
import { format, range, redaction, ScriptedPrompts, target } from "../../mocks/scriptedPrompts.js";
import { summaryOf } from "../../mocks/summary.js";
import { folderWithFilesOf, temporaryFolder } from "../../mocks/temporaryFolder.js";

/** The command, with a user who exports the last seven days to `file`. */
function setup({ file = "/exports/week.json" } = {}) {
	const telemetry = folderWithFilesOf("2026-06-01");
	const host = new FakeHost(telemetry);
	const prompts = new ScriptedPrompts(range("last7Days"), format("json"), redaction("none"), target(file));
	host.prompts = prompts;
	return { host, prompts, telemetry, command: new ExportCommand(host) };
}

describe("an export", () => {
	it("passes the choices and the settings to the exporter", async () => {
		const { host, telemetry, command } = setup();
		host.settings.set(settingIds.graceDays, 2);
		const result = command.run();
		const { finish, ...running } = await host.exporter.exports.next();
		expect(running).toMatchObject({
			directory: telemetry,
			range: resolveRange("last7Days", host.now()),
			format: "json",
			outPath: "/exports/week.json",
			options: { graceDays: 2 },
		});
		finish(summaryOf());
		await result;
	});

	it("is redacted as the user chose, with the fields of the settings", async () => {
		const { host, command } = setup();
		host.settings.set(settingIds.redactFields, ["properties.reason"]);
		host.settings.set(settingIds.keepFields, ["properties.workspace_name"]);
		host.prompts = new ScriptedPrompts(
			range("last7Days"),
			format("json"),
			redaction("unknown"),
			target("/exports/week.redacted.json"),
		);
		const result = command.run();
		const { finish, options } = await host.exporter.exports.next();
		expect(options).toMatchObject({
			redact: "unknown",
			redactFields: ["properties.reason"],
			keepFields: ["properties.workspace_name"],
		});
		finish(summaryOf());
		await result;
	});

	it.each(["marked", "unknown", "none"] as const)(
		"is redacted as the setting %s says, without a question",
		async (level) => {
			const { host, command } = setup();
			host.settings.set(settingIds.redact, level);
			const prompts = new ScriptedPrompts(range("last7Days"), format("json"), target("/exports/week"));
			host.prompts = prompts;
			const result = command.run();
			const { finish, options } = await host.exporter.exports.next();
			expect(options.redact ?? "none").toBe(level);
			finish(summaryOf());
			await result;
			expect(prompts.asked).toEqual(["range", "format", "target"]);
		},
	);

	it("counts the files of the grace days in the coverage of each range", async () => {
		const { host, command } = setup();
		host.settings.set(settingIds.directory, folderWithFilesOf("2026-06-07", "2026-06-08", "2026-06-09"));
		host.settings.set(settingIds.graceDays, 1);
		const prompts = new ScriptedPrompts(range(undefined));
		host.prompts = prompts;
		await command.run();
		expect(prompts.ranges[0]?.rows[1]?.detail).toBe("2 files · 2.0 kB · 7–8 Jun");
	});

	it("shows progress, a notification and the output, and succeeds", async () => {
		const { host, command } = setup();
		const result = command.run();
		const { options, finish } = await host.exporter.exports.next();
		options.onProgress?.({ phase: "reading", bytesDone: 1, bytesTotal: 2, events: 3 });
		finish(summaryOf());
		expect(await result).toBe("success");
		expect(host.statusTitles).toEqual(["Listing telemetry files…"]);
		expect(host.progressTitles).toEqual(["Exporting telemetry"]);
		expect(host.progress).toEqual([{ message: "50 % · 3 events", percent: 50 }]);
		expect(host.notifications).toMatchObject([
			{ severity: "information", message: expect.stringContaining("2 telemetry events to week.json") },
		]);
		expect(host.output).toMatch(/^2026-06-07T12:34:56\.789Z\nrange +Last 7 days\n/);
	});

	it("separates the output of two exports by an empty line", async () => {
		const { host, command } = setup();
		for (let round = 0; round < 2; round++) {
			host.prompts = new ScriptedPrompts(
				range("last7Days"),
				format("json"),
				redaction("none"),
				target("/exports/week.json"),
			);
			const result = command.run();
			(await host.exporter.exports.next()).finish(summaryOf());
			await result;
		}
		expect(host.output.split("\n\n")).toHaveLength(3);
	});

	it("succeeds if no event matched", async () => {
		const { host, command } = setup();
		const result = command.run();
		(await host.exporter.exports.next()).finish(summaryOf({ eventCount: 0 }));
		expect(await result).toBe("success");
	});

	it("flushes first if the host can, and warns if the flush failed", async () => {
		const { host, command } = setup();
		host.flush = () => Promise.reject(new Error("disk is full"));
		const result = command.run();
		(await host.exporter.exports.next()).finish(summaryOf());
		expect(await result).toBe("success");
		expect(host.progress[0]?.message).toBe("Flushing buffered events…");
		expect(host.notifications).toMatchObject([
			{ severity: "warning", message: expect.stringContaining("(disk is full)") },
		]);
	});
});

describe("the folder that the save dialog starts in", () => {
	it("is the home directory at first", async () => {
		const { host, prompts, command } = setup();
		const result = command.run();
		(await host.exporter.exports.next()).finish(summaryOf());
		await result;
		expect(prompts.targets[0]?.folder).toBe("/home/kim");
	});

	it("is the folder of the last export", async () => {
		const { host, command } = setup();
		const first = command.run();
		(await host.exporter.exports.next()).finish(summaryOf());
		await first;
		host.folders.add("/exports");
		const prompts = new ScriptedPrompts(
			range("last7Days"),
			format("json"),
			redaction("none"),
			target(undefined),
		);
		host.prompts = prompts;
		await command.run();
		expect(prompts.targets[0]?.folder).toBe("/exports");
	});

	it("is the home directory again if that folder has vanished", async () => {
		const { host, prompts, command } = setup();
		host.rememberedFolder = "/vanished";
		const result = command.run();
		(await host.exporter.exports.next()).finish(summaryOf());
		await result;
		expect(prompts.targets[0]?.folder).toBe("/home/kim");
	});

	it("is determined when the save dialog opens", async () => {
		const { host, command } = setup();
		host.rememberedFolder = "/slow";
		host.isDirectory = () => Promise.reject(new Error("looked too early"));
		host.prompts = new ScriptedPrompts(range("last7Days"), format(undefined));
		expect(await command.run()).toBe("aborted");
	});

	it("is not changed by an export that failed", async () => {
		const { host, command } = setup();
		const result = command.run();
		(await host.exporter.exports.next()).fail(new Error("no space"));
		await result;
		expect(host.rememberedFolder).toBeUndefined();
	});
});

describe("an export that is aborted or fails", () => {
	it("is aborted without a message if the user leaves the questions", async () => {
		const { host, command } = setup();
		host.prompts = new ScriptedPrompts(range(undefined));
		expect(await command.run()).toBe("aborted");
		expect(host.notifications).toEqual([]);
		expect(host.progressTitles).toEqual([]);
	});

	it("is aborted without a message if the user cancels the progress", async () => {
		const { host, command } = setup();
		const result = command.run();
		await host.exporter.exports.next();
		host.cancel();
		expect(await result).toBe("aborted");
		expect(host.notifications).toEqual([]);
		expect(host.output).toBe("");
	});

	it("shows an error if the exporter fails", async () => {
		const { host, command } = setup();
		const result = command.run();
		(await host.exporter.exports.next()).fail(new Error("Cannot write /exports/week.json: ENOSPC"));
		expect(await result).toBe("error");
		expect(host.notifications).toEqual([
			{ severity: "error", message: "Cannot write /exports/week.json: ENOSPC", actions: [] },
		]);
	});

	it("shows an error if the target is not a file on this machine", async () => {
		const { host, command } = setup();
		const remote = { scheme: "vscode-remote", path: "/week.json", uri: "vscode-remote://host/week.json" };
		host.prompts = new ScriptedPrompts(range("last7Days"), format("json"), redaction("none"), {
			to: "target",
			answer: remote,
		});
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([
			{
				severity: "error",
				message: expect.stringContaining("Cannot export to vscode-remote://host/week.json"),
			},
		]);
		expect(host.exporter.exports.size).toBe(0);
	});

	it("shows an error, and a button for the setting, if a setting is invalid", async () => {
		const { host, prompts, command } = setup();
		host.settings.set(settingIds.temporality, "both");
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([
			{ severity: "error", actions: [{ kind: "openSettings", search: settingIds.temporality }] },
		]);
		expect(prompts.asked).toEqual([]);
	});

	it("shows an error if the addon does not load", async () => {
		const { host, command } = setup();
		host.loadExporter = (): Exporter => {
			throw new Error("The native exporter does not load");
		};
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([
			{ severity: "error", message: "The native exporter does not load" },
		]);
	});

	it("shows an error if a question fails", async () => {
		const { host, command } = setup();
		host.prompts = new ScriptedPrompts();
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([
			{ severity: "error", message: expect.stringContaining("the script") },
		]);
	});
});

describe("a telemetry directory", () => {
	it("that does not exist gives a warning before the first question", async () => {
		const { host, prompts, telemetry, command } = setup();
		const missing = path.join(telemetry, "missing");
		host.settings.set(settingIds.directory, missing);
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([
			{
				severity: "warning",
				message: expect.stringContaining(`in ${missing}. Check that ${settingIds.directory}`),
				actions: [{ kind: "openSettings", search: settingIds.directory }],
			},
		]);
		expect(prompts.asked).toEqual([]);
	});

	it("without a telemetry file gives the same warning", async () => {
		const { host, prompts, command } = setup();
		const empty = temporaryFolder();
		writeFileSync(path.join(empty, "notes.txt"), "no telemetry");
		host.settings.set(settingIds.directory, empty);
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([{ message: expect.stringContaining("has been recorded yet") }]);
		expect(prompts.asked).toEqual([]);
	});

	it("that cannot be read gives the error of the addon", async () => {
		const { host, command } = setup();
		const file = path.join(temporaryFolder(), "telemetry");
		writeFileSync(file, "a file where a directory should be");
		host.settings.set(settingIds.directory, file);
		expect(await command.run()).toBe("error");
		expect(host.notifications).toMatchObject([
			{ severity: "error", message: expect.stringContaining("ENOTDIR") },
		]);
	});

	it("is beside the extension's storage folder by default, and the warning mentions the Coder extension", async () => {
		const storage = temporaryFolder();
		const host = new FakeHost("");
		Object.assign(host.locations, { globalStoragePath: path.join(storage, "own.extension") });
		const command = new ExportCommand(host);
		expect(await command.run()).toBe("error");
		const directory = path.join(storage, "coder.coder-remote", "telemetry");
		expect(host.notifications).toMatchObject([
			{ message: expect.stringContaining(`in ${directory}. Check that the Coder extension is installed`) },
		]);

		mkdirSync(directory, { recursive: true });
		writeFileSync(path.join(directory, "telemetry-2026-06-01-aaaa.jsonl"), "");
		host.prompts = new ScriptedPrompts(range(undefined));
		expect(await command.run()).toBe("aborted");
	});
});

describe("stopping", () => {
	it("cancels running exports, and waits until they have cleaned up", async () => {
		const { host, command } = setup();
		let finishCleanUp = () => {};
		host.exporter.cleanUp = new Promise((resolve) => {
			finishCleanUp = resolve;
		});
		const result = command.run();
		const { options } = await host.exporter.exports.next();
		let isStopped = false;
		const stopping = command.stop().then(() => {
			isStopped = true;
		});
		expect(options.signal?.aborted).toBe(true);
		await flushPromises();
		expect(isStopped).toBe(false);
		finishCleanUp();
		await stopping;
		expect(await result).toBe("aborted");
	});

	it("prevents an export whose questions are still open", async () => {
		const { host, prompts, command } = setup();
		host.rememberedFolder = "/exports";
		host.isDirectory = async () => {
			await command.stop();
			return true;
		};
		expect(await command.run()).toBe("aborted");
		expect(prompts.asked).toEqual(["range", "format", "redaction", "target"]);
		expect(host.exporter.exports.size).toBe(0);
	});

	it("ends at once if nothing runs", async () => {
		await expect(setup().command.stop()).resolves.toBeUndefined();
	});
});
