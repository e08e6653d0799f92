/**
 * Counts what an export of everything must find. The routing rules are implemented independently of the addon: metric
 * events by name, spans by trace and outcome, everything else a log record.
 */

/** @typedef {import("./layout.mjs").TelemetryEvent} TelemetryEvent */

const metricEvents = new Set(["http.requests", "ssh.network.info", "ssh.network.sampled"]);

/** Counts events. */
export class Tally {
	events = 0;
	/** @type {Record<string, number>} */
	eventsByName = {};
	logs = 0;
	traces = 0;
	metrics = 0;
	dataPoints = 0;
	/** Measurements that are `null`, which give no data point. */
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
