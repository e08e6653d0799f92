/** The cases that are measured as whole processes: our exports, peers, and lower bounds such as reading the input. */

import { spawnSync } from "node:child_process";
import path from "node:path";
import { repository } from "../scripts/set-up.mjs";
import { duckdbCommand } from "./peers/duckdb.mjs";
import { telemetryFiles } from "./peers/telemetry-files.mjs";

/** @typedef {import("./telemetry-sets.mjs").TelemetrySet} TelemetrySet */
/** @typedef {import("../index.js").ExportFormat} Format */

/**
 * @typedef {object} ProcessCase
 * @property {string} name
 * @property {string} label
 * @property {string[]} command
 * @property {"export" | "peer" | "floor"} kind
 * @property {Format} [format] of its output, if any
 * @property {boolean} [cumulative] whether its counters are running totals
 * @property {string} [plain] of a redacted export: the name of the case that is the same export as recorded
 * @property {TelemetrySet} [set] its input, if any
 * @property {string} [output] the file that it writes
 * @property {boolean} [copied] whether a synced copy of the output is measured right afterwards
 * @property {boolean} [allRounds] whether it runs in every round, even if it is slow
 */

export const formats = /** @type {const} */ (["json", "otlp", "html"]);
export const formatNames = { json: "JSON", otlp: "OTLP", html: "HTML" };
/** The exports that a set can choose. */
const exportKinds = {
	json: { format: /** @type {const} */ ("json"), label: formatNames.json },
	otlp: { format: /** @type {const} */ ("otlp"), label: formatNames.otlp },
	"otlp-cumulative": {
		format: /** @type {const} */ ("otlp"),
		label: "OTLP, cumulative",
		options: /** @type {const} */ ({ temporality: "cumulative" }),
	},
	html: { format: /** @type {const} */ ("html"), label: formatNames.html },
	"json-redacted": redacted("json", "marked"),
	"json-redacted-unknown": redacted("json", "unknown"),
	"otlp-redacted": redacted("otlp", "marked"),
	"html-redacted": redacted("html", "marked"),
};

/**
 * @template {Format} Kind
 * @param {Kind} format
 * @param {"marked" | "unknown"} redact
 */
function redacted(format, redact) {
	const label = `${formatNames[format]}, redacted${redact === "unknown" ? " with unknown values" : ""}`;
	return { format, label, options: { redact } };
}

/** @typedef {keyof typeof exportKinds} ExportKind */
/** The set on which everything is compared. */
export const mainSet = "100mb";
/** A Node process that does nothing. Memory is counted from its memory. */
export const bareNode = "bare-node";
/** Selects none of the generated files. */
export const noMatchRange = "2020-01-01";
/** The last three of thirty days. */
export const lastDaysRange = "2026-06-28..2026-06-30";

const levels = [1, 6, 9];
/** Outputs of larger sets are not copied, to spare the disk. */
const mostCopied = 2e8;
const benches = path.join(repository, "benches");

/** The lower bounds use dd and cat. */
const hasFloors = process.platform !== "win32";

/**
 * @param {ReadonlyMap<string, TelemetrySet>} sets
 * @param {string} outputs a directory
 * @returns {ProcessCase[]} in the order of a round
 */
export function processCases(sets, outputs) {
	/** @type {ProcessCase[]} */
	const cases = [
		{
			name: bareNode,
			label: "Node that does nothing",
			kind: "floor",
			command: [process.execPath, "-e", "0"],
		},
	];
	for (const set of sets.values()) {
		for (const kind of set.exports) {
			const name = `${set.name}/${kind}`;
			const { label: kindLabel, ...job } = exportKinds[kind];
			const label = set.name === mainSet ? kindLabel : `${set.label}: ${kindLabel}`;
			cases.push(ourExport(set, { name, label, ...job }, outputs));
			if (set.name === mainSet && kind === "otlp") {
				cases.push(...otherExports(set, outputs));
			}
		}
		if (set.name === mainSet) {
			cases.push(...peers(set, outputs), ...(hasFloors ? [readingOnly(set)] : []));
		}
	}
	return cases;
}

/**
 * @param {TelemetrySet} set
 * @param {{ name: string, label: string, format: Format, range?: string, options?: import("../index.js").ExportOptions, copied?: boolean }} job
 * @param {string} outputs
 * @returns {ProcessCase}
 */
function ourExport(
	set,
	{ name, label, format, range = "allTime", options = {}, copied = set.bytes <= mostCopied },
	outputs,
) {
	const output = path.join(outputs, "ours");
	const script = path.join(benches, "export-once.js");
	const command = [process.execPath, script, set.directory, range, format, output, JSON.stringify(options)];
	return {
		name,
		label,
		kind: "export",
		format,
		cumulative: options.temporality === "cumulative",
		set,
		output,
		plain: options.redact === undefined ? undefined : `${set.name}/${format}`,
		copied: copied && hasFloors && !set.extreme && options.redact === undefined,
		command,
	};
}

/**
 * The exports that only the main set has.
 *
 * @param {TelemetrySet} set
 * @param {string} outputs
 * @returns {ProcessCase[]}
 */
function otherExports(set, outputs) {
	const jobs = [
		...levels.map((compressionLevel) => ({
			name: `${set.name}/otlp-level-${compressionLevel}`,
			label: `OTLP, level ${compressionLevel}`,
			format: /** @type {const} */ ("otlp"),
			options: { compressionLevel },
		})),
		{
			name: `${set.name}/json-no-match`,
			label: "JSON, no file matches",
			format: /** @type {const} */ ("json"),
			range: noMatchRange,
			copied: false,
		},
		{
			name: `${set.name}/json-last-3-days`,
			label: "JSON, last 3 of 30 days",
			format: /** @type {const} */ ("json"),
			range: lastDaysRange,
		},
	];
	return jobs.map((job) => ourExport(set, job, outputs));
}

/** Peers that may be missing, and the commands that print their versions. */
const programs = {
	jq: ["jq", "--version"],
	duckdb: ["duckdb", "--version"],
};

/**
 * @param {keyof typeof programs} program
 * @returns {string | undefined} its version; `undefined` if it is not installed
 */
export function programVersion(program) {
	const [command = "", ...options] = programs[program];
	const { status, stdout } = spawnSync(command, options, { encoding: "utf8" });
	return status === 0 ? stdout.trim() : undefined;
}

/**
 * @param {TelemetrySet} set
 * @param {string} outputs
 * @returns {ProcessCase[]}
 */
export function peers(set, outputs) {
	const output = path.join(outputs, "peer");
	/**
	 * @param {string} name
	 * @param {string} label
	 * @param {Format} format
	 * @param {string[]} command
	 * @returns {ProcessCase}
	 */
	const peer = (name, label, format, command) => ({
		name: `${set.name}/${name}`,
		label,
		kind: "peer",
		format,
		set,
		output,
		command,
	});
	const script = (/** @type {string} */ name) => path.join(benches, "peers", name);
	const lineByLine = [process.execPath, script("line-by-line.mjs"), set.directory];

	const plain = [process.execPath, script("plain-node.mjs"), set.directory, output];
	const all = [
		// A target depends on it.
		{ ...peer("plain-node", "plain Node: JSON", "json", plain), allRounds: true },
		peer("line-by-line-json", "line by line: JSON", "json", [...lineByLine, "json", output]),
		peer("line-by-line-otlp", "line by line: OTLP", "otlp", [...lineByLine, "otlp", output]),
	];
	if (programVersion("jq") !== undefined) {
		const jq = ["jq -n -c -f", script("json-array.jq"), ...telemetryFiles(set.directory)];
		all.push(peer("jq", "jq: JSON", "json", intoFile(jq, output)));
	}
	if (programVersion("duckdb") !== undefined) {
		all.push(peer("duckdb", "DuckDB: JSON", "json", duckdbCommand(set.directory, output)));
	}
	return all;
}

/**
 * @param {string[]} command a program with its options, and its arguments
 * @param {string} output
 * @returns {string[]} a command that writes its standard output to the file
 */
function intoFile([program = "", ...programArguments], output) {
	return ["sh", "-c", `out=$1; shift; exec ${program} "$@" > "$out"`, "sh", output, ...programArguments];
}

/**
 * @param {TelemetrySet} set
 * @returns {ProcessCase}
 */
function readingOnly(set) {
	const files = telemetryFiles(set.directory);
	return {
		name: `${set.name}/read`,
		label: "reading the input only (cat)",
		kind: "floor",
		set,
		command: intoFile(["cat", ...files], "/dev/null"),
	};
}

/**
 * The lower bound of writing an output safely: a synced copy of it.
 *
 * @param {string} output
 * @param {string} copy
 * @returns {string[]}
 */
export function copyCommand(output, copy) {
	return ["dd", `if=${output}`, `of=${copy}`, "bs=1M", "conv=fsync", "status=none"];
}
