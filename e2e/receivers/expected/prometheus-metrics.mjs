/** Converts the series of Prometheus to the form of the expected metrics. */

import { seriesKey } from "./stored-telemetry.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Temporality} Temporality */
/** @typedef {import("../prometheus/prometheus.mjs").Series} Series */

/**
 * @param {Series[]} series
 * @param {Temporality} temporality of the export
 * @returns {import("./stored-telemetry.mjs").Metrics}
 */
export function metricsInPrometheus(series, temporality) {
	/** @type {import("./stored-telemetry.mjs").Metrics} */
	const metrics = { counters: new Map(), gauges: new Map() };
	for (const { labels, samples } of series.filter(isExported)) {
		const key = seriesKey(withoutNumberType(labels));
		if (labels.__name__?.endsWith("_total")) {
			const { total, rows } = metrics.counters.get(key) ?? { total: 0, rows: 0 };
			// A running total that the Collector makes from deltas does not begin with a zero.
			const first = temporality === "delta" ? (samples[0]?.value ?? 0) : 0;
			metrics.counters.set(key, {
				total: total + first + increase(samples),
				rows: rows + samples.length,
			});
		} else {
			metrics.gauges.set(key, { last: samples.at(-1)?.value ?? Number.NaN, rows: samples.length });
		}
	}
	return metrics;
}

/**
 * Leaves out span metrics, which the Collector makes.
 *
 * @param {Series} series
 */
function isExported({ labels }) {
	return !labels.__name__?.startsWith("traces_");
}

/**
 * Counts that are not integers are a separate series. Removing the label joins them.
 *
 * @param {Record<string, string>} labels
 */
function withoutNumberType({ coder_number_type, ...labels }) {
	return labels;
}

/**
 * The increase of a running total since its first sample, as `increase()` computes it: the sum of the differences. After a
 * reset, the whole next value counts.
 *
 * @param {Series["samples"]} samples
 * @returns {number}
 */
export function increase(samples) {
	return samples.slice(1).reduce((total, { value }, index) => {
		const before = samples[index]?.value ?? 0;
		return total + (value < before ? value : value - before);
	}, 0);
}
