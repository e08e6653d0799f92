import type { ExportRange, RangePreset, ResolvedRange } from "coder-telemetry-export";
import { describeCoverage } from "./coverage.js";
import type { Exporter } from "./exporter.js";

/** The presets, in the order of the quick pick. */
const presets: readonly RangePreset[] = ["last24Hours", "last7Days", "last30Days", "allTime"];

export interface RangeContext {
	readonly exporter: Exporter;
	/** The telemetry directory. */
	readonly directory: string;
	readonly graceDays: number | undefined;
	/** The end of rolling ranges. Its UTC day is today. */
	readonly now: Date;
}

/** A range and what it covers, by the names and sizes of its files. */
export interface CoveredRange {
	readonly range: ResolvedRange;
	readonly fileCount: number;
	/** Such as `12 files · 3.4 MB · 1–7 Jun`. */
	readonly coverage: string;
}

export interface PresetRange extends CoveredRange {
	readonly preset: RangePreset;
}

/** @returns every preset and what it covers; undefined if there is no telemetry at all */
export async function findPresetCoverage(context: RangeContext): Promise<readonly PresetRange[] | undefined> {
	try {
		const ranges = await Promise.all(
			presets.map(async (preset) => ({ preset, ...(await findCoverage(preset, context)) })),
		);
		return ranges.some(({ fileCount }) => fileCount > 0) ? ranges : undefined;
	} catch (error) {
		// The directory does not exist until the first event is recorded.
		if ((error as { osCode?: unknown }).osCode === "ENOENT") {
			return undefined;
		}
		throw error;
	}
}

/**
 * Resolves a range at the time of the questions, so that the coverage, the file name and the export have the same window.
 */
export async function findCoverage(
	range: ExportRange,
	{ exporter, directory, graceDays, now }: RangeContext,
): Promise<CoveredRange> {
	const resolved = exporter.resolveRange(range, now);
	const files = await exporter.listTelemetryFiles(directory, resolved, graceDays);
	return { range: resolved, fileCount: files.length, coverage: describeCoverage(files, now) };
}
