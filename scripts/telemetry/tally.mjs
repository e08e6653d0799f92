/**
 * Counts what an export of everything must find, by a second, independent reading of the routing rules: metric
 * events by their name, spans by their trace and outcome, everything else a log record.
 */

/** @typedef {import("./layout.mjs").TelemetryEvent} TelemetryEvent */

const metricEvents = new Set(["http.requests", "ssh.network.info", "ssh.network.sampled"]);

/** Counts of the events it was shown. */
export class Tally {
	events = 0;
	/** @type {Record<string, number>} */
	eventsByName = {};
	logs = 0;
	traces = 0;
	metrics = 0;
	dataPoints = 0;
	/** Measurements that are `null`, of which no data point can be made. */
	droppedPoints = 0;

	/** @param {TelemetryEvent} event */
	add(event) {
		this.events += 1;
		this.eventsByName[event.name] = (this.eventsByName[event.name] ?? 0) + 1;
		if (metricEvents.has(event.name)) {
			this.metrics += 1;
			this.#addDataPoints(event);
		} else if (
			event.traceId !== undefined &&
			("durationMs" in event.measurements || event.properties.result !== undefined)
		) {
			this.traces += 1;
		} else {
			this.logs += 1;
		}
	}

	/** @param {TelemetryEvent} event */
	#addDataPoints({ measurements }) {
		for (const name in measurements) {
			if (name === "window_seconds") {
				continue;
			}
			if (measurements[name] === null) {
				this.droppedPoints += 1;
			} else {
				this.dataPoints += 1;
			}
		}
	}
}
