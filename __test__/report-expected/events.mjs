/** The events of a JSON export, in the order of their sessions. */

import { readJson } from "./json-text.mjs";
import { nanosecondsOf } from "./times.mjs";

/** @typedef {import("./json-text.mjs").JsonValue} JsonValue */

/**
 * @typedef {object} TelemetryEvent
 * @property {string} session the file-name field
 * @property {ReadonlyMap<string, JsonValue>} members
 * @property {string} name
 * @property {bigint} time nanoseconds since 1970
 * @property {ReadonlyMap<string, JsonValue>} context
 * @property {ReadonlyMap<string, JsonValue>} properties
 * @property {ReadonlyMap<string, JsonValue>} measurements
 * @property {ReadonlyMap<string, JsonValue> | undefined} error
 * @property {Measured[]} points data points; empty for other events
 * @property {number} dropped number of measurements that give no point
 * @property {"logs" | "traces" | "metrics"} signal
 *
 * @typedef {object} Measured
 * @property {string} key
 * @property {string} spelled
 * @property {number} value
 */

const telemetryFile = /^telemetry-(\d{4}-\d\d-\d\d)-([^.]+)(?:\.\d+)?\.jsonl$/;
const metricEvents = new Set(["http.requests", "ssh.network.info", "ssh.network.sampled"]);

/**
 * @param {string[]} fileNames of the telemetry directory
 * @param {{ first?: string, last?: string }} [days] first and last day of the range, inclusive
 * @returns {string[]} sessions, ordered by the date of the first file in the range and then by name
 */
export function sessionsInOrder(fileNames, { first = "0000-01-01", last = "9999-12-31" } = {}) {
	/** @type {Map<string, string>} */
	const firstDates = new Map();
	for (const name of fileNames.toSorted()) {
		const [, date, session] = telemetryFile.exec(name) ?? [];
		if (date !== undefined && session !== undefined && date >= first && date <= last) {
			firstDates.set(session, firstDates.get(session) ?? date);
		}
	}
	const keys = [...firstDates].map(([session, date]) => ({ session, key: `${date} ${session}` }));
	return keys.sort((one, other) => (one.key < other.key ? -1 : 1)).map(({ session }) => session);
}

/**
 * Reads a JSON export in the order of a report: one session after the other, each in append order. A JSON export merges
 * sessions by time, but keeps the order within each.
 *
 * @param {string} json
 * @param {string[]} sessions in order; session ids begin with the session's name
 * @returns {TelemetryEvent[]} events between 1970 and 2262
 */
export function readEvents(json, sessions) {
	/** @type {Map<string, TelemetryEvent[]>} */
	const bySession = new Map(sessions.map((session) => [session, []]));
	/** @type {Map<string, string>} */
	const names = new Map();
	for (const line of json.slice("[\n".length, -"\n]\n".length).split(/,?\n/)) {
		const { members } = readJson(line);
		const id = memberOf(member(members, "context").members, "session_id") ?? "";
		const session = names.get(id) ?? sessionOf(id, sessions);
		names.set(id, session);
		const event = readEvent(members, session);
		if (event !== undefined) {
			bySession.get(session)?.push(event);
		}
	}
	return [...bySession.values()].flat();
}

/**
 * @param {string} id
 * @param {string[]} sessions
 */
function sessionOf(id, sessions) {
	const [session, ...others] = sessions.filter((session) => id.startsWith(session));
	if (session === undefined || others.length > 0) {
		throw new Error(`${id} does not belong to exactly one session: ${[session, ...others]}`);
	}
	return session;
}

/**
 * @param {ReadonlyMap<string, JsonValue>} members
 * @param {string} session
 * @returns {TelemetryEvent | undefined}
 */
function readEvent(members, session) {
	const name = member(members, "event_name").text;
	const time = nanosecondsOf(member(members, "timestamp").text);
	if (time === undefined) {
		return undefined;
	}
	const error = members.get("error");
	/** @type {TelemetryEvent} */
	const event = {
		session,
		members,
		name,
		time,
		context: member(members, "context").members,
		properties: member(members, "properties").members,
		measurements: member(members, "measurements").members,
		error: error?.type === "object" ? error.members : undefined,
		points: [],
		dropped: 0,
		signal: "logs",
	};
	if (metricEvents.has(name)) {
		measure(event);
	}
	if (event.points.length > 0) {
		event.signal = "metrics";
	} else if (isSpan(event)) {
		event.signal = "traces";
	}
	return event;
}

/** @param {TelemetryEvent} event */
function measure(event) {
	for (const [key, { type, spelled }] of event.measurements) {
		const isRequests = event.name === "http.requests";
		if (isRequests && key === "window_seconds") {
			continue;
		}
		const value = type === "number" ? Number(spelled) : Number.NaN;
		const isCounter = isRequests && statusClass(key) !== undefined;
		if (Number.isFinite(value) && !(isCounter && value < 0)) {
			event.points.push({ key, spelled, value });
		} else {
			event.dropped += 1;
		}
	}
}

/**
 * @param {string} measurement of `http.requests`
 * @returns {string | undefined} the status class that it counts, if it is a count
 */
export function statusClass(measurement) {
	return /^count[._](.*)$/s.exec(measurement)?.[1];
}

/** @param {TelemetryEvent} event */
function isSpan({ members, properties, measurements }) {
	const isUsable = (/** @type {string | undefined} */ id) => id !== undefined && !/^0*$/.test(id);
	const ids = ["trace_id", "event_id"].map((name) => memberOf(members, name));
	return ids.every(isUsable) && (measurements.has("durationMs") || properties.has("result"));
}

/**
 * @param {ReadonlyMap<string, JsonValue>} members
 * @param {string} name
 * @returns {string | undefined} the text of a string; an optional member that is `null` counts as absent
 */
export function memberOf(members, name) {
	const value = members.get(name);
	return value?.type === "string" ? value.text : undefined;
}

/**
 * @param {ReadonlyMap<string, JsonValue>} members
 * @param {string} name
 * @returns {JsonValue}
 */
function member(members, name) {
	const value = members.get(name);
	if (value === undefined) {
		throw new Error(`an event without ${name}`);
	}
	return value;
}
