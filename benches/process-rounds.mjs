/** Runs all cases once per round, so that a disturbance of the machine affects all of them. */

import { existsSync, rmSync, statSync } from "node:fs";
import { measureProcess } from "./measured-process.mjs";
import { copyCommand } from "./process-cases.mjs";
import { Samples } from "./samples.mjs";

/** @typedef {import("./process-cases.mjs").ProcessCase} ProcessCase */

/** Peers and exports of extreme telemetry that take longer than this run in fewer rounds. */
const slowMs = 10_000;

/** Measurements of whole processes, by the names of their cases. */
export class ProcessResults {
	wall = new Samples();
	user = new Samples();
	cpu = new Samples();
	peak = new Samples();
	/** @type {Map<string, { bytes: number, textBytes?: number }>} sizes of the outputs; `textBytes` is uncompressed */
	outputs = new Map();
}

/**
 * @param {string} name of a case
 * @returns {string} the name of the synced copy of its output
 */
export function copyOf(name) {
	return `${name}/copy`;
}

/**
 * @param {readonly ProcessCase[]} cases
 * @param {number} rounds measured rounds, after one to warm up
 * @param {number} slowRounds measured rounds of slow cases
 * @param {(message: string) => void} log
 * @returns {ProcessResults}
 */
export function runProcesses(cases, rounds, slowRounds, log) {
	const results = new ProcessResults();
	/** @type {Set<string>} */
	const slow = new Set();
	for (let round = 0; round <= rounds; round++) {
		log(round === 0 ? "Whole processes: warming up …" : `Whole processes: round ${round} of ${rounds} …`);
		for (const measured of cases) {
			if (slow.has(measured.name) && round > slowRounds) {
				continue;
			}
			const { wallMs } = runCase(measured, round, results);
			const mayBeSlow = measured.set?.extreme || measured.kind === "peer";
			if (wallMs > slowMs && mayBeSlow && !measured.allRounds) {
				slow.add(measured.name);
			}
		}
	}
	return results;
}

/**
 * @param {ProcessCase} measured
 * @param {number} round 0 is not measured
 * @param {ProcessResults} results
 */
function runCase({ name, command, output, copied, set, kind }, round, results) {
	// Otherwise the measured process would have to remove the old file.
	if (output !== undefined) {
		rmSync(output, { force: true });
	}
	const run = measureProcess(command);
	if (round > 0) {
		record(results, name, round, run);
	}
	const { eventCount = 0, textBytes = undefined } = kind === "export" ? JSON.parse(run.stdout) : {};
	const events = set?.events ?? 0;
	// Extreme telemetry is always exported with the range `allTime`.
	if (eventCount > events || (kind === "export" && set?.extreme && eventCount < events)) {
		throw new Error(`${name}: ${eventCount} events of ${events}`);
	}
	if (output === undefined || !existsSync(output)) {
		return run;
	}
	const bytes = statSync(output).size;
	results.outputs.set(name, { bytes, textBytes });
	if (copied) {
		const copy = `${output}.copy`;
		const copying = measureProcess(copyCommand(output, copy));
		if (round > 0) {
			record(results, copyOf(name), round, copying);
		}
		rmSync(copy);
	}
	rmSync(output);
	return run;
}

/**
 * @param {ProcessResults} results
 * @param {string} name
 * @param {number} round
 * @param {import("./measured-process.mjs").Measured} measured
 */
function record({ wall, user, cpu, peak }, name, round, { wallMs, userMs, cpuMs, peakBytes }) {
	wall.add(name, round, wallMs);
	user.add(name, round, userMs);
	cpu.add(name, round, cpuMs);
	peak.add(name, round, peakBytes);
}
