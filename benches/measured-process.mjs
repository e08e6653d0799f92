/**
 * Runs a command in a fresh process and measures it: wall time from start to exit, processor time, and peak memory.
 *
 * Python waits for the process if it is installed, because Node cannot get the usage of a single child. Without Python,
 * Node processes report their own usage, and other programs are measured by wall time only.
 */

import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "../scripts/set-up.mjs";

const pythonScript = path.join(repository, "benches", "measured-process.py");
const reporter = pathToFileURL(path.join(repository, "benches", "usage-reporter.mjs")).href;
const hasPython = process.platform !== "win32" && spawnSync("python3", ["-c", ""]).status === 0;

/** How processes are measured, for the performance page. */
export const measuredBy = hasPython ? "Python's wait4" : "Node, without the usage of other programs";

/**
 * @typedef {object} Measured
 * @property {number} wallMs
 * @property {number} [userMs] processor time in user mode
 * @property {number} [cpuMs] processor time in user and kernel mode
 * @property {number} [peakBytes] peak resident memory
 * @property {string} stdout
 */

/**
 * @param {readonly string[]} command a program and its arguments
 * @returns {Measured}
 * @throws {Error} if it cannot be started or fails
 */
export function measureProcess(command) {
	const wrapped = wrap(command);
	const started = process.hrtime.bigint();
	const { error, status, signal, output } = spawnSync(/** @type {string} */ (wrapped[0]), wrapped.slice(1), {
		stdio: ["ignore", "pipe", "pipe", "pipe"],
		encoding: "utf8",
		maxBuffer: 2 ** 26,
	});
	const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
	const [, stdout, stderr, usage] = output ?? [];
	if (error !== undefined || status !== 0) {
		const outcome = error?.message ?? (signal === null ? `exit code ${status}` : signal);
		const shown = command.join(" ").slice(0, 300);
		throw new Error(`${shown} failed: ${outcome}\n${stderr ?? ""}`, { cause: error });
	}
	return { wallMs, ...JSON.parse(usage || "{}"), stdout: stdout ?? "" };
}

/**
 * @param {readonly string[]} command
 * @returns {readonly string[]}
 */
function wrap(command) {
	if (hasPython) {
		return ["python3", "-I", pythonScript, ...command];
	}
	const [program = "", ...programArguments] = command;
	return program === process.execPath ? [program, "--import", reporter, ...programArguments] : command;
}
