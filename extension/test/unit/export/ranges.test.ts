import { writeFileSync } from "node:fs";
import * as path from "node:path";
import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { findCoverage, findPresetCoverage } from "../../../src/export/ranges.js";
import { folderWithFilesOf, temporaryFolder } from "../../mocks/temporaryFolder.js";

const now = new Date("2031-06-07T12:00:00Z");

/** The context of a telemetry directory with a file for each day. */
function contextWith(...days: string[]) {
	const directory = days.length > 0 ? folderWithFilesOf(...days) : temporaryFolder();
	return { exporter: addon, directory, graceDays: undefined, now };
}

describe("a covered range", () => {
	it("names the year of its files if it is not the current one", async () => {
		const { coverage } = await findCoverage("allTime", contextWith("2026-06-01"));
		expect(coverage).toBe("1 file · 1.0 kB · 1 Jun 2026");
	});

	it("ends at the time of the questions", async () => {
		const { range } = await findCoverage("last7Days", contextWith());
		expect(range).toEqual(addon.resolveRange("last7Days", now));
	});
});

describe("the presets", () => {
	it("are all offered if there is a file of any day", async () => {
		const ranges = await findPresetCoverage(contextWith("2026-06-01"));
		expect(ranges?.map(({ preset, fileCount }) => [preset, fileCount])).toEqual([
			["last24Hours", 0],
			["last7Days", 0],
			["last30Days", 0],
			["allTime", 1],
		]);
	});

	it("are not offered if there is no telemetry file", async () => {
		expect(await findPresetCoverage(contextWith())).toBeUndefined();
	});

	it("are not offered if there is no directory", async () => {
		const context = { ...contextWith(), directory: path.join(temporaryFolder(), "missing") };
		expect(await findPresetCoverage(context)).toBeUndefined();
	});

	it("throw the error of the addon if the directory is a file", async () => {
		const file = path.join(temporaryFolder(), "telemetry");
		writeFileSync(file, "a file where a directory should be");
		const context = { ...contextWith(), directory: file };
		await expect(findPresetCoverage(context)).rejects.toMatchObject({
			code: "ERR_TELEMETRY_DIR",
			osCode: "ENOTDIR",
		});
	});
});
