/** Makes an export, sends it part by part to a Collector with a Prometheus behind it, and reads what both received. */

import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../../index.js";
import { readOtlpExport } from "../../scripts/testing/otlp-export.mjs";
import { until } from "../../scripts/testing/waiting.mjs";
import { Collector } from "./collector/collector.mjs";
import { spansOfConnector } from "./expected/spans.mjs";
import { Prometheus } from "./prometheus/prometheus.mjs";

/** @typedef {import("../../scripts/testing/otlp-export.mjs").Part} Part */
/** @typedef {import("../../scripts/testing/otlp-export.mjs").OtlpExport} OtlpExport */
/** @typedef {import("../../scripts/testing/otlp-export.mjs").Temporality} Temporality */
/** @typedef {import("./expected/spans.mjs").SpanMetrics} SpanMetrics */
/** @typedef {import("./telemetry/redaction.mjs").RedactionOptions} RedactionOptions */

/** The answer of a Collector that accepted all records of a request. */
const fullSuccess = { status: 200, body: '{"partialSuccess":{}}' };

/**
 * @typedef {object} Delivery
 * @property {OtlpExport} sent
 * @property {string[]} refused parts that were not fully accepted, each with the answer
 * @property {string} received the folder that the Collector wrote to
 * @property {SpanMetrics} spans counted by the span metrics connector
 * @property {import("./prometheus/prometheus.mjs").Series[]} series stored in Prometheus
 * @property {string[]} complaints warnings and errors of the Collector
 */

/**
 * @param {object} plan
 * @param {string} plan.directory the telemetry
 * @param {string} plan.folder new
 * @param {Temporality} plan.temporality
 * @param {number} [plan.maxRequestBytes]
 * @param {RedactionOptions} [plan.redaction] default: nothing is replaced
 * @returns {Promise<Delivery>}
 */
export async function deliver({ directory, folder, temporality, maxRequestBytes, redaction }) {
	const sent = await makeExport({ directory, folder, temporality, maxRequestBytes, redaction });
	const prometheus = await Prometheus.start(path.join(folder, "prometheus"));
	try {
		const collector = await Collector.start({ folder, temporality, prometheus: prometheus.origin });
		const { received } = collector;
		try {
			const refused = await postAll(collector, sent.parts);
			const spans = await waitForSpanMetrics(received, sent.manifest.records.traces);
			// Sends what is queued for Prometheus.
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
 * @param {string} plan.folder created if missing
 * @param {import("../../index.js").ExportRange} [plan.range] default `allTime`
 * @param {Temporality} [plan.temporality]
 * @param {number} [plan.maxRequestBytes]
 * @param {RedactionOptions} [plan.redaction] default: nothing is replaced
 * @returns {Promise<OtlpExport>}
 */
export async function makeExport({
	directory,
	folder,
	range = "allTime",
	temporality,
	maxRequestBytes,
	redaction,
}) {
	mkdirSync(folder, { recursive: true });
	const file = path.join(folder, "export.otlp.zip");
	await exportTelemetry(directory, range, "otlp", file, { temporality, maxRequestBytes, ...redaction });
	return readOtlpExport(file);
}

/**
 * Sends parts unchanged, one after the other.
 *
 * @param {Collector} collector
 * @param {Part[]} parts
 * @returns {Promise<string[]>} parts that were not fully accepted, each with the answer
 */
export async function postAll(collector, parts) {
	const refused = [];
	for (const { file, signal, content } of parts) {
		const { status, body } = await collector.post(signal, content());
		if (status !== fullSuccess.status || body !== fullSuccess.body) {
			refused.push(`${file}: ${status} ${body}`);
		}
	}
	return refused;
}

/**
 * Waits until the span metrics connector has counted every span. It writes its counts once a second.
 *
 * @param {string} received
 * @param {number} spans
 * @returns {Promise<SpanMetrics>} its last counts, even if spans are missing
 */
async function waitForSpanMetrics(received, spans) {
	/** @type {SpanMetrics} */
	let counted = new Map();
	let size = 0;
	const isComplete = () => {
		const text = readFileSync(path.join(received, "span-metrics.jsonl"), "utf8");
		if (text.length > size) {
			size = text.length;
			counted = spansOfConnector(JSON.parse(text.split("\n").at(-2) ?? '{"resourceMetrics":[]}'));
		}
		return [...counted.values()].reduce((total, { calls }) => total + calls, 0) === spans;
	};
	try {
		await until("the span metrics", isComplete);
	} catch {
		// The comparison with the expected counts shows what is missing.
	}
	return counted;
}
