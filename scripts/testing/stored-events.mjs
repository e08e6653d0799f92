/** Reads telemetry files as they are stored, without the addon. For good rows only, such as generated telemetry has. */

import { readFileSync } from "node:fs";

/**
 * An event with its context, wherever its file keeps that.
 *
 * @typedef {object} StoredEvent
 * @property {string} event_id
 * @property {string} event_name
 * @property {string} timestamp
 * @property {Record<string, string>} properties
 * @property {Record<string, number | null>} measurements
 * @property {{ session_id: string, deployment_url: string, [member: string]: unknown }} context
 */

/**
 * @param {string} file
 * @returns {(StoredEvent & Record<string, unknown>)[]} in the order of writing
 */
export function readStoredEvents(file) {
	/** @type {Record<string, any>} */
	let header = {};
	const events = [];
	for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
		const row = JSON.parse(line);
		if (row.kind === "header") {
			header = row;
		} else {
			events.push(row.context === undefined ? withContext(row, header) : row);
		}
	}
	return events;
}

/**
 * @param {Record<string, any>} row
 * @param {Record<string, any>} header
 */
function withContext({ deployment_url, ...row }, { schema_version, context }) {
	return { ...row, schema_version, context: { ...context, deployment_url } };
}
