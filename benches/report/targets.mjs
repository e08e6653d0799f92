/** What was promised of speed, memory and size, and what was measured. */

import { callName, threadSets } from "../call-rounds.mjs";
import { bareNode, formatNames, formats, mainSet } from "../process-cases.mjs";
import { copyOf } from "../process-rounds.mjs";
import { mebibyte, mebibytes, milliseconds, percent, size, times, unmeasured } from "./numbers.mjs";

/** @typedef {import("../bench.mjs").Findings} Findings */
/** @typedef {import("../telemetry-sets.mjs").TelemetrySet} TelemetrySet */

/**
 * @typedef {object} Target
 * @property {string} what
 * @property {string} target
 * @property {string} measured
 * @property {boolean | undefined} met nothing where it was not measured
 */

/** What an export may take above bare Node, of memory, where its telemetry is ordinary. */
const ordinaryMemory = 60 * mebibyte;
/** The bound of the specification, §6: this, and something for each file, stream and byte of the longest line. */
const specifiedMemory = 64 * mebibyte;
const bytesPerFile = 200;
const bytesPerStream = 160;
/** What the specification calls a small multiple of the longest line. */
const longestLines = 3;

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
		...callTargets(findings),
		...memoryTargets(findings),
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
 * A page reads what an array reads and writes far less: it must not take longer. Where lines or streams are hostile, an
 * array copies what a page has to look into.
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
	const ordinary = pages.filter(({ set }) => !set.hostile && set.name !== mainSet);
	const slowest = largest(ordinary, ({ ratio }) => ratio);
	const longest = largest(pages, ({ bytes }) => bytes);
	const where = (/** @type {{ label: string } | undefined} */ page) => (page ? ` (${page.label})` : "");
	return [
		atMost("HTML ÷ JSON", 1, wall.ratio(`${mainSet}/html`, `${mainSet}/json`), times),
		atMost(`HTML ÷ JSON, worst other ordinary case${where(slowest)}`, 1, slowest?.ratio, times),
		atMost(`longest page${where(longest)}`, 1e6, longest?.bytes, size),
	];
}

/**
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => number | undefined} amountOf
 * @returns {Item | undefined} nothing where there is none
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
	const exports = findings.cases.flatMap(({ name, label, kind, set, format }) => {
		const bytes = memoryAboveBareNode(findings, name);
		return kind === "export" && set !== undefined && bytes !== undefined
			? [{ label, set, format, bytes }]
			: [];
	});
	const ordinary = exports.filter(({ set }) => !set.hostile).sort((a, b) => b.bytes - a.bytes);
	const worst = ordinary[0];
	const where = worst === undefined ? "" : ` (${worst.label})`;
	const targets = [
		atMost(`memory above bare Node, worst ordinary case${where}`, ordinaryMemory, worst?.bytes, mebibytes),
	];
	for (const { set, label, bytes } of exports.filter(({ set }) => set.hostile)) {
		targets.push(atMost(`memory above bare Node, ${label}`, memoryBound(set), bytes, mebibytes));
	}
	return targets;
}

/**
 * @param {TelemetrySet} set
 * @returns {number} bytes above bare Node that the specification allows
 */
function memoryBound({ files, streams, longestLine }) {
	return specifiedMemory + files * bytesPerFile + streams * bytesPerStream + longestLines * longestLine;
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

/** @param {Target} target */
export function verdict({ met }) {
	return met === undefined ? unmeasured : met ? "yes" : "MISSED";
}
