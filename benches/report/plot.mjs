/** The main comparison as an SVG with horizontal bars, readable on light and dark pages. */

import { mainSet } from "../process-cases.mjs";
import { copyOf } from "../process-rounds.mjs";
import { mebibytes, seconds, times } from "./numbers.mjs";

/** @typedef {import("../bench.mjs").Findings} Findings */

/**
 * @typedef {object} Bar
 * @property {string} label
 * @property {"ours" | "peer" | "floor"} kind
 * @property {number} value
 * @property {string} text shown after the bar
 */

/**
 * @typedef {object} Panel
 * @property {string} title
 * @property {Bar[]} bars
 */

const width = 820;
const labelWidth = 275;
const textWidth = 150;
const barHeight = 18;
const barStep = 26;
const titleHeight = 34;
const panelGap = 18;
const margin = 16;

const style = `
	text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
	.title { font-weight: 600; }
	.ours-text { font-weight: 600; }
	.ours { fill: #1f6feb; }
	.peer { fill: #a5adb8; }
	.floor { fill: #d7dbe0; }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3; }
		.ours { fill: #58a6ff; }
		.peer { fill: #69727d; }
		.floor { fill: #3d444d; }
	}
`;

const ourLabel = "coder-telemetry-export";
const peers = /** @type {const} */ ([
	["plain-node", "plain Node"],
	["line-by-line-json", "Node, line by line"],
	["jq", "jq"],
	["duckdb", "DuckDB"],
]);

/**
 * @param {Findings} findings
 * @returns {string} the SVG
 */
export function comparisonPlot(findings) {
	const panels = [
		{
			title: "Time to export 100 MB of telemetry as a JSON array, whole process",
			bars: wallBars(findings, "json"),
		},
		{
			title: "Time to export 100 MB of telemetry as zipped OTLP/JSON, whole process",
			bars: wallBars(findings, "otlp"),
		},
		{ title: "Peak memory of the process (blue: coder-telemetry-export)", bars: memoryBars(findings) },
	];
	return drawPanels(panels.filter(({ bars }) => bars.length > 0));
}

/**
 * @param {Findings} findings
 * @param {"json" | "otlp"} format
 * @returns {Bar[]} fastest first
 */
function wallBars({ processes: { wall } }, format) {
	const ours = `${mainSet}/${format}`;
	const others =
		format === "json" ? peers : /** @type {const} */ ([["line-by-line-otlp", "Node, fflate level 9"]]);
	const bars = [
		{ name: ours, label: ourLabel, kind: /** @type {const} */ ("ours") },
		{ name: copyOf(ours), label: "copying its output, synced", kind: /** @type {const} */ ("floor") },
		...others.map(([name, label]) => ({
			name: `${mainSet}/${name}`,
			label,
			kind: /** @type {const} */ ("peer"),
		})),
	];
	return bars
		.flatMap(({ name, label, kind }) => {
			const value = wall.median(name);
			const ratio = kind === "ours" ? "" : ` · ${times(wall.ratio(name, ours))}`;
			return value === undefined ? [] : [{ label, kind, value, text: `${seconds(value)}${ratio}` }];
		})
		.sort((a, b) => a.value - b.value);
}

/**
 * @param {Findings} findings
 * @returns {Bar[]}
 */
function memoryBars({ processes: { peak }, sets }) {
	const bars = [
		{ name: "bare-node", label: "Node that does nothing", kind: /** @type {const} */ ("floor") },
		...["10mb", mainSet, "1000mb"].flatMap((set) =>
			/** @type {const} */ ([
				["json", "JSON"],
				["otlp", "OTLP"],
				["html", "HTML"],
			]).map(([format, name]) => ({
				name: `${set}/${format}`,
				label: `${name} of ${sets.get(set)?.label.split(",").slice(0, -1).join(",")}`,
				kind: /** @type {const} */ ("ours"),
			})),
		),
		...[...peers, /** @type {const} */ (["line-by-line-otlp", "Node, fflate level 9"])].map(
			([name, label]) => ({
				name: `${mainSet}/${name}`,
				label: `${label}, ${name.endsWith("otlp") ? "OTLP" : "JSON"} of 100 MB`,
				kind: /** @type {const} */ ("peer"),
			}),
		),
	];
	return bars.flatMap(({ name, label, kind }) => {
		const value = peak.median(name);
		return value === undefined ? [] : [{ label, kind, value, text: mebibytes(value) }];
	});
}

/**
 * Each panel has its own scale, which starts at zero.
 *
 * @param {readonly Panel[]} panels
 * @returns {string}
 */
function drawPanels(panels) {
	const parts = [];
	let y = margin;
	for (const { title, bars } of panels) {
		parts.push(`<text class="title" x="${margin}" y="${y + 16}">${escapeXml(title)}</text>`);
		y += titleHeight;
		const longest = Math.max(...bars.map(({ value }) => value));
		for (const bar of bars) {
			parts.push(drawBar(bar, y, longest));
			y += barStep;
		}
		y += panelGap;
	}
	const height = y - panelGap + margin;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Time and memory of exports">`,
		`<style>${style}</style>`,
		...parts,
		"</svg>",
		"",
	].join("\n");
}

/**
 * @param {Bar} bar
 * @param {number} y
 * @param {number} longest the panel's largest value
 */
function drawBar({ label, kind, value, text }, y, longest) {
	const start = margin + labelWidth;
	const room = width - 2 * margin - labelWidth - textWidth;
	const length = Math.max(1, (room * value) / longest);
	const baseline = y + barHeight - 5;
	const textClass = kind === "ours" ? ' class="ours-text"' : "";
	return [
		`<text${textClass} x="${start - 8}" y="${baseline}" text-anchor="end">${escapeXml(label)}</text>`,
		`<rect class="${kind}" x="${start}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
		`<text${textClass} x="${(start + length + 8).toFixed(1)}" y="${baseline}">${escapeXml(text)}</text>`,
	].join("\n");
}

/** @param {string} text */
function escapeXml(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
