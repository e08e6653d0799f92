/**
 * Tests the types for callers in TypeScript. Nothing here runs: `tsc --noEmit` must accept this file, and every
 * `@ts-expect-error` must be an error.
 */

import {
	type ExportFormat,
	type ExportOptions,
	type ExportSummary,
	exportTelemetry,
	listTelemetryFiles,
	resolveRange,
	suggestedFileName,
	validateDate,
} from "../index.js";

const options: ExportOptions = {
	signal: AbortSignal.timeout(1000),
	onProgress({ phase, bytesDone, bytesTotal, events }) {
		const known: "reading" | "finishing" = phase;
		const sum: number = bytesDone + bytesTotal + events;
		return void [known, sum];
	},
	temporality: "cumulative",
	spanName: "full",
	maxRequestBytes: 900_000,
	compressionLevel: 1,
	graceDays: 1,
	overwrite: false,
	threads: 2,
};

export async function everyFunctionTakesWhatItsDocumentationSays(): Promise<void> {
	const summary: ExportSummary = await exportTelemetry("dir", "last7Days", "otlp", "out.zip", options);
	await exportTelemetry("dir", "2026-05-12..2026-05-13", "json", "out.json");
	const format: "json" | "otlp" | "html" = "html" satisfies ExportFormat;
	await exportTelemetry("dir", "allTime", format, "out.html", { spanName: "full" });
	await exportTelemetry(
		"dir",
		{ startMs: 0, endMs: null, label: "l", filenamePart: "f" },
		"json",
		"out.json",
	);

	const files: { name: string; date: string; session: string; part: number; size: number }[] =
		await listTelemetryFiles("dir", "allTime", 1);
	const message: string | undefined = validateDate("2026-05-12");
	const name: string = suggestedFileName({ startMs: 0 }, "otlp") + suggestedFileName("allTime", "html");
	const { label, filenamePart }: { label: string; filenamePart: string } = resolveRange(
		"allTime",
		new Date(),
	);
	resolveRange("allTime", 1_780_000_000_000);
	void [summary, files, message, name, label, filenamePart];
}

export function aSummaryCountsEverything(summary: ExportSummary): number {
	const { eventCount, outOfRange, headers, blankLines, badLines } = summary;
	const { bytesRead, bytesWritten, files, linesRead, omitted } = summary;
	const lists: [string, string | number][] = [
		...summary.badLineSamples.map(({ file, line }): [string, number] => [file, line]),
		...summary.skippedFiles.map(({ file, reason }): [string, string] => [file, reason]),
		...summary.warnings.map((warning): [string, string] => [warning, ""]),
	];
	// Only in OTLP exports.
	const records: number | undefined = summary.records?.metrics;
	const parts: { file: string; records: number; bytes: number }[] | undefined = summary.parts;
	void [lists, records, parts, bytesRead, bytesWritten, files, linesRead, omitted.badLineSamples];
	// Also in reports.
	const bySignal: (number | undefined)[] = [summary.logs, summary.traces, summary.metrics];
	const dropped: number | undefined = summary.droppedPoints;
	void [bySignal, dropped];
	return eventCount + outOfRange + headers + blankLines + badLines;
}

declare function summaryOf(): ExportSummary;

export function mistakesAreFoundByTheCompiler(): void {
	// @ts-expect-error: there are three formats
	void exportTelemetry("dir", "allTime", "csv", "out");
	// @ts-expect-error: an export needs a target
	void exportTelemetry("dir", "allTime", "json");
	// @ts-expect-error: a bound is a number
	void exportTelemetry("dir", { startMs: "2026-05-12" }, "json", "out");
	// @ts-expect-error: a format is not a file extension
	void suggestedFileName("allTime", "otlp.zip");
	// @ts-expect-error: a JSON export may not count signals
	void (summaryOf().logs satisfies number);
	// @ts-expect-error: there are two temporalities
	void exportTelemetry("dir", "allTime", "otlp", "out", { temporality: "both" });
	// @ts-expect-error: an unknown option
	void exportTelemetry("dir", "allTime", "otlp", "out", { compression: 3 });
	// @ts-expect-error: a promise is not a summary
	void exportTelemetry("dir", "allTime", "json", "out").eventCount;
	// @ts-expect-error: the message is text
	void (validateDate("2026-05-12") satisfies number);
}
