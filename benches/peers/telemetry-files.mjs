/** What all peers need: the files of a telemetry directory in order, and the context of each row. */

import { readdirSync } from "node:fs";
import path from "node:path";

const namePattern = /^telemetry-(\d{4}-\d\d-\d\d)-([^.]+)(?:\.(\d+))?\.jsonl$/;

/**
 * @param {string} directory
 * @returns {string[]} paths of the telemetry files, sorted by date, session and part
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
 * @returns {number} for `sort`
 */
export function compareTexts(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * An event with its context, from a row of either layout.
 *
 * @param {any} row
 * @param {any} header the last header of the file
 * @returns {any} the row itself if it has its own context
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
