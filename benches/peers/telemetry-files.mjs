/** What every peer must know of a telemetry directory: its files in order, and whose row is whose. */

import { readdirSync } from "node:fs";
import path from "node:path";

const namePattern = /^telemetry-(\d{4}-\d\d-\d\d)-([^.]+)(?:\.(\d+))?\.jsonl$/;

/**
 * @param {string} directory
 * @returns {string[]} paths of the telemetry files by date, session and part
 */
export function telemetryFiles(directory) {
	const files = readdirSync(directory).flatMap((name) => {
		const [, date = "", session = "", part = "0"] = namePattern.exec(name) ?? [];
		return date === "" ? [] : [{ name, dateAndSession: `${date} ${session}`, part: Number(part) }];
	});
	files.sort((a, b) => compareTexts(a.dateAndSession, b.dateAndSession) || a.part - b.part);
	return files.map(({ name }) => path.join(directory, name));
}

/**
 * @param {string} a
 * @param {string} b
 * @returns {number} below, at or above 0, as `sort` wants it
 */
export function compareTexts(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * An event with its context, whichever layout its row has.
 *
 * @param {any} row
 * @param {any} header the header in force
 * @returns {any} the row itself where it has a context of its own
 */
export function withContext(row, header) {
	if (row.context !== undefined) {
		return row;
	}
	const { deployment_url, ...event } = row;
	return {
		...event,
		schema_version: header.schema_version,
		context: { ...header.context, deployment_url },
	};
}
