/** Exports of the samples and the fixtures, which must not depend on the system. */

import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

/** @type {typeof import("../../index.js")} */
const { exportTelemetry } = createRequire(import.meta.url)("../../index.js");

/** Telemetry directories, from the top of the repository. */
export const sampleDirectories = [
	"examples/telemetry/current",
	"examples/telemetry/earliest",
	"examples/telemetry/self-contained",
	"fixtures/broken-lines",
	"fixtures/current-layout",
	"fixtures/earliest-layout",
	"fixtures/self-contained-layout",
];

/** The formats, and the ends of their files. */
export const sampleFormats = /** @type {const} */ ([
	{ format: "json", extension: "json" },
	{ format: "otlp", extension: "otlp.zip" },
	{ format: "html", extension: "html" },
]);

/**
 * @param {string} folder
 * @param {string} directory of the telemetry
 * @param {string} extension
 * @returns {string} the file of the export
 */
export function sampleExport(folder, directory, extension) {
	return path.join(folder, `${directory.replaceAll("/", "-")}.${extension}`);
}

/**
 * Exports every sample in every format.
 *
 * @param {string} folder is emptied first
 */
export async function exportSamples(folder) {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const directory of sampleDirectories) {
		for (const { format, extension } of sampleFormats) {
			const file = sampleExport(folder, directory, extension);
			await exportTelemetry(path.join(repository, directory), "allTime", format, file);
		}
	}
}
