/** Runs Node in child processes, to test how one ends, what it uses and which user it runs as. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { repository } from "../scripts/set-up.mjs";
import { onWindows } from "../scripts/testing/windows.mjs";

/** @typedef {import("node:stream").Readable} Readable */
/** @typedef {import("node:stream").Writable} Writable */
/**
 * @template {Writable | null} Input
 * @template {Readable | null} Output
 * @template {Readable | null} Errors
 * @typedef {import("node:child_process").ChildProcessByStdio<Input, Output, Errors>} ChildProcessByStdio
 */

/**
 * @typedef {object} Surroundings
 * @property {string[]} [command] a command that runs the process, such as `["strace", "-f"]`
 * @property {Record<string, string>} [env] additional variables
 * @property {string[]} [nodeOptions] options of Node
 * @property {"ignore" | "pipe"} [input] what standard input is; nothing by default
 */

/**
 * The outcome of an export in a child process: a summary or an error.
 *
 * @typedef {object} Outcome
 * @property {import("../index.js").ExportSummary} [summary]
 * @property {{ name: string, message: string, code?: string, osCode?: string, path?: string }} [error]
 */

/**
 * @typedef {object} Job arguments of `exportTelemetry`, and further settings
 * @property {string} directory
 * @property {import("../index.js").ExportRange} [range] default `allTime`
 * @property {import("../index.js").ExportFormat} [format] default `json`
 * @property {string} out
 * @property {import("../index.js").ExportOptions} [options]
 * @property {boolean} [list] only list the files
 * @property {boolean} [asNobody] run as `nobody`, because permissions do not restrict root
 */

/**
 * Starts a script of `children/` with a job.
 *
 * @param {string} script
 * @param {unknown} job
 * @param {Surroundings} [surroundings]
 */
export function startChild(script, job, { command = [], env = {}, nodeOptions = [], input = "ignore" } = {}) {
	const file = path.join(repository, "__test__", "children", script);
	const [program = "", ...args] = [...command, process.execPath, ...nodeOptions, file, JSON.stringify(job)];
	// Without variables of the test runner, which would make the process report to it.
	const { NODE_TEST_CONTEXT, ...inherited } = process.env;
	const child = spawn(program, args, {
		env: { ...inherited, ...env },
		stdio: [input, "pipe", "pipe"],
		// A hanging process is killed.
		timeout: 120_000,
		killSignal: "SIGKILL",
	});
	return /** @type {ChildProcessByStdio<Writable | null, Readable, Readable>} */ (child);
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
 * Runs a script of `children/` that prints JSON and must succeed.
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

/**
 * Starts Node so that the test can interrupt it.
 *
 * @param {string[]} args
 */
export function startInterruptible(args) {
	const { NODE_TEST_CONTEXT, ...env } = process.env;
	const byMessage = path.join(repository, "__test__", "children", "signals-by-message.cjs");
	const child = spawn(process.execPath, onWindows ? ["--require", byMessage, ...args] : args, {
		env,
		stdio: onWindows ? ["ignore", "pipe", "pipe", "ipc"] : ["ignore", "pipe", "pipe"],
	});
	return {
		child: /** @type {ChildProcessByStdio<null, Readable, Readable>} */ (child),
		/** @param {NodeJS.Signals} signal */
		interrupt(signal) {
			// On Windows, kill() would end the process whatever the signal.
			onWindows ? child.send(signal) : child.kill(signal);
		},
	};
}

/** @param {Readable} stream */
function collect(stream) {
	let text = "";
	stream.setEncoding("utf8").on("data", (chunk) => {
		text += chunk;
	});
	return () => text;
}
