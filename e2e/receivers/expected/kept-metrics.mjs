/** What Prometheus holds, in the form of what it must hold. */

import { seriesKey } from "./stored-telemetry.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Temporality} Temporality */
/** @typedef {import("../prometheus/prometheus.mjs").Series} Series */

/**
 * @param {Series[]} series
 * @param {Temporality} temporality of the export
 * @returns {import("./stored-telemetry.mjs").Metrics}
 */
export function keptMetrics(series, temporality) {
	/** @type {import("./stored-telemetry.mjs").Metrics} */
	const metrics = { counters: new Map(), gauges: new Map() };
	for (const { labels, samples } of series.filter(isExported)) {
		const key = seriesKey(withoutNumberType(labels));
		if (labels.__name__?.endsWith("_total")) {
			const { total, rows } = metrics.counters.get(key) ?? { total: 0, rows: 0 };
			// Running totals that are made of deltas have no zero before their first count.
			const first = temporality === "delta" ? (samples[0]?.value ?? 0) : 0;
			metrics.counters.set(key, {
				total: total + first + increments(samples),
				rows: rows + samples.length,
			});
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
 * What a running total has counted since its first sample, as `increase()` sees it: the differences, and after a reset all
 * of the next value.
 *
 * @param {Series["samples"]} samples
 * @returns {number}
 */
export function increments(samples) {
	return samples.slice(1).reduce((total, { value }, index) => {
		const before = samples[index]?.value ?? 0;
		return total + (value < before ? value : value - before);
	}, 0);
}
