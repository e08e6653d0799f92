import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { resolveRange } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { ExportCommand } from "../../../src/export/exportCommand.js";
import { settingIds } from "../../../src/settings.js";
import { FakeHost } from "../../mocks/fakeHost.js";
import { format, range, type ScriptedAnswer, ScriptedPrompts, target } from "../../mocks/scriptedPrompts.js";
import { summaryOf } from "../../mocks/summary.js";
import { folderWithFilesOf, temporaryFolder } from "../../mocks/temporaryFolder.js";

/** The command in an editor whose user looks at a preview, then does what the script says. */
function setup(...next: ScriptedAnswer[]) {
	const telemetry = folderWithFilesOf("2026-06-01");
	const host = new FakeHost(telemetry);
	const storage = path.join(temporaryFolder(), "own.extension");
	Object.assign(host.surroundings, { ownGlobalStorage: storage });
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

describe("a preview on the way to an export", () => {
	it("is an export like any other, as a report, into the extension's own storage", async () => {
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

	it("is shown while the format is asked again, and the export goes on", async () => {
		const { host, prompts, previews, command } = setup(format("json"), target("/exports/week.json"));
		const result = command.run();
		await finishPage(host);
		const { finish, ...running } = await host.exporter.exports.next();
		expect(host.pages).toMatchObject([{ title: "Telemetry: Last 7 days", html: "<h1>This week</h1>" }]);
		expect(running).toMatchObject({ format: "json", outPath: "/exports/week.json" });
		finish(summaryOf());
		expect(await result).toBe("success");
		expect(prompts.asked).toEqual(["range", "format", "format", "target"]);
		expect(host.progressTitles).toEqual(["Previewing telemetry", "Exporting telemetry"]);
		expect(previews()).toHaveLength(1);
	});

	it("is not where the next export is suggested to go", async () => {
		const { host, command } = setup(format(undefined));
		const result = command.run();
		await finishPage(host);
		await result;
		expect(host.rememberedFolder).toBeUndefined();
	});

	it("that is cancelled leaves nothing, and the format is asked again", async () => {
		const { host, prompts, previews, command } = setup(format(undefined));
		const result = command.run();
		await host.exporter.exports.next();
		host.cancel();
		expect(await result).toBe("aborted");
		expect(prompts.asked).toEqual(["range", "format", "format"]);
		expect({ pages: host.pages, notices: host.notices, previews: previews() }).toEqual({
			pages: [],
			notices: [],
			previews: [],
		});
	});

	it("that fails is told of, and the format is asked again", async () => {
		const { host, prompts, command } = setup(format(undefined));
		const result = command.run();
		(await host.exporter.exports.next()).fail(new Error("no space left"));
		expect(await result).toBe("aborted");
		expect(prompts.asked).toEqual(["range", "format", "format"]);
		expect(host.notices).toMatchObject([{ severity: "error", message: "no space left" }]);
	});

	it("that a window left when it crashed is removed when the command is run", async () => {
		const { host, storage, previews, command } = setup();
		const { pid } = spawnSync(process.execPath, ["--version"]);
		mkdirSync(path.join(storage, "previews", `${pid}-left`), { recursive: true });
		host.prompts = new ScriptedPrompts(range(undefined));
		await command.run();
		expect(previews()).toEqual([]);
	});

	it("has no file any more when the window has closed", async () => {
		const { host, previews, command } = setup(format(undefined));
		const result = command.run();
		await finishPage(host);
		await result;
		expect(previews()).toHaveLength(1);
		await command.stop();
		expect(previews()).toEqual([]);
	});

	it("that is made just as the window closes is not shown any more, and leaves nothing", async () => {
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

	it("that is being made when the window closes is cancelled, and leaves nothing", async () => {
		const { host, previews, command } = setup(format(undefined));
		const result = command.run();
		const { options } = await host.exporter.exports.next();
		await command.stop();
		expect(options.signal?.aborted).toBe(true);
		expect(previews()).toEqual([]);
		expect(await result).toBe("aborted");
	});
});
