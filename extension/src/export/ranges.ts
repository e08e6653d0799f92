import type { ExportRange, RangePreset, ResolvedRange } from "coder-telemetry-export";
import { describeCoverage } from "./coverage.js";
import type { Exporter } from "./exporter.js";

/** The presets in the order in which they are offered. */
const presets: readonly RangePreset[] = ["last24Hours", "last7Days", "last30Days", "allTime"];

/** Where telemetry is looked for, and when. */
export interface RangeContext {
	readonly exporter: Exporter;
	/** The telemetry directory. */
	readonly directory: string;
	readonly graceDays: number | undefined;
	/** The moment that rolling ranges end at and whose UTC day is today. */
	readonly now: Date;
}

/** A range with what it covers, by the names and sizes of its files. */
export interface CoveredRange {
	readonly range: ResolvedRange;
	readonly fileCount: number;
	/** In words. */
	readonly coverage: string;
}

export interface PresetRange extends CoveredRange {
	readonly preset: RangePreset;
}

/** @returns every preset with what it covers; nothing where there is no telemetry at all */
export async function coverPresets(context: RangeContext): Promise<readonly PresetRange[] | undefined> {
	try {
		const ranges = await Promise.all(
			presets.map(async (preset) => ({ preset, ...(await cover(preset, context)) })),
		);
		return ranges.some(({ fileCount }) => fileCount > 0) ? ranges : undefined;
	} catch (error) {
		// Where nobody has recorded anything yet, the directory is missing too.
		if ((error as { osCode?: unknown }).osCode === "ENOENT") {
			return undefined;
		}
		throw error;
	}
}

/**
 * Pins a range to the moment of the questions, so that what is shown, the name of the file and what is exported
 * are of one window, and says which files it has.
 */
export async function cover(
	range: ExportRange,
	{ exporter, directory, graceDays, now }: RangeContext,
): Promise<CoveredRange> {
	const resolved = exporter.resolveRange(range, now);
	const files = await exporter.listTelemetryFiles(directory, resolved, graceDays);
	return { range: resolved, fileCount: files.length, coverage: describeCoverage(files, now) };
}
