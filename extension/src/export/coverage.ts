import type { TelemetryFile } from "coder-telemetry-export";
import { formatByteSize } from "coder-telemetry-export/bin/byte-size.js";
import { counted } from "coder-telemetry-export/bin/summary-text.js";

/**
 * Describes what a range covers, by the names and sizes of its files.
 *
 * @param files The files that the range selects, in order of date.
 * @param today Years are left out if all days are in the year of this day.
 * @returns such as `12 files · 3.4 MB · 1–7 Jun`
 */
export function describeCoverage(files: readonly TelemetryFile[], today: Date): string {
	const first = files.at(0);
	const last = files.at(-1);
	if (first === undefined || last === undefined) {
		return "No files in this range";
	}
	const bytes = files.reduce((sum, { size }) => sum + size, 0);
	const days = describeDays(new Date(first.date), new Date(last.date), today);
	return [counted(files.length, "file"), formatByteSize(bytes, 1), days].join(" · ");
}

/** @returns such as `7 Jun`, `1–7 Jun`, `28 May – 7 Jun` or `28 Dec 2025 – 3 Jan 2026`; days are in UTC */
function describeDays(first: Date, last: Date, today: Date): string {
	const year = today.getUTCFullYear();
	const withYear = first.getUTCFullYear() !== year || last.getUTCFullYear() !== year;
	const lastDay = describeDay(last, withYear);
	if (first.getTime() === last.getTime()) {
		return lastDay;
	}
	const isSameMonth =
		first.getUTCFullYear() === last.getUTCFullYear() && first.getUTCMonth() === last.getUTCMonth();
	return isSameMonth ? `${first.getUTCDate()}–${lastDay}` : `${describeDay(first, withYear)} – ${lastDay}`;
}

const monthName = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" });

function describeDay(day: Date, withYear: boolean): string {
	const name = `${day.getUTCDate()} ${monthName.format(day)}`;
	return withYear ? `${name} ${day.getUTCFullYear()}` : name;
}
