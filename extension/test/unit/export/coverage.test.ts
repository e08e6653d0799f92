import type { TelemetryFile } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { describeCoverage } from "../../../src/export/coverage.js";

const inJune = new Date("2026-06-07T12:00:00Z");

/** @returns a file of `size` bytes for each day */
function filesOf(days: string[], size = 1000): TelemetryFile[] {
	return days.map((date) => ({ name: `telemetry-${date}-aa.jsonl`, date, session: "aa", part: 0, size }));
}

/** @returns the description of the days, if today is this day */
function describeDays(first: string, last: string, today = inJune): string | undefined {
	return describeCoverage(filesOf([first, last]), today).split(" · ")[2];
}

describe("the coverage of a range", () => {
	it("has the number of files, their size and their days", () => {
		const files = filesOf(["2026-06-01", "2026-06-01", "2026-06-04", "2026-06-07"], 856_000);
		expect(describeCoverage(files, inJune)).toBe("4 files · 3.4 MB · 1–7 Jun");
	});

	it("has one file in the singular", () => {
		expect(describeCoverage(filesOf(["2026-06-01"], 900), inJune)).toBe("1 file · 900 B · 1 Jun");
	});

	it("has a comma in thousands of files", () => {
		const files = filesOf(Array(1049).fill("2026-06-01"));
		expect(describeCoverage(files, inJune)).toBe("1,049 files · 1.0 MB · 1 Jun");
	});

	it("says that there are no files", () => {
		expect(describeCoverage([], inJune)).toBe("No files in this range");
	});
});

describe("the days that a range covers", () => {
	it.each([
		{ first: "2026-06-07", last: "2026-06-07", days: "7 Jun" },
		{ first: "2026-06-01", last: "2026-06-30", days: "1–30 Jun" },
		{ first: "2026-05-28", last: "2026-06-07", days: "28 May – 7 Jun" },
		{ first: "2025-12-28", last: "2026-01-03", days: "28 Dec 2025 – 3 Jan 2026" },
		{ first: "2025-06-01", last: "2026-06-07", days: "1 Jun 2025 – 7 Jun 2026" },
		{ first: "2025-06-07", last: "2025-06-07", days: "7 Jun 2025" },
		{ first: "2025-06-01", last: "2025-06-07", days: "1–7 Jun 2025" },
		{ first: "2025-05-28", last: "2025-06-07", days: "28 May 2025 – 7 Jun 2025" },
		{ first: "2026-06-07", last: "2027-06-07", days: "7 Jun 2026 – 7 Jun 2027" },
	])("from $first to $last are $days", ({ first, last, days }) => {
		expect(describeDays(first, last)).toBe(days);
	});

	it("are UTC days, even if the local day is the day before", () => {
		expect(new Date("2026-06-01").getDate(), "the day before, in the tests' time zone").toBe(31);
		expect(describeDays("2026-06-01", "2026-06-01")).toBe("1 Jun");
	});

	it("have no year if they are in the current UTC year", () => {
		// In the tests' time zone this is still 2025.
		expect(describeDays("2026-01-01", "2026-01-01", new Date("2026-01-01T01:00:00Z"))).toBe("1 Jan");
	});
});
