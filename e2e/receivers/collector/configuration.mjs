/**
 * The configuration that users copy, `examples/collector/otelcol.yaml`, as the Collector built here can run it. All that
 * changes: `otlp_json_file`, which could not be built, becomes the reader that it is made of, `file_log`; its records go
 * into files of their own, one for each signal. Times are shortened, and there are variants: for exports with running totals,
 * without Prometheus, and with files told apart as receivers do by default.
 */

import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { repository } from "../../../scripts/set-up.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Temporality} Temporality */

const example = path.join(repository, "examples", "collector", "otelcol.yaml");

/**
 * @typedef {object} Variant
 * @property {Temporality} temporality of the metrics: running totals go to Prometheus as they are
 * @property {boolean} hasPrometheus
 * @property {boolean} hasDefaultFingerprint whether files are told apart by their first 1,000 bytes, as receivers do by default
 */

/** @returns {any} the configuration that users copy, parsed */
export function exampleConfiguration() {
	return parse(readFileSync(example, "utf8"));
}

/**
 * @param {Variant} variant
 * @returns {string} the text of a configuration
 */
export function collectorConfiguration({ temporality, hasPrometheus, hasDefaultFingerprint }) {
	const configuration = exampleConfiguration();
	watchWithFileLog(configuration);
	if (hasDefaultFingerprint) {
		for (const receiver of Object.values(configuration.receivers)) {
			delete receiver.fingerprint_size;
		}
	}
	configuration.connectors.span_metrics.metrics_flush_interval = "1s";
	const { pipelines } = configuration.service;
	if (temporality === "cumulative") {
		pipelines["metrics/prometheus"].processors = [];
	}
	if (!hasPrometheus) {
		delete pipelines["metrics/prometheus"];
		pipelines["metrics/span"].exporters = ["file/span_metrics"];
	}
	// Its own metrics would take a fixed port.
	configuration.service.telemetry = { metrics: { level: "none" } };
	// JSON is YAML, too.
	return JSON.stringify(configuration, null, 2);
}

/** @param {any} configuration */
function watchWithFileLog({ receivers, exporters, service: { pipelines } }) {
	for (const [name, options] of Object.entries(receivers)) {
		const [, signal] = /^otlp_json_file\/(.*)$/.exec(name) ?? [];
		if (signal === undefined) {
			continue;
		}
		const receiver = `file_log/${signal}`;
		delete receivers[name];
		receivers[receiver] = { ...options, poll_interval: "50ms" };

		const exporter = `file/watched_${signal}`;
		exporters[exporter] = {
			...exporters[`file/${signal}`],
			path: `\${env:OUTPUT_FOLDER}/watched-${signal}.jsonl`,
		};
		for (const pipeline of Object.values(pipelines)) {
			pipeline.receivers = pipeline.receivers.filter((/** @type {string} */ other) => other !== name);
		}
		pipelines[`logs/watched_${signal}`] = { receivers: [receiver], exporters: [exporter] };
	}
}
