import type { ExportSummary } from "coder-telemetry-export";

/** @returns the summary of an export of two events in one file, with overrides */
export function summaryOf(overrides: Partial<ExportSummary> = {}): ExportSummary {
	return {
		eventCount: 2,
		files: 1,
		bytesRead: 1500,
		bytesWritten: 1200,
		linesRead: 3,
		outOfRange: 0,
		headers: 1,
		blankLines: 0,
		badLines: 0,
		badLineSamples: [],
		skippedFiles: [],
		warnings: [],
		omitted: { badLineSamples: 0, skippedFiles: 0, warnings: 0 },
		...overrides,
	};
}
