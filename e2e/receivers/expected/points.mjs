/** The data points of an export without the names and attributes that a redacted export replaces. */

import { recordsOf } from "../../../scripts/testing/otlp-export.mjs";

/**
 * @param {import("../../../scripts/testing/otlp-export.mjs").Part[]} parts
 * @returns {string[]} kind, window and value of each point, sorted
 */
export function pointsWithoutNames(parts) {
	const points = [];
	for (const { signal, content } of parts.filter((part) => part.signal === "metrics")) {
		for (const { metric, record } of recordsOf(signal, JSON.parse(content().toString("utf8")))) {
			const kind = metric.sum === undefined ? "gauge" : "counter";
			const { startTimeUnixNano, timeUnixNano, asInt, asDouble } = record;
			points.push([kind, startTimeUnixNano, timeUnixNano, asInt ?? asDouble].join(" "));
		}
	}
	return points.sort();
}
