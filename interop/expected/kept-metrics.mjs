/** What Prometheus holds, in the form of what it must hold. */

import { seriesKey } from "./stored-telemetry.mjs";

/** @typedef {import("../prometheus/prometheus.mjs").Series} Series */

/**
 * @param {Series[]} series
 * @returns {import("./stored-telemetry.mjs").Metrics}
 */
export function keptMetrics(series) {
	/** @type {import("./stored-telemetry.mjs").Metrics} */
	const metrics = { counters: new Map(), gauges: new Map() };
	for (const { labels, samples } of series.filter(isExported)) {
		const key = seriesKey(withoutNumberType(labels));
		if (labels.__name__?.endsWith("_total")) {
			const { total, rows } = metrics.counters.get(key) ?? { total: 0, rows: 0 };
			metrics.counters.set(key, { total: total + increments(samples), rows: rows + samples.length });
		} else {
			metrics.gauges.set(key, { last: samples.at(-1)?.value ?? Number.NaN, rows: samples.length });
		}
	}
	return metrics;
}

/**
 * Span metrics are the Collector's own.
 *
 * @param {Series} series
 */
function isExported({ labels }) {
	return !labels.__name__?.startsWith("traces_");
}

/**
 * Counts that are no integers are a series beside that of the others.
 *
 * @param {Record<string, string>} labels
 */
function withoutNumberType({ coder_number_type, ...labels }) {
	return labels;
}

/**
 * What a running total has counted: the last value, and the last one before each reset.
 *
 * @param {Series["samples"]} samples
 * @returns {number}
 */
export function increments(samples) {
	return samples.reduce((total, { value }, index) => {
		const next = samples[index + 1]?.value ?? Number.NEGATIVE_INFINITY;
		return next < value ? total + value : total;
	}, 0);
}
