/** Targets for speed, memory and size, and whether the measurements meet them. */

import { callName, threadSets } from "../call-rounds.mjs";
import { bareNode, formatNames, formats, mainSet } from "../process-cases.mjs";
import { copyOf } from "../process-rounds.mjs";
import { shortSessionSets } from "../telemetry-sets.mjs";
import {
	mebibyte,
	mebibytes,
	milliseconds,
	percent,
	perMegabyte,
	size,
	times,
	unmeasured,
} from "./numbers.mjs";

/** @typedef {import("../bench.mjs").Findings} Findings */
/** @typedef {import("../telemetry-sets.mjs").TelemetrySet} TelemetrySet */

/**
 * @typedef {object} Target
 * @property {string} what
 * @property {string} target
 * @property {string} measured
 * @property {boolean | undefined} met `undefined` if it was not measured
 */

/** Memory that an export of ordinary telemetry may use above bare Node. */
const ordinaryMemory = 60 * mebibyte;
/**
 * The bound on memory (specification, Memory). Each file, stream, running total and byte of the longest line adds to it.
 */
const specifiedMemory = 64 * mebibyte;
const bytesPerFile = 200;
/** Added in a JSON export, which merges sessions, for each session beyond the free ones. */
const bytesPerSession = 400;
const freeSessions = 100_000;
const bytesPerStream = 240;
const bytesPerTotal = 64;
const longestLines = 6;
/** Milliseconds of user CPU time that a megabyte of any telemetry may cost. */
export const costPerMegabyte = 60;
/** Time of a redacted export, divided by the time of the same export as recorded. */
const mostRedaction = { json: 1.5, otlp: 1.3, html: 1.3 };
/** Cost of a session in the set with the most sessions, divided by its cost in the set with the fewest. */
export const mostGrowth = 1.3;

/**
 * @param {string} what
 * @param {number} most
 * @param {number | undefined} value
 * @param {(value: number | undefined) => string} write
 * @returns {Target}
 */
function atMost(what, most, value, write) {
	const met = value === undefined ? undefined : value <= most;
	return { what, target: `≤ ${write(most)}`, measured: write(value), met };
}

/**
 * @param {string} what
 * @param {number} least
 * @param {number | undefined} value
 * @returns {Target}
 */
function atLeast(what, least, value) {
	const met = value === undefined ? undefined : value >= least;
	return { what, target: `≥ ${times(least)}`, measured: times(value), met };
}

/**
 * @param {Findings} findings
 * @returns {Target[]}
 */
export function judgeTargets(findings) {
	return [
		...processTargets(findings),
		...pageTargets(findings),
		...redactionTargets(findings),
		...callTargets(findings),
		...memoryTargets(findings),
		...costTargets(findings),
		...growthTargets(findings),
		atMost("import of the addon", 10, findings.firstUse.median("import"), milliseconds),
		atMost("export that matches no file, inside the call", 5, findings.calls.noMatch?.median, milliseconds),
		atMost("the same, first call of a process", 5, findings.firstUse.median("first-call"), milliseconds),
		atMost("addon binary", 2e6, findings.binaryBytes, size),
	];
}

/**
 * @param {Findings} findings
 * @returns {Target[]}
 */
function processTargets({ processes: { wall, outputs } }) {
	const json = `${mainSet}/json`;
	const otlp = `${mainSet}/otlp`;
	const plainNode = `${mainSet}/plain-node`;
	const packed = (/** @type {string} */ name) => {
		const output = outputs.get(name);
		return output?.textBytes && output.bytes / output.textBytes;
	};
	return [
		atMost("JSON ÷ synced copy of its own output", 1.7, wall.ratio(json, copyOf(json)), times),
		atLeast("plain Node exporter ÷ JSON", 12, wall.ratio(plainNode, json)),
		atMost("OTLP ÷ plain Node exporter's JSON", 0.25, wall.ratio(otlp, plainNode), times),
		atMost("zip ÷ its text, default level", 0.04, packed(otlp), percent),
		atMost("zip ÷ its text, level 6", 0.035, packed(`${otlp}-level-6`), percent),
	];
}

/**
 * A report reads the same input as a JSON array and writes far less, so it must not take longer. Extreme telemetry is left
 * out, because an array copies many values that a report has to examine.
 *
 * @param {Findings} findings
 * @returns {Target[]}
 */
function pageTargets({ cases, processes: { wall, outputs } }) {
	const pages = cases.flatMap(({ name, label, kind, format, set }) =>
		kind === "export" && format === "html" && set !== undefined
			? [{ label, set, ratio: wall.ratio(name, `${set.name}/json`), bytes: outputs.get(name)?.bytes }]
			: [],
	);
	const ordinary = pages.filter(({ set }) => !set.extreme && set.name !== mainSet);
	const slowest = largest(ordinary, ({ ratio }) => ratio);
	const longest = largest(pages, ({ bytes }) => bytes);
	return [
		atMost("HTML ÷ JSON", 1.2, wall.ratio(`${mainSet}/html`, `${mainSet}/json`), times),
		atMost(`HTML ÷ JSON, worst other ordinary case${where(slowest)}`, 1.2, slowest?.ratio, times),
		atMost(`longest page${where(longest)}`, 1e6, longest?.bytes, size),
	];
}

/**
 * A redacted export of ordinary telemetry takes little longer than a plain one. Extreme telemetry is left out: in it, every
 * value has to be replaced.
 *
 * @param {Findings} findings
 * @returns {Target[]}
 */
function redactionTargets({ cases, processes: { wall } }) {
	return cases.flatMap(({ name, label, format, plain, set }) =>
		plain === undefined || format === undefined || set?.extreme
			? []
			: [atMost(`${label} ÷ as recorded`, mostRedaction[format], wall.ratioOfMedians(name, plain), times)],
	);
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => number | undefined} amountOf
 * @returns {Item | undefined} `undefined` if there are none
 */
function largest(items, amountOf) {
	return items.toSorted((a, b) => (amountOf(b) ?? 0) - (amountOf(a) ?? 0))[0];
}

/**
 * @param {Findings} findings
 * @returns {Target[]}
 */
function callTargets({ calls: { wall }, sets }) {
	const leastGain = { json: 1.5, otlp: 1.7, html: 1.5 };
	const targets = [];
	for (const format of [...formats].reverse()) {
		for (const name of threadSets) {
			const gain = wall.ratio(callName(name, format, "1-thread"), callName(name, format, "2-threads"));
			const what = `second core, ${formatNames[format]}: ${sets.get(name)?.label ?? name}`;
			targets.push(atLeast(what, leastGain[format], gain));
		}
	}
	const comparisons = /** @type {const} */ ([
		["1,000 MB ÷ 100 MB", 10.5, ["1000mb", "all"], [mainSet, "all"]],
		["3 of 30 days ÷ all 30", 0.15, [mainSet, "last-3-days"], [mainSet, "all"]],
		["8 sessions overlapping ÷ none", 1.3, ["overlap-8", "all"], ["overlap-1", "all"]],
		["3,000 sessions at once ÷ none overlapping", 1.5, ["3000-sessions", "all"], ["overlap-1", "all"]],
	]);
	for (const [what, most, [set, variant], [baseSet, baseVariant]] of comparisons) {
		for (const format of formats) {
			const ratio = wall.ratio(callName(set, format, variant), callName(baseSet, format, baseVariant));
			targets.push(atMost(`${what}: ${formatNames[format]}`, most, ratio, times));
		}
	}
	return targets;
}

/**
 * @param {Findings} findings
 * @returns {Target[]}
 */
function memoryTargets(findings) {
	const exports = exportsThat(findings, memoryAboveBareNode);
	const worst = worstOrdinary(exports);
	const targets = [
		atMost(
			`memory above bare Node, worst ordinary case${where(worst)}`,
			ordinaryMemory,
			worst?.amount,
			mebibytes,
		),
	];
	for (const measured of exports.filter(({ set }) => set.extreme)) {
		const what = `memory above bare Node, ${measured.label}`;
		targets.push(atMost(what, memoryBound(measured), measured.amount, mebibytes));
	}
	return targets;
}

/**
 * @param {ReturnType<typeof exportsThat>[number]} measured
 * @returns {number} bytes above bare Node that the specification allows
 */
function memoryBound({ set: { files, streams, totals, longestLine }, cumulative, format }) {
	const ofTotals = cumulative ? totals * bytesPerTotal : 0;
	const merged = format === "json" ? Math.max(0, files - freeSessions) : 0;
	return (
		specifiedMemory +
		files * bytesPerFile +
		merged * bytesPerSession +
		streams * bytesPerStream +
		ofTotals +
		longestLines * longestLine
	);
}

/**
 * No telemetry is slow, whatever its shape.
 *
 * @param {Findings} findings
 * @returns {Target[]}
 */
function costTargets(findings) {
	const exports = exportsThat(findings, userTimePerMegabyte);
	const worst = worstOrdinary(exports);
	return [
		atMost(`user CPU time, worst ordinary case${where(worst)}`, costPerMegabyte, worst?.amount, perMegabyte),
		...exports
			.filter(({ set }) => set.extreme)
			.map(({ label, amount }) => atMost(`user CPU time, ${label}`, costPerMegabyte, amount, perMegabyte)),
	];
}

/**
 * Time grows in proportion to the number of sessions.
 *
 * @param {Findings} findings
 * @returns {Target[]}
 */
function growthTargets(findings) {
	const [fewest = "", ...more] = shortSessionSets;
	const base = findings.sets.get(fewest)?.sessions.toLocaleString("en") ?? unmeasured;
	return findings.cases.flatMap(({ name, format, set }) => {
		if (set === undefined || format === undefined || !more.includes(set.name)) {
			return [];
		}
		const growth = sessionGrowth(findings, { name, format, set });
		const what = `${set.label} ÷ ${base}, CPU time of each: ${formatNames[format]}`;
		return [atMost(what, mostGrowth, growth, times)];
	});
}

/**
 * @param {Findings} findings
 * @param {(findings: Findings, name: string) => number | undefined} amountOf
 * @returns {(Pick<import("../process-cases.mjs").ProcessCase, "label" | "format" | "cumulative"> & { set: TelemetrySet, amount: number })[]} our exports
 *   for which the amount was measured
 */
function exportsThat(findings, amountOf) {
	return findings.cases.flatMap(({ name, label, kind, format, set, cumulative }) => {
		const amount = amountOf(findings, name);
		return kind === "export" && set !== undefined && amount !== undefined
			? [{ label, format, set, cumulative, amount }]
			: [];
	});
}

/**
 * @param {ReturnType<typeof exportsThat>} exports
 * @returns {ReturnType<typeof exportsThat>[number] | undefined} `undefined` if there is no ordinary one
 */
function worstOrdinary(exports) {
	return largest(
		exports.filter(({ set }) => !set.extreme),
		({ amount }) => amount,
	);
}

/** @param {{ label: string } | undefined} worst */
function where(worst) {
	return worst ? ` (${worst.label})` : "";
}

/**
 * @param {Findings} findings
 * @param {string} name of a case
 * @returns {number | undefined}
 */
export function memoryAboveBareNode({ processes: { peak } }, name) {
	const [bytes, bare] = [peak.median(name), peak.median(bareNode)];
	return bytes === undefined || bare === undefined ? undefined : bytes - bare;
}

/**
 * @param {Findings} findings
 * @param {string} name of a case
 * @returns {number | undefined} milliseconds of user CPU time above bare Node for each megabyte of telemetry
 */
export function userTimePerMegabyte({ cases, processes: { user } }, name) {
	const set = cases.find((measured) => measured.name === name)?.set;
	const [taken, bare] = [user.median(name), user.median(bareNode)];
	return set === undefined || taken === undefined || bare === undefined
		? undefined
		: (taken - bare) / (set.bytes / 1e6);
}

/**
 * @param {Findings} findings
 * @param {{ name: string, format?: string, set: TelemetrySet }} measured an export of sessions of two events each
 * @returns {number | undefined} processor time of a session, divided by its time in the set with the fewest sessions
 */
export function sessionGrowth({ sets, processes: { cpu } }, { name, format, set }) {
	const base = sets.get(shortSessionSets[0] ?? "");
	const growth = base && cpu.ratio(name, `${base.name}/${format}`, cpu.median(bareNode));
	return base && growth && (growth * base.sessions) / set.sessions;
}

/** @param {Target} target */
export function verdict({ met }) {
	return met === undefined ? unmeasured : met ? "yes" : "MISSED";
}
