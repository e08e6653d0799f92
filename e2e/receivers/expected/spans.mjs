/** What the span metrics of an export must be, and what a Collector makes of them. */

import { recordsOf } from "../../../scripts/testing/otlp-export.mjs";

/**
 * @typedef {object} SpanCounts
 * @property {number} calls
 * @property {number} durations how many
 * @property {number} milliseconds of all durations together
 */

/** @typedef {Map<string, SpanCounts>} SpanMetrics by span name and status */

/** Names of `Span.Status.code`, as the connector has them. */
const statusCodes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

/**
 * @param {import("../../../scripts/testing/otlp-export.mjs").Part[]} parts
 * @returns {SpanMetrics}
 */
export function exportedSpans(parts) {
	/** @type {SpanMetrics} */
	const metrics = new Map();
	for (const { signal, content } of parts.filter((part) => part.signal === "traces")) {
		for (const { record } of recordsOf(signal, JSON.parse(content().toString("utf8")))) {
			const nanoseconds = BigInt(record.endTimeUnixNano) - BigInt(record.startTimeUnixNano);
			const counts = countsOf(metrics, record.name, statusCodes[record.status.code ?? 0]);
			counts.calls += 1;
			counts.durations += 1;
			counts.milliseconds += Number(nanoseconds) / 1e6;
		}
	}
	return metrics;
}

/**
 * @param {any} request what the span metrics connector gave last
 * @returns {SpanMetrics}
 */
export function countedSpans(request) {
	/** @type {SpanMetrics} */
	const metrics = new Map();
	for (const { metric, record } of recordsOf("metrics", request)) {
		/** @param {string} key */
		const attribute = (key) =>
			record.attributes.find((/** @type {any} */ one) => one.key === key)?.value.stringValue;
		const counts = countsOf(metrics, attribute("span.name"), attribute("status.code"));
		if (metric.name === "traces.span.metrics.calls") {
			counts.calls += Number(record.asInt);
		} else if (metric.name === "traces.span.metrics.duration") {
			counts.durations += Number(record.count);
			counts.milliseconds += record.sum;
		}
	}
	return metrics;
}

/**
 * The same counts, kept by Prometheus: the last value of each series.
 *
 * @param {import("../prometheus/prometheus.mjs").Series[]} series
 * @returns {SpanMetrics}
 */
export function keptSpans(series) {
	/** @type {SpanMetrics} */
	const metrics = new Map();
	for (const { labels, samples } of series) {
		const counts = countsOf(metrics, labels.span_name, labels.status_code);
		const last = samples.at(-1)?.value ?? Number.NaN;
		if (labels.__name__ === "traces_span_metrics_calls_total") {
			counts.calls += last;
		} else if (labels.__name__ === "traces_span_metrics_duration_milliseconds_count") {
			counts.durations += last;
		} else if (labels.__name__ === "traces_span_metrics_duration_milliseconds_sum") {
			counts.milliseconds += last;
		}
	}
	return metrics;
}

/**
 * @param {SpanMetrics} metrics
 * @param {string | undefined} name
 * @param {string | undefined} status
 * @returns {SpanCounts}
 */
function countsOf(metrics, name, status) {
	const key = `${name} ${status}`;
	const counts = metrics.get(key) ?? { calls: 0, durations: 0, milliseconds: 0 };
	metrics.set(key, counts);
	return counts;
}
