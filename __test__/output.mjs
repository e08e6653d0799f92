/** Exports the sample to a temporary directory. */

import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";

export const sample = path.join(repository, "examples", "telemetry", "current");

/** @param {import("node:test").TestContext} test */
export function setup(test) {
	const directory = temporaryDirectory(test);
	return {
		directory,
		out: path.join(directory, "out.json"),
		/**
		 * @param {string} out
		 * @param {import("../index.js").ExportOptions} [options]
		 */
		run: (out, options) => exportTelemetry(sample, "allTime", "json", out, options),
	};
}

/** @param {string} file */
export function modeOf(file) {
	return statSync(file).mode & 0o777;
}

/** @param {string} file */
export function countEvents(file) {
	return JSON.parse(readFileSync(file, "utf8")).length;
}
