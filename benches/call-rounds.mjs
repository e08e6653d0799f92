/**
 * Measures inside the call: in one Node process, from the call until the promise settles. The output goes to a file system
 * in memory if there is one. So neither Node's start nor the disk is measured.
 */

import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { exportTelemetry } from "../index.js";
import { formats, lastDaysRange, mainSet, noMatchRange } from "./process-cases.mjs";
import { median, Samples } from "./samples.mjs";
import { SecondCore } from "./second-core.mjs";

/** @typedef {import("./telemetry-sets.mjs").TelemetrySet} TelemetrySet */

const sharedMemory = "/dev/shm";
/** An export may be twice as large as its input. */
const roomPerInputByte = 2.5;
const noMatchCalls = 200;

/**
 * @typedef {object} CallCase
 * @property {string} name
 * @property {TelemetrySet} set
 * @property {import("./process-cases.mjs").Format} format
 * @property {string} range
 * @property {import("../index.js").ExportOptions} options
 */

/**
 * @typedef {object} CallResults
 * @property {Samples} wall
 * @property {Samples} secondCore speed-up of pure computation by a second core
 * @property {string} into the output directory
 * @property {{ median: number, count: number } | undefined} noMatch milliseconds of calls after the first
 */

/** The sets on which a second thread must help. */
export const threadSets = [mainSet, "giant-parts", "giant-file"];

/**
 * @param {ReadonlyMap<string, TelemetrySet>} sets
 * @returns {CallCase[]} in the order of a round; cases that are compared follow each other
 */
export function callCases(sets) {
	/** @type {CallCase[]} */
	const cases = [];
	/**
	 * @param {string} name
	 * @param {string} variant
	 * @param {Partial<CallCase>} [rest] differences from an export of everything
	 */
	const add = (name, variant, rest) => {
		const set = sets.get(name);
		if (set === undefined) {
			return;
		}
		for (const format of formats) {
			cases.push({
				name: callName(name, format, variant),
				set,
				format,
				range: "allTime",
				options: {},
				...rest,
			});
		}
	};
	for (const name of threadSets) {
		add(name, "1-thread", { options: { threads: 1 } });
		add(name, "2-threads", { options: { threads: 2 } });
	}
	add("1000mb", "all");
	add(mainSet, "all");
	add(mainSet, "last-3-days", { range: lastDaysRange });
	add("overlap-8", "all");
	add("overlap-1", "all");
	add("3000-sessions", "all");
	return cases;
}

/**
 * @param {string} set
 * @param {import("./process-cases.mjs").Format} format
 * @param {string} variant
 */
export function callName(set, format, variant) {
	return `call/${set}/${format}/${variant}`;
}

/**
 * @param {readonly CallCase[]} cases
 * @param {TelemetrySet | undefined} noMatchSet exported with a range that matches no file
 * @param {number} rounds measured rounds, after one to warm up
 * @param {(message: string) => void} log
 * @returns {Promise<CallResults>}
 */
export async function runCalls(cases, noMatchSet, rounds, log) {
	const directory = mkdtempSync(path.join(roomyDirectory(cases), "bench-"));
	const core = new SecondCore();
	try {
		const output = path.join(directory, "output");
		const noMatch = noMatchSet && (await timeNoMatch(noMatchSet, output));
		const wall = new Samples();
		const secondCore = new Samples();
		for (let round = 0; round <= rounds; round++) {
			log(round === 0 ? "Inside the call: warming up …" : `Inside the call: round ${round} of ${rounds} …`);
			if (cases.length > 0) {
				// Right before the calls that are judged by it.
				const gain = await core.gain();
				secondCore.add("computation", round, round > 0 ? gain : undefined);
			}
			for (const { name, set, format, range, options } of cases) {
				const started = performance.now();
				await exportTelemetry(set.directory, range, format, output, options);
				const taken = performance.now() - started;
				wall.add(name, round, round > 0 ? taken : undefined);
				rmSync(output, { force: true });
			}
		}
		return { wall, secondCore, into: path.dirname(directory), noMatch };
	} finally {
		await core.end();
		rmSync(directory, { recursive: true, force: true });
	}
}

/** @param {readonly CallCase[]} cases */
function roomyDirectory(cases) {
	const most = Math.max(0, ...cases.map(({ set }) => set.bytes));
	if (existsSync(sharedMemory)) {
		const { bavail, bsize } = statfsSync(sharedMemory);
		if (bavail * bsize >= most * roomPerInputByte) {
			return sharedMemory;
		}
	}
	return tmpdir();
}

/**
 * @param {TelemetrySet} set
 * @param {string} output
 */
async function timeNoMatch(set, output) {
	const durations = [];
	for (let call = 0; call <= noMatchCalls; call++) {
		const started = performance.now();
		await exportTelemetry(set.directory, noMatchRange, "json", output);
		durations.push(performance.now() - started);
	}
	const later = durations.slice(1);
	return { median: median(later) ?? 0, count: later.length };
}
