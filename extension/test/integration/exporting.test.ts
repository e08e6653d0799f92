import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { row } from "../../../scripts/testing/telemetry-rows.mjs";
import { readZip } from "../../../scripts/zip.mjs";
import { settingIds } from "../../src/settings.js";
import { openWindow, sampleCounts } from "../mocks/extensionWindow.js";

interface ExportedEvent {
	readonly event_name: string;
	readonly timestamp: string;
	readonly context: { readonly session_id: string };
}

function readEvents(file: string): ExportedEvent[] {
	return JSON.parse(readFileSync(file, "utf8"));
}

/** @returns the entries of an OTLP export, parsed, by their names */
function readParts(file: string): Record<string, unknown> {
	return Object.fromEntries(
		readZip(file).map(({ name, content }) => [name, JSON.parse(content().toString("utf8"))]),
	);
}

/** @returns all lists of this name, however deep in the value, as one */
function collect(value: unknown, name: string): unknown[] {
	if (typeof value !== "object" || value === null) {
		return [];
	}
	return Object.entries(value).flatMap(([key, member]) =>
		key === name && Array.isArray(member) ? member : collect(member, name),
	);
}

const json = { range: "All time", format: "JSON array" };
const otlp = { range: "All time", format: "OTLP/JSON zip" };

describe("an export as a JSON array", () => {
	it("writes every event in order of time, each with its context", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.json");
		await window.export({ ...json, file });
		const events = readEvents(file);
		expect(events).toHaveLength(sampleCounts.events);
		const times = events.map(({ timestamp }) => timestamp);
		expect(times).toEqual([...times].sort());
		expect(events.filter(({ context }) => !context.session_id)).toEqual([]);
		expect(new Set(events.map(({ context }) => context.session_id)).size).toBe(6);
		expect(readdirSync(window.exports)).toEqual(["all.json"]);
	});

	it("tells of it in a notice whose buttons know the file", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.json");
		const { message } = await window.export({ ...json, file });
		expect(message.severity).toBe("information");
		expect(message.text).toContain("Exported 396 telemetry events to all.json.");
		await message.press("Reveal in File Explorer");
		expect(window.editor.executed).toMatchObject([{ command: "revealFileInOS", args: [{ fsPath: file }] }]);
	});

	it("shows progress up to the end", async () => {
		const window = openWindow().recordSample().activate();
		const { progress } = await window.export({ ...json, file: path.join(window.exports, "all.json") });
		expect(progress.percent).toBe(100);
		expect(progress.messages.at(-1)).toBe("Finishing · 396 events");
	});

	it("writes the figures to the output, with the moment before them", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.json");
		await window.export({ ...json, file });
		expect(window.output.name).toBe("Coder Telemetry Export");
		expect(window.output.text.split("\n").slice(0, 4)).toEqual([
			"2026-06-03T18:00:00.000Z",
			"range    All time",
			"events   396",
			"read     6 files, 137 kB",
		]);
		expect(window.output.text).toContain(`written  ${file}, `);
	});

	it("replaces a file that the save dialog let be replaced", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.json");
		writeFileSync(file, "before");
		await window.export({ ...json, file });
		expect(readEvents(file)).toHaveLength(sampleCounts.events);
	});
});

describe("an export as OTLP", () => {
	it("writes a zip whose manifest counts what is in it", async () => {
		const window = openWindow().recordSample().activate();
		const file = path.join(window.exports, "all.otlp.zip");
		const { message } = await window.export({ ...otlp, file });
		const { "manifest.json": manifest, ...parts } = readParts(file);
		const records = {
			logs: collect(parts, "logRecords").length,
			traces: collect(parts, "spans").length,
			metrics: collect(parts, "dataPoints").length,
		};
		const { logs, spans, dataPoints } = sampleCounts;
		expect(records).toEqual({ logs, traces: spans, metrics: dataPoints });
		expect(manifest).toMatchObject({
			records,
			source: { files: 6, events: sampleCounts.events, badLines: 0 },
			parts: Object.keys(parts).map((name) => ({ file: name })),
		});
		expect(message.text).toContain("Exported 396 telemetry events to all.otlp.zip.");
	});

	it("is made as the settings say", async () => {
		const window = openWindow().recordSample().activate();
		const { settings } = window.editor;
		settings.set(settingIds.temporality, "cumulative");
		settings.set(settingIds.spanName, "full");
		settings.set(settingIds.maxRequestSize, "100kB");
		const file = path.join(window.exports, "all.otlp.zip");
		await window.export({ ...otlp, file });
		const { "manifest.json": manifest, ...parts } = readParts(file);
		expect(manifest).toMatchObject({ temporality: "cumulative", spanName: "full" });
		expect(Object.keys(parts).length).toBeGreaterThan(3);
		const sizes = readZip(file).map(({ size }) => size);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
	});
});

describe("a range", () => {
	it("of rolling days ends when the command was run", async () => {
		const day = { range: "Last 24 hours", format: "JSON array" };
		const window = openWindow({ now: "2026-06-03T12:00:00Z" }).recordSample().activate();
		const file = path.join(window.exports, "day.json");
		await window.export({ ...day, file });
		const times = readEvents(file).map(({ timestamp }) => timestamp);
		expect(times.length).toBeGreaterThan(0);
		expect(times.filter((time) => time < "2026-06-02T12:00:00Z" || time >= "2026-06-03T12:00:00Z")).toEqual(
			[],
		);
	});

	it("of two days holds both of them whole, and says beforehand what it covers", async () => {
		const window = openWindow()
			.record({
				"telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T00:00:00Z"), row("2026-06-01T23:59:59.999Z")],
				"telemetry-2026-06-02-aa.jsonl": [row("2026-06-02T23:59:59.999Z")],
				"telemetry-2026-06-03-aa.jsonl": [row("2026-06-03T00:00:00Z")],
			})
			.activate();
		const file = path.join(window.exports, "two-days.json");
		const days = ["2026-06-01", "2026-06-02"];
		await window.export({ range: "Custom range…", days, format: "JSON array", file });
		expect(readEvents(file).map(({ timestamp }) => timestamp)).toEqual([
			"2026-06-01T00:00:00Z",
			"2026-06-01T23:59:59.999Z",
			"2026-06-02T23:59:59.999Z",
		]);
		expect(window.output.text).toContain("range    2026-06-01 to 2026-06-02");
	});

	it("finds an event in the next day's file where grace days are set", async () => {
		const late = { "telemetry-2026-06-02-aa.jsonl": [row("2026-06-01T23:59:59Z")] };
		const answers = { range: "Custom range…", days: ["2026-06-01", "2026-06-01"], format: "JSON array" };
		const window = openWindow().record(late).activate();
		const file = path.join(window.exports, "late.json");
		expect((await window.export({ ...answers, file })).message.text).toContain("no file was written");
		window.editor.settings.set(settingIds.graceDays, 1);
		expect((await window.export({ ...answers, file })).message.text).toContain(
			"Exported 1 telemetry event to",
		);
		expect(readEvents(file)).toHaveLength(1);
	});

	it("without events is told of, and writes no file", async () => {
		const window = openWindow({ now: "2026-08-01T00:00:00Z" }).recordSample().activate();
		const file = path.join(window.exports, "none.json");
		const { message } = await window.export({ range: "Last 7 days", format: "JSON array", file });
		expect(message).toMatchObject({
			severity: "information",
			text: 'No telemetry events in "Last 7 days"; no file was written.',
			buttons: [],
		});
		expect(existsSync(file)).toBe(false);
	});
});
