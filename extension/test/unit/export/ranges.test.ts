import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { cover, coverPresets } from "../../../src/export/ranges.js";
import { folderWithFilesOf, temporaryFolder } from "../../mocks/temporaryFolder.js";

const now = new Date("2031-06-07T12:00:00Z");

/** A telemetry directory with a file of each day. */
function contextWith(...days: string[]) {
	const directory = days.length > 0 ? folderWithFilesOf(...days) : temporaryFolder();
	return { exporter: addon, directory, graceDays: undefined, now };
}

describe("a covered range", () => {
	it("names the year of files that are not of this one", async () => {
		const { coverage } = await cover("allTime", contextWith("2026-06-01"));
		expect(coverage).toBe("1 file · 1.0 kB · 1 Jun 2026");
	});

	it("is pinned to the moment of the questions", async () => {
		const { range } = await cover("last7Days", contextWith());
		expect(range).toEqual(addon.resolveRange("last7Days", now));
	});
});

describe("the presets", () => {
	it("are each covered where there is a file of any day", async () => {
		const ranges = await coverPresets(contextWith("2026-06-01"));
		expect(ranges?.map(({ preset, fileCount }) => [preset, fileCount])).toEqual([
			["last24Hours", 0],
			["last7Days", 0],
			["last30Days", 0],
			["allTime", 1],
		]);
	});

	it("are not offered where there is no telemetry file", async () => {
		expect(await coverPresets(contextWith())).toBeUndefined();
	});

	it("are not offered where there is no directory", async () => {
		const context = { ...contextWith(), directory: "/no/such/directory" };
		expect(await coverPresets(context)).toBeUndefined();
	});

	it("fail in the addon's words where the directory is none", async () => {
		const context = { ...contextWith(), directory: "/dev/null" };
		await expect(coverPresets(context)).rejects.toMatchObject({
			code: "ERR_TELEMETRY_DIR",
			osCode: "ENOTDIR",
		});
	});
});
