/**
 * What Prometheus must hold of a telemetry directory, read from its rows as they are stored: the mapping once more, by
 * a second, independent reading of the specification, in Prometheus's own names.
 */

import { readdirSync } from "node:fs";
import path from "node:path";
import { readStoredEvents } from "../../scripts/end-to-end/stored-events.mjs";

/** @typedef {import("../../scripts/end-to-end/stored-events.mjs").StoredEvent} StoredEvent */

/**
 * @typedef {object} CounterTotal
 * @property {number} total of all stored counts
 * @property {number} rows how many rows count
 */

/**
 * @typedef {object} LastReading
 * @property {number} last value
 * @property {number} rows how many rows have one
 */

/**
 * Each by its series, see {@link seriesKey}.
 *
 * @typedef {object} StoredMetrics
 * @property {Map<string, CounterTotal>} counters
 * @property {Map<string, LastReading>} gauges
 */

const metricEvents = new Set(["http.requests", "ssh.network.info", "ssh.network.sampled"]);

/** How the units at the end of a measurement's name are called by Prometheus. */
const units = new Map([
	["_ms", "milliseconds"],
	["Ms", "milliseconds"],
	["_seconds", "seconds"],
	["_mbits", "Mbit_per_second"],
	["Mbits", "Mbit_per_second"],
	["_bytes", "bytes"],
]);

/**
 * @param {string} directory of rows that are good
 * @returns {StoredMetrics}
 */
export function readStoredMetrics(directory) {
	/** @type {StoredMetrics} */
	const metrics = { counters: new Map(), gauges: new Map() };
	for (const name of telemetryFiles(directory)) {
		for (const event of readStoredEvents(path.join(directory, name))) {
			if (metricEvents.has(event.event_name)) {
				addEvent(metrics, event);
			}
		}
	}
	return metrics;
}

/**
 * @param {string} directory
 * @returns {string[]} in the order of writing, for each session
 */
function telemetryFiles(directory) {
	/** @param {string} name */
	const writing = (name) => {
		const [, date, session, part = "0"] =
			/^telemetry-(\d{4}-\d\d-\d\d)-([^.]+)(?:\.(\d+))?\.jsonl$/.exec(name) ?? [];
		return `${session} ${date} ${part.padStart(6, "0")}`;
	};
	return readdirSync(directory).sort((left, right) => (writing(left) < writing(right) ? -1 : 1));
}

/**
 * @param {StoredMetrics} metrics
 * @param {StoredEvent} event
 */
function addEvent({ counters, gauges }, event) {
	const isRequests = event.event_name === "http.requests";
	for (const [measurement, value] of Object.entries(event.measurements)) {
		if (value === null || (isRequests && measurement === "window_seconds")) {
			continue;
		}
		if (isRequests && /^count[_.]/.test(measurement)) {
			const key = seriesOf(event, `${prometheusName(event, measurement)}_total`);
			const { total, rows } = counters.get(key) ?? { total: 0, rows: 0 };
			counters.set(key, { total: total + value, rows: rows + 1 });
		} else {
			const key = seriesOf(event, gaugeName(event, measurement));
			// The times of a stream never go back: what was written last is the last.
			gauges.set(key, { last: value, rows: (gauges.get(key)?.rows ?? 0) + 1 });
		}
	}
}

/**
 * @param {StoredEvent} event
 * @param {string} measurement
 */
function gaugeName(event, measurement) {
	const suffix = [...units.keys()].find((unit) => measurement.endsWith(unit) && measurement !== unit);
	return suffix === undefined
		? prometheusName(event, measurement)
		: `${prometheusName(event, measurement.slice(0, -suffix.length))}_${units.get(suffix)}`;
}

/**
 * @param {StoredEvent} event
 * @param {string} measurement
 */
function prometheusName(event, measurement) {
	return prometheusWord(`${event.event_name}.${measurement}`);
}

/** @param {string} text */
function prometheusWord(text) {
	return text.replace(/[^a-zA-Z0-9]/g, "_");
}

/**
 * @param {StoredEvent} event
 * @param {string} name of the metric
 */
function seriesOf({ properties, context }, name) {
	const labels = Object.entries(properties).map(([key, value]) => [prometheusWord(key), value]);
	return seriesKey({
		...Object.fromEntries(labels),
		__name__: name,
		coder_deployment_url: context.deployment_url,
		instance: context.session_id,
		job: "coder-vscode-extension",
	});
}

/**
 * @param {Record<string, string>} labels
 * @returns {string} the same for the same labels in any order
 */
export function seriesKey(labels) {
	return JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
}
