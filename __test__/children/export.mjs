/** Runs an export, or lists the telemetry files, and prints the outcome as JSON. */

import { exportTelemetry, listTelemetryFiles } from "../../index.js";

/** @type {import("../child-process.mjs").Job} */
const job = JSON.parse(process.argv[2] ?? "");
const { directory, range = "allTime", format = "json", out, options, asNobody = false, list = false } = job;

if (asNobody && process.getuid?.() === 0) {
	const nobody = 65534;
	process.setgroups?.([]);
	process.setgid?.(nobody);
	process.setuid?.(nobody);
}

/** @type {import("../child-process.mjs").Outcome} */
let outcome;
try {
	outcome = { summary: await (list ? listed() : exportTelemetry(directory, range, format, out, options)) };
} catch (error) {
	const { name, message, code, osCode, path } = /** @type {any} */ (error);
	outcome = { error: { name, message, code, osCode, path } };
}
console.log(JSON.stringify(outcome));

/** Returns a listing in the shape of a summary. */
async function listed() {
	const files = await listTelemetryFiles(directory, range);
	const summary = { files: files.length, skippedFiles: [] };
	return /** @type {any} */ (summary);
}
