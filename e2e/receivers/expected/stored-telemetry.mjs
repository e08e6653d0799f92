/**
 * What must arrive of a telemetry directory, read from its rows as they are stored: the mapping once more, by a second,
 * independent reading of the specification, in Prometheus's own names.
 */

import { readdirSync } from "node:fs";
import path from "node:path";
import { readStoredEvents } from "../../../scripts/testing/stored-events.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Signal} Signal */
/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Temporality} Temporality */
/** @typedef {import("../../../scripts/testing/stored-events.mjs").StoredEvent} StoredEvent */

/**
 * @typedef {object} CounterTotal
 * @property {number} total of all stored counts
 * @property {number} rows how many rows count, and one more for the zero that a running total begins with
 */

/**
 * @typedef {object} LastReading
 * @property {number} last value
 * @property {number} rows how many rows have one
 */

/**
 * Each by its series, see {@link seriesKey}.
 *
 * @typedef {object} Metrics
 * @property {Map<string, CounterTotal>} counters
 * @property {Map<string, LastReading>} gauges
 */

/** @typedef {Metrics & { records: Record<Signal, number> }} StoredTelemetry with how many records of each signal its rows make */

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
 * @param {Temporality} temporality of the export
 * @returns {StoredTelemetry}
 */
export function readStoredTelemetry(directory, temporality) {
	/** @type {StoredTelemetry} */
	const stored = { records: { logs: 0, traces: 0, metrics: 0 }, counters: new Map(), gauges: new Map() };
	for (const name of telemetryFiles(directory)) {
		for (const event of readStoredEvents(path.join(directory, name))) {
			addEvent(stored, event);
		}
	}
	if (temporality === "cumulative") {
		addZeroPoints(stored);
	}
	return stored;
}

/**
 * Running totals begin with a zero.
 *
 * @param {StoredTelemetry} stored
 */
function addZeroPoints({ records, counters }) {
	for (const counter of counters.values()) {
		counter.rows += 1;
		records.metrics += 1;
	}
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
 * @param {StoredTelemetry} stored
 * @param {StoredEvent & Record<string, unknown>} event
 */
function addEvent(stored, event) {
	const { trace_id, properties, measurements } = event;
	const points = pointsOf(event);
	if (points.length > 0) {
		stored.records.metrics += points.length;
		addPoints(stored, event, points);
	} else if (trace_id !== undefined && ("durationMs" in measurements || "result" in properties)) {
		stored.records.traces += 1;
	} else {
		stored.records.logs += 1;
	}
}

/**
 * @param {StoredEvent} event
 * @returns {{ measurement: string, value: number }[]} the measurements that become data points
 */
function pointsOf({ event_name, measurements }) {
	if (!metricEvents.has(event_name)) {
		return [];
	}
	return Object.entries(measurements).flatMap(([measurement, value]) => {
		const isWindow = event_name === "http.requests" && measurement === "window_seconds";
		return value === null || isWindow ? [] : [{ measurement, value }];
	});
}

/**
 * @param {Metrics} metrics
 * @param {StoredEvent} event
 * @param {{ measurement: string, value: number }[]} points
 */
function addPoints({ counters, gauges }, event, points) {
	for (const { measurement, value } of points) {
		if (event.event_name === "http.requests" && /^count[_.]/.test(measurement)) {
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
	return text.replace(/[^a-zA-Z0-9]+/g, "_");
}

/**
 * @param {StoredEvent} event
 * @param {string} name of the metric
 */
function seriesOf({ properties, context }, name) {
	const labels = Object.entries(properties).map(([key, value]) => [prometheusWord(pointKey(key)), value]);
	return seriesKey({
		...Object.fromEntries(labels),
		__name__: name,
		coder_deployment_url: context.deployment_url,
		instance: context.session_id,
		job: "coder-vscode-extension",
	});
}

/**
 * Prometheus sets some labels itself, and takes no name without a letter or digit.
 *
 * @param {string} key of a property
 */
function pointKey(key) {
	const isReserved = ["job", "instance"].includes(key) || key.startsWith("__");
	return isReserved || !/[a-zA-Z0-9]/.test(key) ? `coder.property.${key}` : key;
}

/**
 * @param {Record<string, string>} labels
 * @returns {string} the same for the same labels in any order
 */
export function seriesKey(labels) {
	return JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
}
