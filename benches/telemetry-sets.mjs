/** The telemetry that the benchmark exports. It is generated once, the same on every machine, and kept for later runs. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import { fingerprint } from "../scripts/telemetry/fingerprint.mjs";
import {
	writeBadLines,
	writeDistinctValues,
	writeLongLines,
	writeManyStreams,
	writeShortSessions,
	writeWideLine,
	writeWideRows,
} from "./extreme-telemetry.mjs";
import { formats, mainSet } from "./process-cases.mjs";

const home = path.join(repository, ".bench-data");
const markerFile = "made.json";
/** Lower limit of scaling. In smaller sets, the mix of rows would differ from the large sets. */
const leastBytes = 100_000;

/**
 * Telemetry to export.
 *
 * @typedef {object} TelemetrySet
 * @property {string} name
 * @property {string} label for the report
 * @property {string} directory
 * @property {number} bytes
 * @property {number} files
 * @property {number} events
 * @property {readonly ExportKind[]} exports the exports that are measured as whole processes
 * @property {boolean} extreme whether no editor writes such telemetry; it then has its own bound on memory
 * @property {number} longestLine bytes; 0 if lines are ordinary
 * @property {number} streams metric streams of the only session; 0 if their number is ordinary
 * @property {number} totals running totals of the only session in a cumulative export; 0 if their number is ordinary
 * @property {number} sessions 0 if their number is ordinary
 */

/** @typedef {import("./process-cases.mjs").ExportKind} ExportKind */

/** @typedef {import("../scripts/generate-telemetry.mjs").Plan} Plan */
/** @typedef {Pick<TelemetrySet, "bytes" | "files" | "events"> & Partial<TelemetrySet>} Written */

/**
 * @typedef {object} Recipe
 * @property {string} name
 * @property {string} label
 * @property {readonly ExportKind[]} exports
 * @property {object} plan a set is written again if its plan changes
 * @property {(directory: string) => Written} write
 */

/** An ordinary directory: thirty days with eight sessions each, two of them at any moment. */
const month = { days: 30, sessionsPerDay: 8, overlapping: 2 };
const oneSession = { days: 1, sessionsPerDay: 1, overlapping: 1 };
/** The exports of the main set. A redacted export follows the plain one that it is compared with. */
const plainAndRedacted = /** @type {const} */ ([
	"json",
	"json-redacted",
	"json-redacted-unknown",
	"otlp",
	"otlp-redacted",
	"html",
	"html-redacted",
]);
/** Exports of telemetry whose values are all different. */
const ofDistinctValues = /** @type {const} */ (["json", "json-redacted", "json-redacted-unknown"]);
/** Exports of telemetry with extreme metrics. */
const ofMetrics = /** @type {const} */ (["otlp", "otlp-cumulative"]);
/** Numbers of sessions in the sets that show how time grows. The first is the base. */
const sessionCounts = [20_000, 80_000, 200_000];
/** Lines that are bad for different reasons. Each character is one byte. */
const badLines = [
	{ name: "cut", label: "2-byte lines, {", line: "{" },
	{ name: "text", label: "2-byte lines, x", line: "x" },
	{ name: "utf8", label: "2-byte lines, invalid UTF-8", line: "\xff" },
	{
		name: "rows",
		label: "rows with a number as a property",
		line: '{"event_id":"00000000000000a1","event_name":"command.invoked","timestamp":"2026-06-01T08:00:00.000Z","event_sequence":0,"properties":{"attempt":1},"measurements":{},"deployment_url":"https://dev.coder.example.com"}',
	},
];

/**
 * @param {number} scale 1, or less for a trial of the benchmark itself
 * @returns {Recipe[]}
 */
function recipes(scale) {
	const sessions = Math.max(8, Math.round(3000 * scale));
	const wide = Math.round(900_000 * scale);
	const rowBytes = Math.max(leastBytes, Math.round(10e6 * scale));
	const values = Math.round(10e6 * scale);
	return [
		generated("10mb", "10 MB, 30 days", { bytes: 10e6, ...month }, scale),
		{
			...generated("100mb", "100 MB, 30 days", { bytes: 100e6, ...month }, scale),
			exports: plainAndRedacted,
		},
		generated("1000mb", "1,000 MB, 30 days", { bytes: 1000e6, ...month }, scale),
		generated("giant-parts", "one session, 5 MiB parts", { bytes: 100e6, ...oneSession }, scale),
		generated(
			"giant-file",
			"one session, one file",
			{ bytes: 100e6, ...oneSession, rotateAt: Number.POSITIVE_INFINITY },
			scale,
		),
		generated("overlap-1", "none overlapping", { bytes: 100e6, ...month, overlapping: 1 }, scale),
		generated("overlap-8", "8 overlapping", { bytes: 100e6, ...month, overlapping: 8 }, scale),
		generated(
			"3000-sessions",
			`${count(sessions)} sessions at once`,
			{ bytes: 100e6, days: 1, sessionsPerDay: sessions, overlapping: sessions },
			scale,
		),
		generated(
			"self-contained",
			"self-contained rows",
			{ bytes: 100e6, ...month, layout: "self-contained" },
			scale,
		),
		extreme("long-lines", "8 × a 16 MiB line", formats, writeLongLines, {
			sessions: 8,
			// Including the line feed, one byte shorter than the longest line that is read.
			longestLine: Math.round(16 * 2 ** 20 * scale) - 1,
		}),
		extreme("many-streams", "100,000 streams", formats, writeManyStreams, {
			streams: Math.round(100_000 * scale),
		}),
		extreme("wide-gauges", `a line of ${count(wide)} gauges`, ofMetrics, writeWideLine, {
			kind: "gauges",
			measurements: wide,
		}),
		extreme("wide-counters", `a line of ${count(wide)} counters`, ofMetrics, writeWideLine, {
			kind: "counters",
			measurements: wide,
		}),
		// 1,450 measurements take 30 kB.
		extreme("long-rows", "rows of 30 kB, all keys new", ofMetrics, writeWideRows, {
			bytes: rowBytes,
			measurements: 1450,
		}),
		extreme("new-keys", "rows of 20 measurements, all keys new", ofMetrics, writeWideRows, {
			bytes: rowBytes,
			measurements: 20,
		}),
		extreme("distinct-values", `${count(values)} e-mail addresses`, ofDistinctValues, writeDistinctValues, {
			values,
		}),
		...badLines.map(({ name, label, line }) =>
			extreme(`bad-${name}`, label, formats, writeBadLines, { bytes: rowBytes, line }),
		),
		...sessionCounts.map((sessions) => {
			const scaled = Math.round(sessions * scale);
			const label = `${count(scaled)} sessions of two events`;
			return extreme(`sessions-${sessions}`, label, ["json", "otlp"], writeShortSessions, {
				sessions: scaled,
			});
		}),
	];
}

/**
 * @param {string} name
 * @param {string} label
 * @param {Omit<Plan, "directory">} plan
 * @param {number} scale
 * @returns {Recipe}
 */
function generated(name, label, plan, scale) {
	const scaled = { ...plan, bytes: Math.max(leastBytes, Math.round(plan.bytes * scale)) };
	return {
		name,
		label,
		exports: formats,
		plan: scaled,
		write: (directory) => generateTelemetry({ ...scaled, directory }),
	};
}

/** @param {number} items */
function count(items) {
	return items.toLocaleString("en");
}

/**
 * @template {object} ExtremePlan
 * @param {string} name without the prefix `extreme-`
 * @param {string} label
 * @param {readonly ExportKind[]} exports
 * @param {(directory: string, plan: ExtremePlan) => Written} writer
 * @param {ExtremePlan} plan
 * @returns {Recipe}
 */
function extreme(name, label, exports, writer, plan) {
	return {
		name: `extreme-${name}`,
		label,
		exports,
		plan,
		write: (directory) => ({ ...writer(directory, plan), extreme: true }),
	};
}

/** The sets of a quick run, without those that take long to write or to export. */
export const quickSets = [
	"10mb",
	mainSet,
	"extreme-wide-gauges",
	"extreme-wide-counters",
	"extreme-long-rows",
	"extreme-new-keys",
	...badLines.map(({ name }) => `extreme-bad-${name}`),
];

/** The sets with sessions of two events each, the smallest first. */
export const shortSessionSets = sessionCounts.map((sessions) => `extreme-sessions-${sessions}`);

/** @returns {string[]} the names of all sets */
export function setNames() {
	return recipes(1).map(({ name }) => name);
}

/**
 * Returns the sets with the given names. Writes those that are missing or have another plan.
 *
 * @param {ReadonlySet<string>} names
 * @param {number} scale
 * @param {(message: string) => void} log
 * @returns {Map<string, TelemetrySet>}
 */
export function telemetrySets(names, scale, log) {
	// Sets of another scale are kept separately, so that the large ones need not be written again.
	const kept = path.join(home, scale === 1 ? "bench" : `bench-scale-${scale}`);
	const sets = new Map();
	for (const recipe of recipes(scale)) {
		if (names.has(recipe.name)) {
			sets.set(recipe.name, keptSet(recipe, path.join(kept, recipe.name), log));
		}
	}
	return sets;
}

/**
 * @param {number} scale
 * @returns {string} an empty directory for exports, on the disk of the checkout
 */
export function emptyOutputDirectory(scale) {
	const directory = path.join(home, `bench-output-${scale}`);
	rmSync(directory, { recursive: true, force: true });
	mkdirSync(directory, { recursive: true });
	return directory;
}

/**
 * @param {Recipe} recipe
 * @param {string} directory
 * @param {(message: string) => void} log
 * @returns {TelemetrySet}
 */
function keptSet({ name, label, exports, plan, write }, directory, log) {
	const marker = path.join(directory, markerFile);
	const wanted = fingerprint(plan, [path.join(repository, "benches", "extreme-telemetry.mjs")]);
	const made = existsSync(marker) ? JSON.parse(readFileSync(marker, "utf8")) : undefined;
	if (made?.fingerprint !== wanted) {
		log(`Writing the telemetry of ${name} …`);
		const unfinished = `${directory}.unfinished`;
		rmSync(unfinished, { recursive: true, force: true });
		rmSync(directory, { recursive: true, force: true });
		mkdirSync(unfinished, { recursive: true });
		const written = write(path.join(unfinished, "telemetry"));
		// Renamed at the end, so that a directory with the final name is complete.
		writeFileSync(path.join(unfinished, markerFile), JSON.stringify({ fingerprint: wanted, written }));
		renameSync(unfinished, directory);
	}
	const { written } = JSON.parse(readFileSync(marker, "utf8"));
	return {
		extreme: false,
		longestLine: 0,
		streams: 0,
		totals: 0,
		sessions: 0,
		...written,
		name,
		label,
		exports,
		directory: path.join(directory, "telemetry"),
	};
}
