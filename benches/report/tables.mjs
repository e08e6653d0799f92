/** Tables of all measurements. */

import { callName } from "../call-rounds.mjs";
import { bareNode, formatNames, formats, mainSet } from "../process-cases.mjs";
import { copyOf } from "../process-rounds.mjs";
import { shortSessionSets } from "../telemetry-sets.mjs";
import { mebibytes, milliseconds, perMegabyte, seconds, size, times, unmeasured } from "./numbers.mjs";
import {
	costPerMegabyte,
	judgeTargets,
	memoryAboveBareNode,
	mostGrowth,
	sessionGrowth,
	userTimePerMegabyte,
	verdict,
} from "./targets.mjs";

/** @typedef {import("../bench.mjs").Findings} Findings */
/** @typedef {import("./table.mjs").Table} Table */

const measuredColumns = ["runs", "wall", "CPU", "peak RSS", "above bare Node", "output"];

/**
 * @param {Findings} findings
 * @returns {Table[]} those that have rows
 */
export function resultTables(findings) {
	const tables = [
		mainTable(findings),
		setsTable(findings),
		redactionTable(findings),
		extremeTable(findings),
		sessionsTable(findings),
		callsTable(findings),
		targetsTable(findings),
	];
	return tables.filter(({ rows }) => rows.length > 0);
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function mainTable(findings) {
	const { cases, sets, processes } = findings;
	const rows = [];
	const ratios = (/** @type {string} */ name) => [
		times(processes.wall.ratio(name, copyOf(name))),
		times(processes.wall.ratio(name, `${mainSet}/json`)),
		times(processes.wall.ratio(name, `${mainSet}/otlp`)),
	];
	for (const { name, label, set, copied } of cases) {
		if (name !== bareNode && set?.name !== mainSet) {
			continue;
		}
		rows.push([label, ...measuredCells(findings, name), ...ratios(name)]);
		if (copied) {
			const copy = copyOf(name);
			rows.push([`— synced copy of it (dd)`, ...measuredCells(findings, copy), ...ratios(copy)]);
		}
	}
	return {
		title: `Whole processes: ${sets.get(mainSet)?.label ?? mainSet}`,
		columns: ["", ...measuredColumns, "÷ synced copy", "÷ our JSON", "÷ our OTLP"],
		rows,
	};
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function setsTable(findings) {
	const { cases, processes } = findings;
	const rows = cases
		.filter(({ set }) => set !== undefined && !set.extreme && set.name !== mainSet)
		.map(({ name, label, set }) => [
			label,
			size(set?.bytes),
			...measuredCells(findings, name),
			times(processes.wall.ratio(name, copyOf(name))),
		]);
	return {
		title: "Whole processes: other telemetry",
		columns: ["", "input", ...measuredColumns, "÷ synced copy"],
		rows,
	};
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function redactionTable(findings) {
	const { wall, cpu, peak } = findings.processes;
	const rows = findings.cases.flatMap(({ name, label, plain }) => {
		if (plain === undefined) {
			return [];
		}
		const [taken, bare] = [peak.median(name), peak.median(plain)];
		return [
			[
				label,
				String(wall.count(name)),
				seconds(wall.median(plain)),
				seconds(wall.median(name)),
				times(wall.ratioOfMedians(name, plain)),
				times(cpu.ratioOfMedians(name, plain)),
				mebibytes(taken && bare && taken - bare),
			],
		];
	});
	return {
		title: "Redacted exports",
		note: "Each is measured right after the same export as recorded, in the same rounds. Ratios are those of the medians.",
		columns: ["", "runs", "as recorded", "redacted", "wall ÷", "CPU ÷", "more peak RSS"],
		rows,
	};
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function extremeTable(findings) {
	const rows = findings.cases
		.filter(({ set }) => set?.extreme)
		.map(({ name, label, set }) => [
			label,
			size(set?.bytes),
			...measuredCells(findings, name),
			perMegabyte(userTimePerMegabyte(findings, name)),
		]);
	return {
		title: "Whole processes: telemetry that no editor writes",
		note: `Each of these was once slow or used much memory. The last column is user CPU time above bare Node, divided by the megabytes of telemetry; the target is at most ${perMegabyte(costPerMegabyte)}. If all lines are bad there is no event, so nothing is written.`,
		columns: ["", "input", ...measuredColumns, "user CPU above bare Node"],
		rows,
	};
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function sessionsTable(findings) {
	const { wall, cpu } = findings.processes;
	const rows = findings.cases.flatMap(({ name, label, format, set }) => {
		if (set === undefined || !shortSessionSets.includes(set.name)) {
			return [];
		}
		const perThousand = (/** @type {import("../samples.mjs").Samples} */ samples) => {
			const [taken, bare] = [samples.median(name), samples.median(bareNode)];
			return milliseconds(taken && bare && (taken - bare) / (set.sessions / 1000));
		};
		return [
			[label, perThousand(wall), perThousand(cpu), times(sessionGrowth(findings, { name, format, set }))],
		];
	});
	return {
		title: "Time per 1,000 sessions of two events",
		note: `All sessions overlap. Times are those of the whole process minus those of bare Node. The last column would be 1 if time grew in proportion to the number of sessions; the target is at most ${times(mostGrowth)}.`,
		columns: ["", "wall", "CPU", "CPU ÷ fewest sessions"],
		rows,
	};
}

/**
 * @param {Findings} findings
 * @param {string} name of a case
 * @returns {string[]} the cells of `measuredColumns`
 */
function measuredCells(findings, name) {
	const { wall, cpu, peak, outputs } = findings.processes;
	const command = findings.cases.find((measured) => measured.name === name)?.command;
	const isNode = command?.[0] === process.execPath;
	return [
		String(wall.count(name)),
		seconds(wall.median(name)),
		seconds(cpu.median(name)),
		mebibytes(peak.median(name)),
		// Not meaningful for other programs.
		isNode && name !== bareNode ? mebibytes(memoryAboveBareNode(findings, name)) : unmeasured,
		size(outputs.get(name)?.bytes),
	];
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function callsTable({ calls, callCases, firstUse, sets }) {
	/** @type {Map<string, { set: string, variant: string }>} */
	const variants = new Map();
	for (const { name, set } of callCases) {
		const variant = name.split("/").at(-1) ?? "";
		variants.set(`${set.name} ${variant}`, { set: set.name, variant });
	}
	const rows = Array.from(variants.values(), ({ set, variant }) => {
		const names = formats.map((format) => callName(set, format, variant));
		const label = `${sets.get(set)?.label ?? set}: ${variant.replaceAll("-", " ")}`;
		const runs = Math.max(...names.map((name) => calls.wall.count(name)));
		return [label, String(runs), ...names.map((name) => milliseconds(calls.wall.median(name)))];
	});
	// Measured with a JSON export only.
	const notJson = formats.slice(1).map(() => unmeasured);
	const firstRow = (/** @type {string} */ label, /** @type {string} */ name) =>
		rows.push([label, String(firstUse.count(name)), milliseconds(firstUse.median(name)), ...notJson]);
	firstRow("import of the addon", "import");
	firstRow("no file matches: first call of a process", "first-call");
	if (calls.noMatch !== undefined) {
		const { median, count } = calls.noMatch;
		rows.push(["no file matches: later calls", String(count), milliseconds(median), ...notJson]);
	}
	const columns = ["", "runs", ...formats.map((format) => formatNames[format])];
	return { title: "Inside the call", columns, rows };
}

/**
 * @param {Findings} findings
 * @returns {Table}
 */
function targetsTable(findings) {
	return {
		title: "Targets",
		columns: ["", "target", "measured", "met"],
		rows: judgeTargets(findings).map((target) => [
			target.what,
			target.target,
			target.measured,
			verdict(target),
		]),
	};
}
