/** What is redacted in the exports that are sent to receivers, and the rows that a redacted export must agree with. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../../../index.js";

/** @typedef {Pick<import("../../../index.js").ExportOptions, "redact" | "redactKey">} RedactionOptions */

/** With one key, a value has the same pseudonym in all exports, so that they can be compared. */
const redactKey = "k".repeat(32);

/**
 * @typedef {object} ExportKind
 * @property {string} name
 * @property {RedactionOptions} options
 */

/** @type {ExportKind} */
export const plainExport = { name: "as recorded", options: {} };

/** @type {ExportKind[]} */
export const redactedExports = [
	{ name: "redacted", options: { redact: "marked", redactKey } },
	{ name: "redacted with unknown values", options: { redact: "unknown", redactKey } },
];

export const plainAndRedactedExports = [plainExport, ...redactedExports];

/** Rows in a file. Readers parse a whole file at once. */
const rowsInFile = 100_000;

/**
 * Returns telemetry with the rows that an export has. For a redacted export these are the events of a JSON export with the
 * same redaction, written as telemetry.
 *
 * @param {string} directory the telemetry
 * @param {string} folder created if missing
 * @param {RedactionOptions} options
 * @returns {Promise<string>} a directory
 */
export async function exportedRows(directory, folder, options) {
	if (options.redact === undefined) {
		return directory;
	}
	const rows = path.join(folder, "redacted-rows");
	mkdirSync(rows, { recursive: true });
	const file = path.join(folder, "redacted.json");
	await exportTelemetry(directory, "allTime", "json", file, options);
	// An event a line, between the brackets. All but the last end with a comma.
	const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(1, -1);
	rmSync(file);
	for (let start = 0; start < lines.length; start += rowsInFile) {
		const chosen = lines.slice(start, start + rowsInFile).map((line) => line.replace(/,$/, ""));
		const part = start / rowsInFile;
		const name = part === 0 ? "redacted" : `redacted.${part}`;
		writeFileSync(path.join(rows, `telemetry-2026-06-01-${name}.jsonl`), `${chosen.join("\n")}\n`);
	}
	return rows;
}
