import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { exportTelemetry } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { readZip } from "../../../scripts/zip.mjs";
import { settingIds } from "../../src/settings.js";
import { type ExtensionWindow, openWindow, sampleCounts } from "../mocks/extensionWindow.js";
import { Uri } from "../mocks/vscode.js";

/** A host of the sample's deployments. */
const host = "coder.example.com";
const allAsJson = { range: "All time", format: "JSON array" };

interface ExportedEvent {
	readonly context: { readonly machine_id: string };
	readonly properties: { readonly result?: string };
}

function readEvents(file: string): ExportedEvent[] {
	return JSON.parse(readFileSync(file, "utf8"));
}

/** @returns the text of all parts of an OTLP export */
function readParts(file: string): string {
	return readZip(file)
		.map(({ content }) => content().toString("utf8"))
		.join("\n");
}

/** Answers the questions up to the save dialog, and saves under the name that it suggests. */
async function saveAsSuggested(window: ExtensionWindow, ...rows: string[]) {
	const running = window.run();
	for (const row of rows) {
		(await window.editor.nextQuickPick()).choose(row);
	}
	const { options, save } = await window.editor.saveDialogs.next();
	const file = path.join(window.exports, path.basename(options.defaultUri?.fsPath ?? ""));
	save(Uri.file(file));
	await running;
	return { file, message: await window.editor.messages.next() };
}

describe("a redacted export", () => {
	it("is what Enter gives at each question, under a name that says so", async () => {
		const window = openWindow().recordSample().activate();
		const running = window.run();
		(await window.editor.nextQuickPick()).choose("All time");
		(await window.editor.nextQuickPick()).pressEnter();
		const question = await window.editor.nextQuickPick();
		expect(question.title).toBe("Export Telemetry: What should be in it?");
		question.pressEnter();
		const { options, save } = await window.editor.saveDialogs.next();
		const name = path.basename(options.defaultUri?.fsPath ?? "");
		expect(name).toBe("coder-telemetry-all-time-2026-06-03.redacted.json");
		const file = path.join(window.exports, name);
		save(Uri.file(file));
		await running;
		expect(readEvents(file)).toHaveLength(sampleCounts.events);
		const text = readFileSync(file, "utf8");
		expect(text).not.toContain(host);
		const pseudonyms = text.match(/\b[a-z]+-[0-9a-f]{16}\b/g) ?? [];
		expect(pseudonyms.length).toBeGreaterThan(sampleCounts.events);
		const count = pseudonyms.length.toLocaleString("en-US");
		expect((await window.editor.messages.next()).text).toBe(
			`Exported 396 telemetry events to ${name}. ${count} values were replaced. ` +
				"Look at it before you share it: what no rule finds is still in it.",
		);
		expect(window.output.text).toContain(`redacted  ${count} values in 396 events`);
	});

	it.each([
		{ format: "OTLP/JSON zip", extension: ".otlp.zip", read: readParts },
		{ format: "HTML report", extension: ".html", read: (file: string) => readFileSync(file, "utf8") },
	])("can be a $format", async ({ format, extension, read }) => {
		const window = openWindow().recordSample().activate();
		const plain = await saveAsSuggested(window, "All time", format, "As recorded");
		expect(read(plain.file)).toContain(host);
		const { file, message } = await saveAsSuggested(window, "All time", format, "Redacted");
		expect(path.basename(file)).toBe(`coder-telemetry-all-time-2026-06-03.redacted${extension}`);
		expect(message.text).toMatch(/ [\d,]+ values were replaced\. /);
		expect(read(file)).not.toContain(host);
	});

	it("replaces more with unknown values", async () => {
		const window = openWindow().recordSample().activate();
		const marked = await saveAsSuggested(window, "All time", "JSON array", "Redacted");
		const unknown = await saveAsSuggested(window, "All time", "JSON array", "Redacted, unknown values too");
		const replaced = ({ message }: typeof marked) =>
			Number(/([\d,]+) values/.exec(message.text)?.[1]?.replace(",", ""));
		expect(replaced(unknown)).toBeGreaterThan(replaced(marked));
	});

	it("replaces and keeps the fields of the settings", async () => {
		const window = openWindow().recordSample().activate();
		const plain = path.join(window.exports, "plain.json");
		await window.export({ ...allAsJson, file: plain });
		window.editor.settings.set(settingIds.redactFields, ["properties.result"]);
		window.editor.settings.set(settingIds.keepFields, ["context.machine_id"]);
		const file = path.join(window.exports, "fields.redacted.json");
		await window.export({ ...allAsJson, redaction: "Redacted", file });
		const before = readEvents(plain);
		const after = readEvents(file);
		const machines = (events: ExportedEvent[]) => events.map(({ context }) => context.machine_id);
		expect(machines(after)).toEqual(machines(before));
		const results = after.flatMap(({ properties }) => properties.result ?? []);
		expect(results.length).toBeGreaterThan(0);
		expect(results.filter((result) => !/^name-[0-9a-f]{16}$/.test(result))).toEqual([]);
	});
});

describe("an export as recorded", () => {
	it("has the values of the telemetry files, and a name without .redacted", async () => {
		const window = openWindow().recordSample().activate();
		window.editor.settings.set(settingIds.redactFields, ["properties.result"]);
		const { file, message } = await saveAsSuggested(window, "All time", "JSON array", "As recorded");
		expect(path.basename(file)).toBe("coder-telemetry-all-time-2026-06-03.json");
		const direct = path.join(window.exports, "direct.json");
		await exportTelemetry(window.telemetry, "allTime", "json", direct);
		expect(readFileSync(file).equals(readFileSync(direct))).toBe(true);
		expect(readFileSync(file, "utf8")).toContain(host);
		expect(message.text).toBe(
			`Exported 396 telemetry events to ${path.basename(file)}. ` +
				"Before you share it: it can hold machine ids and deployment URLs.",
		);
	});
});

describe("the setting for the redaction", () => {
	it.each([
		{ level: "marked", name: /\.redacted\.json$/, hasHost: false },
		{ level: "unknown", name: /\.redacted\.json$/, hasHost: false },
		{ level: "none", name: /2026-06-03\.json$/, hasHost: true },
	])("$level skips the question", async ({ level, name, hasHost }) => {
		const window = openWindow().recordSample().activate();
		window.editor.settings.set(settingIds.redact, level);
		const { file, message } = await saveAsSuggested(window, "All time", "JSON array");
		expect(path.basename(file)).toMatch(name);
		expect(readFileSync(file, "utf8").includes(host)).toBe(hasHost);
		expect(message.text.includes("values were replaced")).toBe(!hasHost);
	});
});

describe("an invalid field", () => {
	it("is an error that opens its setting, before the first question", async () => {
		const window = openWindow().recordSample().activate();
		window.editor.settings.set(settingIds.keepFields, ["properties.result", "workspace_name"]);
		await window.run();
		const message = await window.editor.messages.next();
		expect(message.severity).toBe("error");
		expect(message.text).toContain(`The setting ${settingIds.keepFields} must be a list of fields`);
		expect(message.text).toContain('it has "workspace_name".');
		expect(window.editor.inputs.size).toBe(0);
		expect(readdirSync(window.exports)).toEqual([]);
		await message.press("Open Settings");
		expect(window.editor.executed).toMatchObject([{ args: [settingIds.keepFields] }]);
	});
});
