/**
 * Writes rows in the layouts of the extension's files: with a header line or self-contained, and with the names that the
 * earliest builds used.
 */

/**
 * The context of a session's rows, without `deployment_url`. It is in the file's header or in every row.
 *
 * @typedef {object} Context
 * @property {string} extension_version
 * @property {string} machine_id
 * @property {string} session_id
 * @property {string} os_type
 * @property {string} os_version
 * @property {string} host_arch
 * @property {string} platform_name
 * @property {string} platform_version
 */

/**
 * An event before it is written in a layout.
 *
 * @typedef {object} TelemetryEvent
 * @property {string} name
 * @property {number} timestamp milliseconds since 1970
 * @property {Record<string, string>} properties
 * @property {Record<string, number | null>} measurements
 * @property {string} [traceId]
 * @property {string} [parentEventId]
 * @property {string} [eventId] set if other rows refer to it; otherwise drawn when the row is written
 * @property {{ message: string, type?: string, code?: string }} [error]
 * @property {string} deploymentUrl
 */

/** @typedef {"current" | "self-contained" | "earliest"} Layout */

/** All layouts, as named on the command line. */
export const layouts = /** @type {readonly Layout[]} */ (["current", "self-contained", "earliest"]);

/** Names of the current layout, and the names that the earliest builds used for them. */
const earliestNames = new Map([
	["agent.connected_count", "connected_agent_count"],
	["agent.count", "agent_count"],
	["auth_state", "authState"],
	["cache_source", "cacheSource"],
	["close_code", "closeCode"],
	["command_id", "commandId"],
	["connect_duration_ms", "connectDurationMs"],
	["connection_duration_ms", "connectionDurationMs"],
	["download_mbits", "downloadMbits"],
	["duration.p50_ms", "p50_duration_ms"],
	["duration.p95_ms", "p95_duration_ms"],
	["duration.p99_ms", "p99_duration_ms"],
	["latency_ms", "latencyMs"],
	["max_backoff_ms", "maxBackoffMs"],
	["observed_duration_ms", "observedDurationMs"],
	["preferred_derp", "preferredDerp"],
	["refresh_attempted", "refreshAttempted"],
	["total_duration_ms", "totalDurationMs"],
	["upload_mbits", "uploadMbits"],
	["uptime_ms", "uptimeMs"],
	["was_lost", "wasLost"],
	["count.1xx", "count_1xx"],
	["count.2xx", "count_2xx"],
	["count.3xx", "count_3xx"],
	["count.4xx", "count_4xx"],
	["count.5xx", "count_5xx"],
	["count.network_error", "count_network_error"],
]);

/**
 * @param {Record<string, string | number | null>} members
 * @param {Layout} layout
 * @returns {string} JSON text with the names of the layout
 */
function membersText(members, layout) {
	if (layout !== "earliest") {
		return JSON.stringify(members);
	}
	const renamed = Object.entries(members).map(([name, value]) => [earliestNames.get(name) ?? name, value]);
	return JSON.stringify(Object.fromEntries(renamed));
}

/**
 * @param {Context} context
 * @param {number} timestamp milliseconds since 1970
 * @returns {string} the first line of a file in the current layout
 */
export function headerLine(context, timestamp) {
	const header = { kind: "header", schema_version: 1, timestamp: new Date(timestamp).toISOString(), context };
	return `${JSON.stringify(header)}\n`;
}

/** Writes the rows of one session, with sequence numbers. */
export class RowWriter {
	#layout;
	#context;
	#random;
	#sequence = 0;
	/** Cached text of the context, which changes only with the deployment. */
	#contextMembers = { deploymentUrl: "", text: "" };

	/**
	 * @param {Layout} layout
	 * @param {Context} context
	 * @param {import("./random.mjs").Random} random draws event ids
	 */
	constructor(layout, context, random) {
		this.#layout = layout;
		this.#context = context;
		this.#random = random;
	}

	/**
	 * @param {TelemetryEvent} event
	 * @returns {string} its line, including the line break
	 */
	line(event) {
		const { name, timestamp, properties, measurements, traceId, parentEventId, error, deploymentUrl } = event;
		let line = `{"event_id":"${event.eventId ?? this.#random.hex(16)}","event_name":"${name}"`;
		line += `,"timestamp":"${new Date(timestamp).toISOString()}","event_sequence":${this.#sequence++}`;
		if (this.#layout !== "current") {
			line += this.#contextText(deploymentUrl);
		}
		line += `,"properties":${membersText(properties, this.#layout)}`;
		line += `,"measurements":${membersText(measurements, this.#layout)}`;
		if (traceId !== undefined) {
			line += `,"trace_id":"${traceId}"`;
		}
		if (parentEventId !== undefined) {
			line += `,"parent_event_id":"${parentEventId}"`;
		}
		if (error !== undefined) {
			line += `,"error":${JSON.stringify(error)}`;
		}
		if (this.#layout === "current") {
			line += `,"deployment_url":"${deploymentUrl}"`;
		}
		return `${line}}\n`;
	}

	/** @param {string} deploymentUrl */
	#contextText(deploymentUrl) {
		if (this.#contextMembers.deploymentUrl !== deploymentUrl) {
			const context = JSON.stringify({ ...this.#context, deployment_url: deploymentUrl });
			const version = this.#layout === "self-contained" ? `,"schema_version":1` : "";
			this.#contextMembers = { deploymentUrl, text: `${version},"context":${context}` };
		}
		return this.#contextMembers.text;
	}
}
