/** Writes rows whose members are given as JSON text. */

/** @param {string} session */
export function contextOf(session) {
	return {
		extension_version: "1.15.2",
		machine_id: "91e90a7f8bc9f1b92bb08e77d9eaace3",
		session_id: `${session}-5bfbf9d652a1602c`,
		os_type: "linux",
		os_version: "6.8.0-57-generic",
		host_arch: "x64",
		platform_name: "VSCodium",
		platform_version: "1.106.3",
	};
}

/**
 * @param {Record<string, unknown>} context
 * @returns {string}
 */
export function header(context) {
	return JSON.stringify({ kind: "header", schema_version: 1, timestamp: "2026-06-01T00:00:00Z", context });
}

/**
 * A row under a header.
 *
 * @param {string} name of the event
 * @param {string} timestamp
 * @param {Record<string, string>} [members] JSON text of further or other members; an empty text removes a member
 * @returns {string}
 */
export function spelledRow(name, timestamp, members = {}) {
	const all = {
		event_id: '"5bfbf9d652a1602c"',
		event_name: JSON.stringify(name),
		timestamp: JSON.stringify(timestamp),
		event_sequence: "0",
		properties: "{}",
		measurements: "{}",
		deployment_url: '"https://coder.example.com"',
		...members,
	};
	const spelled = Object.entries(all).filter(([, value]) => value !== "");
	return `{${spelled.map(([key, value]) => `"${key}":${value}`).join(",")}}`;
}

/** Members of a row that belongs to a trace. */
export const trace = { trace_id: '"9c5841cd6389a0f24a8303e8087c7ed2"' };
