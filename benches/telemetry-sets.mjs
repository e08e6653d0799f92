/** What the benchmark exports: telemetry generated once, the same on every machine, and kept for the next run. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import {
	writeBadLines,
	writeLongLines,
	writeManyStreams,
	writeShortSessions,
	writeWideLine,
	writeWideRows,
} from "./hostile-telemetry.mjs";
import { formats, mainSet } from "./process-cases.mjs";

const home = path.join(repository, ".bench-data");
const markerFile = "made.json";
/** The least that a set is scaled down to; below that the generator's rows are no longer those of the large sets. */
const leastBytes = 100_000;

/**
 * What there is to export.
 *
 * @typedef {object} TelemetrySet
 * @property {string} name
 * @property {string} label for the report
 * @property {string} directory
 * @property {number} bytes
 * @property {number} files
 * @property {number} events
 * @property {readonly ExportKind[]} exports the exports of it that are measured as whole processes
 * @property {boolean} hostile whether no editor writes such telemetry; memory then has a bound of its own
 * @property {number} longestLine bytes, if that is what is hostile
 * @property {number} streams metric streams of its one session, if that is what is hostile
 * @property {number} totals running totals of its one session in a cumulative export, if that is what is hostile
 * @property {number} sessions how many there are, if that is what is hostile
 */

/** @typedef {import("./process-cases.mjs").ExportKind} ExportKind */

/** @typedef {import("../scripts/generate-telemetry.mjs").Plan} Plan */
/** @typedef {Pick<TelemetrySet, "bytes" | "files" | "events"> & Partial<TelemetrySet>} Written */

/**
 * @typedef {object} Recipe
 * @property {string} name
 * @property {string} label
 * @property {readonly ExportKind[]} exports
 * @property {object} plan what is written; a set is written again when it changes
 * @property {(directory: string) => Written} write
 */

/** Thirty days of eight sessions, two of them at any moment: what an ordinary directory holds. */
const month = { days: 30, sessionsPerDay: 8, overlapping: 2 };
const oneSession = { days: 1, sessionsPerDay: 1, overlapping: 1 };
/** Exports of telemetry that is hostile for its metrics. */
const ofMetrics = /** @type {const} */ (["otlp", "otlp-cumulative"]);
/** How many sessions of two events each there are in the sets that show how time grows; the first is the base. */
const sessionCounts = [20_000, 80_000, 200_000];
/** Lines that are bad, each for another reason; characters are bytes. */
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
	return [
		generated("10mb", "10 MB, 30 days", { bytes: 10e6, ...month }, scale),
		generated("100mb", "100 MB, 30 days", { bytes: 100e6, ...month }, scale),
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
		hostile("long-lines", "8 × a 16 MiB line", formats, writeLongLines, {
			sessions: 8,
			// With its line feed one byte below the longest line that is read.
			longestLine: Math.round(16 * 2 ** 20 * scale) - 1,
		}),
		hostile("many-streams", "100,000 streams", formats, writeManyStreams, {
			streams: Math.round(100_000 * scale),
		}),
		hostile("wide-gauges", `a line of ${count(wide)} gauges`, ofMetrics, writeWideLine, {
			kind: "gauges",
			measurements: wide,
		}),
		hostile("wide-counters", `a line of ${count(wide)} counters`, ofMetrics, writeWideLine, {
			kind: "counters",
			measurements: wide,
		}),
		// 1,450 of them make 30 kB.
		hostile("long-rows", "rows of 30 kB, all keys new", ofMetrics, writeWideRows, {
			bytes: rowBytes,
			measurements: 1450,
		}),
		hostile("new-keys", "rows of 20 measurements, all keys new", ofMetrics, writeWideRows, {
			bytes: rowBytes,
			measurements: 20,
		}),
		...badLines.map(({ name, label, line }) =>
			hostile(`bad-${name}`, label, formats, writeBadLines, { bytes: rowBytes, line }),
		),
		...sessionCounts.map((sessions) => {
			const scaled = Math.round(sessions * scale);
			const label = `${count(scaled)} sessions of two events`;
			return hostile(`sessions-${sessions}`, label, ["json", "otlp"], writeShortSessions, {
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
 * @template {object} HostilePlan
 * @param {string} name after the prefix that all of them have
 * @param {string} label
 * @param {readonly ExportKind[]} exports
 * @param {(directory: string, plan: HostilePlan) => Written} writer
 * @param {HostilePlan} plan
 * @returns {Recipe}
 */
function hostile(name, label, exports, writer, plan) {
	return {
		name: `hostile-${name}`,
		label,
		exports,
		plan,
		write: (directory) => ({ ...writer(directory, plan), hostile: true }),
	};
}

/** The sets of a quick run: what takes long to write or to export is left out. */
export const quickSets = [
	"10mb",
	mainSet,
	"hostile-wide-gauges",
	"hostile-wide-counters",
	"hostile-long-rows",
	"hostile-new-keys",
	...badLines.map(({ name }) => `hostile-bad-${name}`),
];

/** The sets of sessions of two events each, the smallest first. */
export const shortSessionSets = sessionCounts.map((sessions) => `hostile-sessions-${sessions}`);

/** @returns {string[]} the names of all sets */
export function setNames() {
	return recipes(1).map(({ name }) => name);
}

/**
 * Gives the sets of some names, writing those that are missing or were written to another plan.
 *
 * @param {ReadonlySet<string>} names
 * @param {number} scale
 * @param {(message: string) => void} tell
 * @returns {Map<string, TelemetrySet>}
 */
export function telemetrySets(names, scale, tell) {
	// Trials keep their own sets, so that the large ones need not be written again after one.
	const kept = path.join(home, scale === 1 ? "bench" : `bench-scale-${scale}`);
	const sets = new Map();
	for (const recipe of recipes(scale)) {
		if (names.has(recipe.name)) {
			sets.set(recipe.name, keptSet(recipe, path.join(kept, recipe.name), tell));
		}
	}
	return sets;
}

/**
 * @param {number} scale
 * @returns {string} an empty directory for what the benchmark exports, on the disk of the checkout
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
 * @param {(message: string) => void} tell
 * @returns {TelemetrySet}
 */
function keptSet({ name, label, exports, plan, write }, directory, tell) {
	const marker = path.join(directory, markerFile);
	const wanted = digest(plan);
	const made = existsSync(marker) ? JSON.parse(readFileSync(marker, "utf8")) : undefined;
	if (made?.digest !== wanted) {
		tell(`Writing the telemetry of ${name} …`);
		const unfinished = `${directory}.unfinished`;
		rmSync(unfinished, { recursive: true, force: true });
		rmSync(directory, { recursive: true, force: true });
		mkdirSync(unfinished, { recursive: true });
		const written = write(path.join(unfinished, "telemetry"));
		// The marker goes last and the rename after it: what has the final name is whole.
		writeFileSync(path.join(unfinished, markerFile), JSON.stringify({ digest: wanted, written }));
		renameSync(unfinished, directory);
	}
	const { written } = JSON.parse(readFileSync(marker, "utf8"));
	return {
		hostile: false,
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

/**
 * Changes with the plan and with the code that writes it.
 *
 * @param {object} plan
 */
function digest(plan) {
	const text = JSON.stringify(plan, (_, value) => (value === Number.POSITIVE_INFINITY ? "never" : value));
	const hash = createHash("sha256").update(text);
	const parts = path.join(repository, "scripts", "telemetry");
	const sources = readdirSync(parts)
		.filter((name) => name.endsWith(".mjs"))
		.sort()
		.map((name) => path.join(parts, name));
	sources.push(path.join(repository, "scripts", "generate-telemetry.mjs"));
	sources.push(path.join(repository, "benches", "hostile-telemetry.mjs"));
	for (const source of sources) {
		hash.update(readFileSync(source));
	}
	return hash.digest("hex").slice(0, 16);
}
