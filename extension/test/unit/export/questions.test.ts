import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import type { Exporter } from "../../../src/export/exporter.js";
import { formats, previewRow } from "../../../src/export/formats.js";
import { back } from "../../../src/export/prompts.js";
import { askWhatToExport } from "../../../src/export/questions.js";
import { findPresetCoverage } from "../../../src/export/ranges.js";
import { redactionLevels } from "../../../src/export/redaction.js";
import { flushPromises } from "../../mocks/flushPromises.js";
import {
	date,
	fileTarget,
	format,
	formatOf,
	range,
	redaction,
	type ScriptedAnswer,
	ScriptedPrompts,
	target,
} from "../../mocks/scriptedPrompts.js";
import { folderWithFilesOf } from "../../mocks/temporaryFolder.js";

/** A few minutes before the end of a UTC day. */
const now = new Date("2026-06-07T23:55:00Z");

/** Asks the questions, and answers from the script. */
async function ask(
	script: ScriptedAnswer[],
	{
		days = ["2026-06-01", "2026-06-02", "2026-06-07"],
		graceDays = undefined as number | undefined,
		exporter = addon as Exporter,
		leavesAtPreview = false,
		redact = "ask" as addon.RedactionLevel | "ask",
	} = {},
) {
	const prompts = new ScriptedPrompts(...script);
	const directory = folderWithFilesOf(...days);
	const context = { exporter, directory, graceDays, now };
	const presetRanges = await findPresetCoverage(context);
	if (presetRanges === undefined) {
		throw new Error("there are no files");
	}
	const findFolder = async () => "/home/kim";
	const leaving = new AbortController();
	const previewed: addon.ResolvedRange[] = [];
	const preview = async (shown: addon.ResolvedRange) => {
		await flushPromises();
		previewed.push(shown);
		if (leavesAtPreview) {
			leaving.abort();
		}
	};
	const { signal } = leaving;
	const choice = await askWhatToExport({
		...context,
		prompts,
		presetRanges,
		redact,
		findFolder,
		preview,
		signal,
	});
	return { choice, prompts, directory, previewed };
}

describe("the question for a range", () => {
	it("offers each preset with what it covers, then a custom range", async () => {
		const { prompts } = await ask([range(undefined)]);
		expect(prompts.ranges[0]?.rows).toEqual([
			{ choice: "last24Hours", label: "Last 24 hours", detail: "1 file · 1.0 kB · 7 Jun" },
			{ choice: "last7Days", label: "Last 7 days", detail: "3 files · 3.0 kB · 1–7 Jun" },
			{ choice: "last30Days", label: "Last 30 days", detail: "3 files · 3.0 kB · 1–7 Jun" },
			{ choice: "allTime", label: "All time", detail: "3 files · 3.0 kB · 1–7 Jun" },
			{ choice: "custom", label: "Custom range…", detail: "From one day to another" },
		]);
	});

	it("says if a range covers no files", async () => {
		const { prompts } = await ask([range(undefined)], { days: ["2026-01-01"] });
		expect(prompts.ranges[0]?.rows.map(({ detail }) => detail)).toEqual([
			"No files in this range",
			"No files in this range",
			"No files in this range",
			"1 file · 1.0 kB · 1 Jan",
			"From one day to another",
		]);
	});

	it("counts the files of the grace days as covered", async () => {
		const days = ["2026-06-07", "2026-06-08", "2026-06-09"];
		const { prompts } = await ask([range(undefined)], { days, graceDays: 1 });
		expect(prompts.ranges[0]?.rows[0]?.detail).toBe("2 files · 2.0 kB · 7–8 Jun");
	});

	it("is the first of three steps, with nothing selected", async () => {
		const { prompts } = await ask([range(undefined)]);
		expect(prompts.ranges[0]).toMatchObject({ step: 1, totalSteps: 3, selected: undefined });
	});

	it("throws if the files cannot be listed", async () => {
		const exporter = { ...addon, listTelemetryFiles: () => Promise.reject(new Error("EACCES")) };
		await expect(ask([], { exporter })).rejects.toThrow("EACCES");
	});
});

describe("a preset, a format and a target", () => {
	it("are exported as chosen", async () => {
		const { choice, prompts } = await ask([
			range("last7Days"),
			format("otlp"),
			redaction("none"),
			target("/exports/week.zip"),
		]);
		expect(choice).toEqual({
			range: addon.resolveRange("last7Days", now),
			format: formatOf("otlp"),
			redact: "none",
			target: fileTarget("/exports/week.zip"),
		});
		expect(prompts.asked).toEqual(["range", "format", "redaction", "target"]);
	});

	it("have a window that ends when the questions began", async () => {
		const { choice } = await ask([
			range("last24Hours"),
			format("json"),
			redaction("none"),
			target("/day.json"),
		]);
		expect(choice?.range).toMatchObject({
			startMs: Date.parse("2026-06-06T23:55:00Z"),
			endMs: Date.parse("2026-06-07T23:55:00Z"),
		});
	});

	it("have the same window in the listing, the file name and the export", async () => {
		const listed: unknown[] = [];
		const named: unknown[] = [];
		const exporter: Exporter = {
			...addon,
			listTelemetryFiles: (directory, window, graceDays) => {
				listed.push([directory, window, graceDays]);
				return addon.listTelemetryFiles(directory, window, graceDays);
			},
			suggestedFileName: (window, ...rest) => {
				named.push(window);
				return addon.suggestedFileName(window, ...rest);
			},
		};
		const script = [range("last24Hours"), format("json"), redaction("none"), target("/day.json")];
		const { choice, directory } = await ask(script, { exporter, graceDays: 3 });
		expect(listed).toContainEqual([directory, choice?.range, 3]);
		expect(named).toEqual([choice?.range]);
	});

	it("need three numbered questions, of which the format is the second", async () => {
		const { prompts } = await ask([
			range("last7Days"),
			format("json"),
			redaction("none"),
			target("/week.json"),
		]);
		expect(prompts.formats[0]).toEqual({
			step: 2,
			totalSteps: 3,
			rows: formats,
			preview: previewRow,
			placeholder: "Last 7 days: 3 files · 3.0 kB · 1–7 Jun",
			selected: undefined,
		});
	});

	it.each([
		{ id: "json", fileName: "coder-telemetry-last-7-days-2026-06-07.json" },
		{ id: "otlp", fileName: "coder-telemetry-last-7-days-2026-06-07.otlp.zip" },
		{ id: "html", fileName: "coder-telemetry-last-7-days-2026-06-07.html" },
	] as const)("suggest $fileName in the first folder", async ({ id, fileName }) => {
		const { prompts } = await ask([range("last7Days"), format(id), redaction("none"), target("/week")]);
		expect(prompts.targets).toEqual([{ folder: "/home/kim", fileName, format: formatOf(id) }]);
	});
});

describe("a custom range", () => {
	const custom = [range("custom"), date("2026-06-01"), date("2026-06-03")];

	it("includes both days whole", async () => {
		const { choice } = await ask([...custom, format("json"), redaction("none"), target("/june.json")]);
		expect(choice?.range).toEqual(addon.resolveRange("2026-06-01..2026-06-03"));
	});

	it("is asked for in five steps", async () => {
		const { prompts } = await ask([...custom, format("json"), redaction("none"), target("/june.json")]);
		expect(prompts.asked).toEqual(["range", "date", "date", "format", "redaction", "target"]);
		expect(prompts.dates).toMatchObject([
			{ step: 2, totalSteps: 5, title: "Start Date" },
			{ step: 3, totalSteps: 5, title: "End Date" },
		]);
		expect(prompts.formats).toMatchObject([{ step: 4, totalSteps: 5 }]);
		expect(prompts.redactions).toMatchObject([{ step: 5, totalSteps: 5 }]);
	});

	it("shows its coverage in the question for the format", async () => {
		const { prompts } = await ask([...custom, format(undefined)]);
		expect(prompts.formats[0]?.placeholder).toBe("2026-06-01 to 2026-06-03: 2 files · 2.0 kB · 1–2 Jun");
	});

	it("counts the files of the grace days as covered", async () => {
		const days = ["2026-05-31", "2026-06-02", "2026-06-04", "2026-06-05"];
		const { prompts } = await ask([...custom, format(undefined)], { days, graceDays: 1 });
		expect(prompts.formats[0]?.placeholder).toBe("2026-06-01 to 2026-06-03: 2 files · 2.0 kB · 2–4 Jun");
	});

	it("can be a single day", async () => {
		const { prompts } = await ask([
			range("custom"),
			date("2026-06-02"),
			date("2026-06-02"),
			format("json"),
			redaction("none"),
			target("/day.json"),
		]);
		expect(prompts.targets[0]?.fileName).toBe("coder-telemetry-2026-06-02.json");
	});

	it("has its days in the suggested file name", async () => {
		const { prompts } = await ask([...custom, format("otlp"), redaction("none"), target("/june.zip")]);
		expect(prompts.targets[0]?.fileName).toBe("coder-telemetry-2026-06-01-to-2026-06-03.otlp.zip");
	});
});

describe("the question for the redaction", () => {
	it.each(formats)("is asked for the format $format, as the last of three steps", async (chosen) => {
		const { choice, prompts } = await ask([
			range("last7Days"),
			format(chosen.format),
			redaction("unknown"),
			target("/week"),
		]);
		expect(prompts.redactions).toEqual([
			{ step: 3, totalSteps: 3, rows: redactionLevels, placeholder: `${chosen.label}, Last 7 days` },
		]);
		expect(choice).toMatchObject({ format: chosen, redact: "unknown" });
	});

	it.each([
		{ id: "json", level: "marked", fileName: "coder-telemetry-last-7-days-2026-06-07.redacted.json" },
		{ id: "otlp", level: "unknown", fileName: "coder-telemetry-last-7-days-2026-06-07.redacted.otlp.zip" },
		{ id: "html", level: "marked", fileName: "coder-telemetry-last-7-days-2026-06-07.redacted.html" },
		{ id: "json", level: "none", fileName: "coder-telemetry-last-7-days-2026-06-07.json" },
	] as const)("leads to the file name $fileName", async ({ id, level, fileName }) => {
		const { prompts } = await ask([range("last7Days"), format(id), redaction(level), target("/week")]);
		expect(prompts.targets).toEqual([{ folder: "/home/kim", fileName, format: formatOf(id) }]);
	});

	it.each([
		{ redact: "marked", fileName: "coder-telemetry-last-7-days-2026-06-07.redacted.otlp.zip" },
		{ redact: "unknown", fileName: "coder-telemetry-last-7-days-2026-06-07.redacted.otlp.zip" },
		{ redact: "none", fileName: "coder-telemetry-last-7-days-2026-06-07.otlp.zip" },
	] as const)("is not asked if the setting is $redact", async ({ redact, fileName }) => {
		const script = [range("last7Days"), format("otlp"), target("/week.zip")];
		const { choice, prompts } = await ask(script, { redact });
		expect(prompts.asked).toEqual(["range", "format", "target"]);
		expect(prompts.ranges).toMatchObject([{ step: 1, totalSteps: 2 }]);
		expect(prompts.formats).toMatchObject([{ step: 2, totalSteps: 2 }]);
		expect(prompts.targets).toMatchObject([{ fileName }]);
		expect(choice?.redact).toBe(redact);
	});

	it("is not counted as a step of a custom range if a setting answers it", async () => {
		const script = [range("custom"), date("2026-06-01"), date("2026-06-03"), format(undefined)];
		const { prompts } = await ask(script, { redact: "marked" });
		expect(prompts.dates).toMatchObject([{ totalSteps: 4 }, { totalSteps: 4 }]);
		expect(prompts.formats).toMatchObject([{ step: 4, totalSteps: 4 }]);
	});
});

describe("a preview", () => {
	it("has the chosen range, and the format is asked again afterwards", async () => {
		const script = [
			range("last7Days"),
			format("preview"),
			format("json"),
			redaction("none"),
			target("/week.json"),
		];
		const { choice, prompts, previewed } = await ask(script);
		expect(previewed).toEqual([choice?.range]);
		expect(prompts.asked).toEqual(["range", "format", "format", "redaction", "target"]);
		expect(prompts.formats[1]).toEqual(prompts.formats[0]);
	});

	it("can be repeated", async () => {
		const script = [range("allTime"), format("preview"), format("preview"), format(undefined)];
		const { choice, previewed } = await ask(script);
		expect(choice).toBeUndefined();
		expect(previewed.map(({ label }) => label)).toEqual(["All time", "All time"]);
	});

	it("keeps the way back, so that another range can be previewed", async () => {
		const { choice, previewed } = await ask([
			range("last7Days"),
			format("preview"),
			format(back),
			range("last24Hours"),
			format("preview"),
			format("otlp"),
			redaction("none"),
			target("/day.zip"),
		]);
		expect(previewed.map(({ label }) => label)).toEqual(["Last 7 days", "Last 24 hours"]);
		expect(choice).toMatchObject({ range: previewed[1], format: { format: "otlp" } });
	});

	it("is not followed by a question if the questions were ended meanwhile", async () => {
		const script = [range("last7Days"), format("preview")];
		const { choice, prompts } = await ask(script, { leavesAtPreview: true });
		expect(choice).toBeUndefined();
		expect(prompts.asked).toEqual(["range", "format"]);
	});

	it("of a custom range leads back to the end date", async () => {
		const { prompts, previewed } = await ask([
			range("custom"),
			date("2026-06-01"),
			date("2026-06-03"),
			format("preview"),
			format(back),
			date(undefined),
		]);
		expect(previewed).toEqual([addon.resolveRange("2026-06-01..2026-06-03")]);
		expect(prompts.formats[1]).toMatchObject({ step: 4, totalSteps: 5 });
		expect(prompts.dates.at(-1)).toMatchObject({ title: "End Date", initialValue: "2026-06-03" });
	});
});

describe("the dates of a custom range", () => {
	it("are today by default, in UTC", async () => {
		const { prompts } = await ask([range("custom"), date("2026-06-01"), date(undefined)]);
		expect(prompts.dates).toMatchObject([
			{
				initialValue: "2026-06-07",
				prompt: "First day to export (UTC, inclusive). Today is 2026-06-07.",
			},
			{
				initialValue: "2026-06-07",
				prompt: "Last day to export (UTC, inclusive). Today is 2026-06-07.",
			},
		]);
	});

	it("default to an end that is not before the start, even if the start is after today", async () => {
		const { prompts } = await ask([range("custom"), date("2026-06-20"), date(undefined)]);
		expect(prompts.dates[1]?.initialValue).toBe("2026-06-20");
	});

	it.each([
		{ text: "2026-06-1", message: "Use YYYY-MM-DD." },
		{ text: "", message: "Use YYYY-MM-DD." },
		{ text: "2026-02-30", message: "Enter a valid calendar date." },
		{ text: "2026-06-03", message: undefined },
		{ text: "2026-06-30", message: undefined },
	])("are validated while the user types: $text gives $message", async ({ text, message }) => {
		const { prompts } = await ask([range("custom"), date("2026-06-03"), date(undefined)]);
		expect(prompts.dates.map(({ validate }) => validate(text))).toEqual([message, message]);
	});

	it("must not end before they start", async () => {
		const { prompts } = await ask([range("custom"), date("2026-06-03"), date(undefined)]);
		expect(prompts.dates.map(({ validate }) => validate("2026-06-02"))).toEqual([
			undefined,
			"End date must be on or after start date.",
		]);
	});
});

describe("leaving", () => {
	it.each<{ at: string; script: ScriptedAnswer[] }>([
		{ at: "the range", script: [range(undefined)] },
		{ at: "the start date", script: [range("custom"), date(undefined)] },
		{ at: "the end date", script: [range("custom"), date("2026-06-01"), date(undefined)] },
		{ at: "the format", script: [range("allTime"), format(undefined)] },
		{
			at: "the format of a custom range",
			script: [range("custom"), date("2026-06-01"), date("2026-06-01"), format(undefined)],
		},
		{ at: "the redaction", script: [range("allTime"), format("json"), redaction(undefined)] },
		{ at: "the target", script: [range("allTime"), format("json"), redaction("none"), target(undefined)] },
	])("at $at ends the questions without a choice", async ({ script }) => {
		const { choice, prompts } = await ask(script);
		expect(choice).toBeUndefined();
		expect(prompts.asked).toHaveLength(script.length);
	});
});

describe("going back", () => {
	it("from the format of a preset leads to the range, with the preset selected", async () => {
		const { choice, prompts } = await ask([
			range("last7Days"),
			format(back),
			range("last30Days"),
			format("json"),
			redaction("none"),
			target("/month.json"),
		]);
		expect(prompts.ranges[1]).toMatchObject({ step: 1, totalSteps: 3, selected: "last7Days" });
		expect(choice?.range).toEqual(addon.resolveRange("last30Days", now));
	});

	it("from the redaction leads to the format, with the previous answer and the same way back", async () => {
		const { choice, prompts } = await ask([
			range("custom"),
			date("2026-06-01"),
			date("2026-06-03"),
			format("otlp"),
			redaction(back),
			format(back),
			date("2026-06-02"),
			format("html"),
			redaction("marked"),
			target("/june.html"),
		]);
		expect(prompts.formats).toMatchObject([
			{ step: 4, totalSteps: 5, selected: undefined },
			{ step: 4, totalSteps: 5, selected: formatOf("otlp") },
			{ step: 4, totalSteps: 5, selected: formatOf("otlp") },
		]);
		expect(prompts.dates.at(-1)).toMatchObject({ title: "End Date" });
		expect(choice).toMatchObject({
			range: addon.resolveRange("2026-06-01..2026-06-02"),
			format: formatOf("html"),
			redact: "marked",
		});
	});

	it("from the start date leads to the range, which is now the first of five", async () => {
		const { prompts } = await ask([range("custom"), date(back), range(undefined)]);
		expect(prompts.ranges[1]).toMatchObject({ step: 1, totalSteps: 5, selected: "custom" });
	});

	it("from the end date leads to the start date, with the previous answer", async () => {
		const { prompts } = await ask([range("custom"), date("2026-06-01"), date(back), date(undefined)]);
		expect(prompts.asked).toEqual(["range", "date", "date", "date"]);
		expect(prompts.dates[2]).toMatchObject({ title: "Start Date", step: 2, initialValue: "2026-06-01" });
	});

	it("from the format of a custom range leads to the end date, with the previous answer", async () => {
		const { prompts } = await ask([
			range("custom"),
			date("2026-06-01"),
			date("2026-06-03"),
			format(back),
			date(undefined),
		]);
		expect(prompts.dates[2]).toMatchObject({ title: "End Date", step: 3, initialValue: "2026-06-03" });
		expect(prompts.dates[2]?.validate("2026-05-31")).toBe("End date must be on or after start date.");
	});

	it("keeps the end date, unless it is before a new start date", async () => {
		const { choice, prompts } = await ask([
			range("custom"),
			date("2026-06-01"),
			date("2026-06-03"),
			format(back),
			date(back),
			date("2026-06-05"),
			date("2026-06-06"),
			format("json"),
			redaction("none"),
			target("/june.json"),
		]);
		expect(prompts.dates.map(({ initialValue }) => initialValue)).toEqual([
			"2026-06-07",
			"2026-06-07",
			"2026-06-03",
			"2026-06-01",
			"2026-06-05",
		]);
		expect(choice?.range).toEqual(addon.resolveRange("2026-06-05..2026-06-06"));
	});

	it("keeps the dates of a custom range after a preset was tried", async () => {
		const { prompts } = await ask([
			range("custom"),
			date("2026-06-01"),
			date(back),
			date(back),
			range("last7Days"),
			format(back),
			range("custom"),
			date(undefined),
		]);
		expect(prompts.ranges.map(({ totalSteps }) => totalSteps)).toEqual([3, 5, 3]);
		expect(prompts.dates.at(-1)?.initialValue).toBe("2026-06-01");
	});

	it("exports the preset if the user went back from a custom range and chose one", async () => {
		const { choice } = await ask([
			range("custom"),
			date("2026-06-01"),
			date("2026-06-03"),
			format(back),
			date(back),
			date(back),
			range("allTime"),
			format("json"),
			redaction("none"),
			target("/all.json"),
		]);
		expect(choice?.range).toEqual(addon.resolveRange("allTime", now));
	});
});
