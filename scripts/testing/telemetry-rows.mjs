/** Writes small telemetry files row by row. */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The context of each row. */
export const context = {
	extension_version: "1.15.2",
	machine_id: "m",
	session_id: "s",
	os_type: "linux",
	os_version: "6.8",
	host_arch: "x64",
	platform_name: "VS Code",
	platform_version: "1.107.2",
	deployment_url: "https://coder.example.com",
};

/**
 * A log event in the self-contained layout.
 *
 * @param {string} timestamp
 * @param {Record<string, unknown>} [overrides] members that replace the default ones
 * @returns {string} its line, without the line break
 */
export function row(timestamp, overrides = {}) {
	return JSON.stringify({
		event_id: "00000000000000aa",
		event_name: "connection.opened",
		timestamp,
		event_sequence: 0,
		context,
		properties: {},
		measurements: {},
		...overrides,
	});
}

/**
 * Writes files into a telemetry directory, and creates it if missing.
 *
 * @param {string} directory
 * @param {Record<string, string[]>} linesByFile the lines of each file, by file name
 */
export function writeTelemetry(directory, linesByFile) {
	mkdirSync(directory, { recursive: true });
	for (const [name, lines] of Object.entries(linesByFile)) {
		writeFileSync(path.join(directory, name), lines.map((line) => `${line}\n`).join(""));
	}
}
