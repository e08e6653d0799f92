import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { resolveRange } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { ExportCommand } from "../../../src/export/exportCommand.js";
import { settingIds } from "../../../src/settings.js";
import { FakeHost } from "../../mocks/fakeHost.js";
import {
	format,
	range,
	redaction,
	type ScriptedAnswer,
	ScriptedPrompts,
	target,
} from "../../mocks/scriptedPrompts.js";
import { summaryOf } from "../../mocks/summary.js";
import { folderWithFilesOf, temporaryFolder } from "../../mocks/temporaryFolder.js";

/** The command, with a user who previews a range and then answers from the script. */
function setup(...next: ScriptedAnswer[]) {
	const telemetry = folderWithFilesOf("2026-06-01");
	const host = new FakeHost(telemetry);
	const storage = path.join(temporaryFolder(), "own.extension");
	Object.assign(host.locations, { globalStoragePath: storage });
	const prompts = new ScriptedPrompts(range("last7Days"), format("preview"), ...next);
	host.prompts = prompts;
	const previews = () => readdirSync(path.join(storage, "previews"));
	return { host, prompts, telemetry, storage, previews, command: new ExportCommand(host) };
}

/** Ends the export of a preview as the addon does. */
async function finishPage(host: FakeHost) {
	const { outPath, finish, ...running } = await host.exporter.exports.next();
	writeFileSync(outPath, "<h1>This week</h1>");
	finish(summaryOf());
	return { outPath, ...running };
}

describe("a preview before an export", () => {
	it("is exported as a report into the extension's storage folder", async () => {
		const { host, telemetry, storage, command } = setup(format(undefined));
		host.settings.set(settingIds.spanName, "full");
		host.settings.set(settingIds.graceDays, 2);
		host.flush = async () => {};
		const result = command.run();
		const { outPath, ...running } = await finishPage(host);
		expect(running).toMatchObject({
			directory: telemetry,
			range: resolveRange("last7Days", host.now()),
			format: "html",
			options: { spanName: "full", graceDays: 2 },
		});
		expect(outPath.startsWith(path.join(storage, "previews"))).toBe(true);
		expect(await result).toBe("aborted");
		expect(host.progressTitles).toEqual(["Previewing telemetry"]);
		expect(host.progress[0]?.message).toBe("Flushing buffered events…");
		expect(host.output).toMatch(/^2026-06-07T12:34:56\.789Z\nrange +Last 7 days\n/);
	});

	it("shows the telemetry as it was recorded, even if the setting redacts exports", async () => {
		const { host, command } = setup(format(undefined));
		host.settings.set(settingIds.redact, "unknown");
		host.settings.set(settingIds.redactFields, ["properties.reason"]);
		const result = command.run();
		const { options } = await finishPage(host);
		expect(options).not.toHaveProperty("redact");
		expect(options).not.toHaveProperty("redactFields");
		await result;
	});

	it("is shown while the format is asked again, and the export continues", async () => {
		const { host, prompts, previews, command } = setup(
			format("json"),
			redaction("none"),
			target("/exports/week.json"),
		);
		const result = command.run();
		await finishPage(host);
		const { finish, ...running } = await host.exporter.exports.next();
		expect(host.pages).toMatchObject([{ title: "Telemetry: Last 7 days", html: "<h1>This week</h1>" }]);
		expect(running).toMatchObject({ format: "json", outPath: "/exports/week.json" });
		finish(summaryOf());
		expect(await result).toBe("success");
		expect(prompts.asked).toEqual(["range", "format", "format", "redaction", "target"]);
		expect(host.progressTitles).toEqual(["Previewing telemetry", "Exporting telemetry"]);
		expect(previews()).toHaveLength(1);
	});

	it("does not change the folder of the save dialog", async () => {
		const { host, command } = setup(format(undefined));
		const result = command.run();
		await finishPage(host);
		await result;
		expect(host.rememberedFolder).toBeUndefined();
	});

	it("leaves nothing if it is cancelled, and the format is asked again", async () => {
		const { host, prompts, previews, command } = setup(format(undefined));
		const result = command.run();
		await host.exporter.exports.next();
		host.cancel();
		expect(await result).toBe("aborted");
		expect(prompts.asked).toEqual(["range", "format", "format"]);
		expect({ pages: host.pages, notifications: host.notifications, previews: previews() }).toEqual({
			pages: [],
			notifications: [],
			previews: [],
		});
	});

	it("shows an error if it fails, and the format is asked again", async () => {
		const { host, prompts, command } = setup(format(undefined));
		const result = command.run();
		(await host.exporter.exports.next()).fail(new Error("no space left"));
		expect(await result).toBe("aborted");
		expect(prompts.asked).toEqual(["range", "format", "format"]);
		expect(host.notifications).toMatchObject([{ severity: "error", message: "no space left" }]);
	});

	it("of a crashed window is removed when the command is run", async () => {
		const { host, storage, previews, command } = setup();
		const { pid } = spawnSync(process.execPath, ["--version"]);
		mkdirSync(path.join(storage, "previews", `${pid}-left`), { recursive: true });
		host.prompts = new ScriptedPrompts(range(undefined));
		await command.run();
		expect(previews()).toEqual([]);
	});

	it("has no file after the window has closed", async () => {
		const { host, previews, command } = setup(format(undefined));
		const result = command.run();
		await finishPage(host);
		await result;
		expect(previews()).toHaveLength(1);
		await command.stop();
		expect(previews()).toEqual([]);
	});

	it("is not shown if it finishes while the window closes, and leaves nothing", async () => {
		const { host, prompts, previews, command } = setup();
		host.exporter.cleanUp = new Promise(() => {});
		const result = command.run();
		const { outPath, finish } = await host.exporter.exports.next();
		const stopping = command.stop();
		writeFileSync(outPath, "<h1>This week</h1>");
		finish(summaryOf());
		await stopping;
		expect(host.pages).toEqual([]);
		expect(previews()).toEqual([]);
		expect(await result).toBe("aborted");
		expect(prompts.asked).toEqual(["range", "format"]);
	});

	it("is cancelled if the window closes, and leaves nothing", async () => {
		const { host, previews, command } = setup(format(undefined));
		const result = command.run();
		const { options } = await host.exporter.exports.next();
		await command.stop();
		expect(options.signal?.aborted).toBe(true);
		expect(previews()).toEqual([]);
		expect(await result).toBe("aborted");
	});
});
