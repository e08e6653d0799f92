/**
 * `npm run bench`: measures the time and memory of exports, and compares them with other programs and with lower bounds
 * such as reading the input. `npm run bench -- --help` shows the options.
 */

import { rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../scripts/set-up.mjs";
import { checkAgreement } from "./agreement.mjs";
import { callCases, runCalls } from "./call-rounds.mjs";
import { measureProcess } from "./measured-process.mjs";
import { bareNode, mainSet, noMatchRange, processCases } from "./process-cases.mjs";
import { runProcesses } from "./process-rounds.mjs";
import { describeMachine } from "./report/machine.mjs";
import { writePage } from "./report/performance-page.mjs";
import { comparisonPlot } from "./report/plot.mjs";
import { markdownTable, terminalTable } from "./report/table.mjs";
import { resultTables } from "./report/tables.mjs";
import { judgeTargets } from "./report/targets.mjs";
import { Samples } from "./samples.mjs";
import { emptyOutputDirectory, quickSets, setNames, telemetrySets } from "./telemetry-sets.mjs";

/**
 * Everything that was measured.
 *
 * @typedef {object} Findings
 * @property {ReadonlyMap<string, import("./telemetry-sets.mjs").TelemetrySet>} sets
 * @property {import("./process-cases.mjs").ProcessCase[]} cases
 * @property {import("./process-rounds.mjs").ProcessResults} processes
 * @property {import("./call-rounds.mjs").CallCase[]} callCases
 * @property {import("./call-rounds.mjs").CallResults} calls
 * @property {Samples} firstUse milliseconds of `import` and `first-call` in fresh processes
 * @property {number} binaryBytes
 */

const help = `Measures exports, as whole processes and inside the call, and compares them with other programs.
Takes at most 20 minutes.

Usage: npm run bench -- [options]

  --quick        10 MB, 100 MB and small extreme telemetry only, 3 rounds
  --only TEXT    only cases with TEXT in their name, such as 100mb/json, plain-node, call/giant-file, extreme (telemetry
                 that no editor writes); may be repeated
  --scale N      at most 1: scales the telemetry down to try the benchmark itself, with 3 rounds  (1)
  --write        writes the results to docs/performance.md and docs/performance.svg
  --strict       exit code 1 if a target is missed
`;

/** How often all cases are measured, and how often slow ones are. */
const fullRounds = { all: 5, slow: 3 };
const quickRounds = { all: 3, slow: 1 };
/** The set on which the results of peers are compared with ours. It is small, because all of it is parsed. */
const comparedSet = "10mb";
const firstUseRuns = 11;

/** @param {string[]} commandLine */
function readCommandLine(commandLine) {
	const { values } = parseArgs({
		args: commandLine,
		options: {
			quick: { type: "boolean", default: false },
			only: { type: "string", multiple: true, default: [] },
			scale: { type: "string", default: "1" },
			write: { type: "boolean", default: false },
			strict: { type: "boolean", default: false },
			help: { type: "boolean", short: "h", default: false },
		},
	});
	const scale = Number(values.scale);
	if (!(scale > 0 && scale <= 1)) {
		throw new Error(`--scale takes a number above 0 and at most 1, not ${values.scale}`);
	}
	return { ...values, scale };
}

/**
 * @param {readonly string[]} only
 * @param {boolean} quick
 * @returns {Set<string>} names of the sets to export; all if `only` names none
 */
function wantedSets(only, quick) {
	const names = quick ? quickSets : setNames();
	const parts = only.flatMap((text) => text.split("/")).filter((part) => part !== "");
	const named = names.filter((name) => parts.some((part) => name.includes(part)));
	return new Set(named.length > 0 ? named : names);
}

/** @param {string} message */
function log(message) {
	console.error(message);
}

/**
 * Measures the first use of the addon, in fresh processes.
 *
 * @param {string} directory
 * @returns {Samples} of the import and of a first call
 */
function timeFirstUse(directory) {
	const script = path.join(repository, "benches", "first-use.mjs");
	const times = new Samples();
	for (let run = 0; run <= firstUseRuns; run++) {
		const { stdout } = measureProcess([process.execPath, script, directory, noMatchRange]);
		const { importMs, firstCallMs } = JSON.parse(stdout);
		if (run > 0) {
			times.add("import", run, importMs);
			times.add("first-call", run, firstCallMs);
		}
	}
	return times;
}

/** @returns {number} size of the binary that this process has loaded */
function binaryBytes() {
	const loaded = Object.keys(createRequire(import.meta.url).cache);
	return statSync(/** @type {string} */ (loaded.find((file) => file.endsWith(".node")))).size;
}

/** @param {ReturnType<typeof readCommandLine>} options */
async function bench({ quick, only, scale, write, strict }) {
	const started = performance.now();
	// The figures of a scaled-down run do not matter.
	const rounds = quick || scale < 1 ? quickRounds : fullRounds;
	const isWanted = (/** @type {{ name: string }} */ { name }) =>
		only.length === 0 || name === bareNode || only.some((text) => name.includes(text));

	const names = wantedSets(only, quick);
	const sets = telemetrySets(new Set([...names, comparedSet]), scale, log);
	const exported = new Map([...sets].filter(([name]) => names.has(name)));
	const outputs = emptyOutputDirectory(scale);
	process.once("exit", () => rmSync(outputs, { recursive: true, force: true }));

	const cases = processCases(exported, outputs).filter(isWanted);
	const compared = /** @type {import("./telemetry-sets.mjs").TelemetrySet} */ (sets.get(comparedSet));
	if (cases.some(({ kind }) => kind === "peer")) {
		const agreeing = await checkAgreement(compared, outputs);
		log(`They export the same events as we do: ${agreeing.join(", ")}`);
	}
	const firstUse = timeFirstUse((exported.get(mainSet) ?? compared).directory);
	const processes = runProcesses(cases, rounds.all, rounds.slow, log);
	const wantedCalls = callCases(exported).filter(isWanted);
	const calls = await runCalls(wantedCalls, exported.get(mainSet), rounds.all, log);

	/** @type {Findings} */
	const findings = {
		sets: exported,
		cases,
		processes,
		callCases: wantedCalls,
		calls,
		firstUse,
		binaryBytes: binaryBytes(),
	};
	const machine = describeMachine({
		outputs,
		callsInto: wantedCalls.length > 0 ? calls.into : undefined,
		secondCore: calls.secondCore.median("computation"),
		scale,
		command: ["npm run bench", ...(process.argv.length > 2 ? ["--"] : []), ...process.argv.slice(2)].join(
			" ",
		),
		elapsedMs: performance.now() - started,
	});

	const tables = resultTables(findings);
	console.log(`\n${tables.map(terminalTable).join("\n")}`);
	console.log(machine.map(([what, value]) => `${what.padEnd(26)} ${value}`).join("\n"));
	if (write) {
		const facts = machine.map(([what, value]) => `- ${what}: ${value}`).join("\n");
		const files = writePage(`${tables.map(markdownTable).join("\n")}\n${facts}`, comparisonPlot(findings));
		console.log(`${"Written".padEnd(26)} ${files.join(", ")}`);
	}
	if (strict && judgeTargets(findings).some(({ met }) => met === false)) {
		process.exitCode = 1;
	}
}

try {
	const options = readCommandLine(process.argv.slice(2));
	if (options.help) {
		console.log(help);
	} else {
		await bench(options);
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
