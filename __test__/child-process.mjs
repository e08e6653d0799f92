/** Node processes of their own, for what only shows from outside: how one ends, what it may use, who it runs as. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { repository } from "../scripts/set-up.mjs";

/**
 * @typedef {object} Surroundings
 * @property {string[]} [command] a command that runs the process, such as `["strace", "-f"]`
 * @property {Record<string, string>} [env] variables on top of our own
 * @property {string[]} [nodeOptions] options of Node
 */

/**
 * What an export in a process of its own came to: one of both.
 *
 * @typedef {object} Outcome
 * @property {import("../index.js").ExportSummary} [summary]
 * @property {{ name: string, message: string, code?: string, osCode?: string, path?: string }} [error]
 */

/**
 * @typedef {object} Job arguments of `exportTelemetry`, and what the process shall do besides
 * @property {string} directory
 * @property {import("../index.js").ExportRange} [range] all of time
 * @property {import("../index.js").ExportFormat} [format] `json`
 * @property {string} out
 * @property {import("../index.js").ExportOptions} [options]
 * @property {boolean} [list] only list the files
 * @property {boolean} [asNobody] give up root's rights, which no permission holds back
 */

/**
 * Starts a script of `children/` with a job.
 *
 * @param {string} script
 * @param {unknown} job
 * @param {Surroundings} [surroundings]
 */
export function startChild(script, job, { command = [], env = {}, nodeOptions = [] } = {}) {
	const file = path.join(repository, "__test__", "children", script);
	const [program = "", ...words] = [...command, process.execPath, ...nodeOptions, file, JSON.stringify(job)];
	// Without what the test runner sets, which would have the process report to it.
	const { NODE_TEST_CONTEXT, ...inherited } = process.env;
	return spawn(program, words, {
		env: { ...inherited, ...env },
		stdio: ["ignore", "pipe", "pipe"],
		// A process that hangs shows as one that was killed.
		timeout: 120_000,
		killSignal: "SIGKILL",
	});
}

/**
 * Runs a script of `children/` to its end.
 *
 * @param {string} script
 * @param {unknown} job
 * @param {Surroundings} [surroundings]
 * @returns {Promise<{ status: number | null, signal: string | null, stdout: string, stderr: string }>}
 */
export async function runChild(script, job, surroundings) {
	const child = startChild(script, job, surroundings);
	const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
	const [status, signal] = await once(child, "close");
	return { status, signal, stdout: stdout(), stderr: stderr() };
}

/**
 * Runs a script of `children/` that prints JSON, and must end well.
 *
 * @param {string} script
 * @param {unknown} job
 * @param {Surroundings} [surroundings]
 * @returns {Promise<any>} what it printed
 */
export async function askChild(script, job, surroundings) {
	const { status, signal, stdout, stderr } = await runChild(script, job, surroundings);
	if (status !== 0) {
		throw new Error(`${script} ended with ${signal ?? status}: ${stderr}${stdout}`);
	}
	return JSON.parse(stdout);
}

/** @param {import("node:stream").Readable} stream */
function collect(stream) {
	let text = "";
	stream.setEncoding("utf8").on("data", (chunk) => {
		text += chunk;
	});
	return () => text;
}
