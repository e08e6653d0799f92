/** One export on its way: made, sent part by part to a Collector, passed on to a Prometheus, and read at each end. */

import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../../index.js";
import { readOtlpExport } from "../../scripts/testing/otlp-export.mjs";
import { until } from "../../scripts/testing/waiting.mjs";
import { Collector } from "./collector/collector.mjs";
import { countedSpans } from "./expected/spans.mjs";
import { Prometheus } from "./prometheus/prometheus.mjs";

/** @typedef {import("../../scripts/testing/otlp-export.mjs").Part} Part */
/** @typedef {import("../../scripts/testing/otlp-export.mjs").OtlpExport} OtlpExport */
/** @typedef {import("../../scripts/testing/otlp-export.mjs").Temporality} Temporality */
/** @typedef {import("./expected/spans.mjs").SpanMetrics} SpanMetrics */

/** What a Collector answers when it has taken everything: no word of records that it refused. */
const everythingTaken = { status: 200, body: '{"partialSuccess":{}}' };

/**
 * @typedef {object} Delivery
 * @property {OtlpExport} sent
 * @property {string[]} refused the parts that were not taken whole, each with the answer
 * @property {string} received the folder that the Collector wrote into
 * @property {SpanMetrics} spans what its span metrics connector counted
 * @property {import("./prometheus/prometheus.mjs").Series[]} series what Prometheus keeps
 * @property {string[]} complaints of the Collector
 */

/**
 * @param {object} plan
 * @param {string} plan.directory the telemetry
 * @param {string} plan.folder new
 * @param {Temporality} plan.temporality
 * @param {number} [plan.maxRequestBytes] the exporter's default, by default
 * @returns {Promise<Delivery>}
 */
export async function deliver({ directory, folder, temporality, maxRequestBytes }) {
	const sent = await makeExport({ directory, folder, temporality, maxRequestBytes });
	const prometheus = await Prometheus.start(path.join(folder, "prometheus"));
	try {
		const collector = await Collector.start({ folder, temporality, prometheus: prometheus.origin });
		const { received } = collector;
		try {
			const refused = await postAll(collector, sent.parts);
			const spans = await countedAtLast(received, sent.manifest.records.traces);
			// What waits for Prometheus is sent before it ends.
			await collector.end();
			const series = await prometheus.series("http_.*|ssh_.*|traces_span_metrics_.*");
			return { sent, refused, received, spans, series, complaints: collector.complaints() };
		} finally {
			collector.kill();
		}
	} finally {
		prometheus.kill();
	}
}

/**
 * @param {object} plan
 * @param {string} plan.directory
 * @param {string} plan.folder made if missing
 * @param {import("../../index.js").ExportRange} [plan.range] everything, by default
 * @param {Temporality} [plan.temporality]
 * @param {number} [plan.maxRequestBytes]
 * @returns {Promise<OtlpExport>}
 */
export async function makeExport({ directory, folder, range = "allTime", temporality, maxRequestBytes }) {
	mkdirSync(folder, { recursive: true });
	const file = path.join(folder, "export.otlp.zip");
	await exportTelemetry(directory, range, "otlp", file, { temporality, maxRequestBytes });
	return readOtlpExport(file);
}

/**
 * Sends parts as they are, one after the other.
 *
 * @param {Collector} collector
 * @param {Part[]} parts
 * @returns {Promise<string[]>} those that were not taken whole, each with the answer
 */
export async function postAll(collector, parts) {
	const refused = [];
	for (const { file, signal, content } of parts) {
		const { status, body } = await collector.post(signal, content());
		if (status !== everythingTaken.status || body !== everythingTaken.body) {
			refused.push(`${file}: ${status} ${body}`);
		}
	}
	return refused;
}

/**
 * Waits until the span metrics connector has told of every span, which it does once a second.
 *
 * @param {string} received
 * @param {number} spans
 * @returns {Promise<SpanMetrics>} what it told last, also where spans are missing
 */
async function countedAtLast(received, spans) {
	/** @type {SpanMetrics} */
	let counted = new Map();
	let size = 0;
	const isComplete = () => {
		const text = readFileSync(path.join(received, "span-metrics.jsonl"), "utf8");
		if (text.length > size) {
			size = text.length;
			counted = countedSpans(JSON.parse(text.split("\n").at(-2) ?? '{"resourceMetrics":[]}'));
		}
		return [...counted.values()].reduce((total, { calls }) => total + calls, 0) === spans;
	};
	try {
		await until("the span metrics", isComplete);
	} catch {
		// The comparison that follows tells what is missing.
	}
	return counted;
}
