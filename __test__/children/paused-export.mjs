/** Runs an export that waits for a file to appear before it replaces its target, and prints the outcome as JSON. */

import { existsSync } from "node:fs";
import { exportTelemetry } from "../../index.js";

/** @type {import("../child-process.mjs").Job & { mayGoOn: string }} */
const job = JSON.parse(process.argv[2] ?? "");
const { directory, range = "allTime", format = "json", out, options, mayGoOn } = job;

const clock = new Int32Array(new SharedArrayBuffer(4));
let paused = false;

/** @param {import("../../index.js").ExportProgress} progress */
function pause({ phase }) {
	if (phase === "finishing" && !paused) {
		paused = true;
		console.error("paused");
		while (!existsSync(mayGoOn)) {
			Atomics.wait(clock, 0, 0, 2);
		}
	}
}

/** @type {import("../child-process.mjs").Outcome} */
let outcome;
try {
	const onProgress = pause;
	outcome = { summary: await exportTelemetry(directory, range, format, out, { ...options, onProgress }) };
} catch (error) {
	const { name, message, code, osCode, path } = /** @type {any} */ (error);
	outcome = { error: { name, message, code, osCode, path } };
}
console.log(JSON.stringify(outcome));
