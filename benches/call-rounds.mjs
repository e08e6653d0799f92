/**
 * Measures inside the call: in one Node process, from the call to the settled promise, into memory where the
 * machine has it, so that neither Node's start nor the disk is in it.
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
/** An export is larger than its input, and stands beside the one it replaces. */
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
 * @property {Samples} secondCore what a second core was worth to pure computation
 * @property {string} into the directory that was written to
 * @property {{ median: number, count: number } | undefined} noMatch milliseconds of a call after the first
 */

/** The sets on which a second thread must help. */
export const threadSets = [mainSet, "giant-parts", "giant-file"];

/**
 * @param {ReadonlyMap<string, TelemetrySet>} sets
 * @returns {CallCase[]} in the order of a round; what is compared stands close together
 */
export function callCases(sets) {
	/** @type {CallCase[]} */
	const cases = [];
	/**
	 * @param {string} name
	 * @param {string} variant
	 * @param {Partial<CallCase>} [rest] what differs from an export of everything
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
 * @param {TelemetrySet | undefined} noMatchSet where to look for files that are not there
 * @param {number} rounds those that count, after one that does not
 * @param {(message: string) => void} tell
 * @returns {Promise<CallResults>}
 */
export async function runCalls(cases, noMatchSet, rounds, tell) {
	const directory = mkdtempSync(path.join(roomyDirectory(cases), "bench-"));
	const core = new SecondCore();
	try {
		const output = path.join(directory, "output");
		const noMatch = noMatchSet && (await timeNoMatch(noMatchSet, output));
		const wall = new Samples();
		const secondCore = new Samples();
		for (let round = 0; round <= rounds; round++) {
			tell(round === 0 ? "Inside the call: warming up …" : `Inside the call: round ${round} of ${rounds} …`);
			if (cases.length > 0) {
				// The calls that depend on it come first.
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
