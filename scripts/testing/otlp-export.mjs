/** Reads OTLP exports without the addon: the zip, its manifest, and the records in its requests. */

import { readZip } from "../zip.mjs";

/** @typedef {"logs" | "traces" | "metrics"} Signal */
/** @typedef {"delta" | "cumulative"} Temporality */

/** In the order of an export's parts. */
export const signals = /** @type {const} */ (["logs", "traces", "metrics"]);
export const temporalities = /** @type {const} */ (["delta", "cumulative"]);

/**
 * @typedef {object} Manifest the members of `manifest.json` that tests look at
 * @property {string} format
 * @property {Temporality} temporality
 * @property {{ label: string, start: string | null, end: string | null }} range
 * @property {{ files: number, events: number, badLines: number, droppedPoints: number, skippedFiles: unknown[] }} source
 * @property {Record<Signal, number>} records
 * @property {{ file: string, signal: Signal, records: number, bytes: number }[]} parts
 * @property {{ level: string }} [redaction] what a redacted export replaced
 */

/**
 * @typedef {object} Part a request
 * @property {string} file its name in the zip
 * @property {Signal} signal
 * @property {number} records number of records, from the manifest
 * @property {number} bytes length, from the manifest
 * @property {() => Buffer} content decompresses it
 */

/**
 * @typedef {object} OtlpExport
 * @property {string[]} names of the zip's entries, in order
 * @property {Manifest} manifest
 * @property {Part[]} parts in the order to send them
 */

/**
 * @param {string} file
 * @returns {OtlpExport}
 * @throws {Error} if it is not a zip, or a file of its manifest is missing
 */
export function readOtlpExport(file) {
	const contents = new Map(readZip(file).map(({ name, content }) => [name, content]));
	/** @param {string} name */
	const contentOf = (name) => {
		const content = contents.get(name);
		if (content === undefined) {
			throw new Error(`${file} has no entry ${name}`);
		}
		return content;
	};
	/** @type {Manifest} */
	const manifest = JSON.parse(contentOf("manifest.json")().toString("utf8"));
	const parts = manifest.parts.map((part) => ({ ...part, content: contentOf(part.file) }));
	return { names: [...contents.keys()], manifest, parts };
}

/**
 * A record of a request, with its resource, scope and metric.
 *
 * @typedef {object} OtlpRecord
 * @property {any} resource
 * @property {any} scope
 * @property {any} [metric] the metric of a data point, without its points
 * @property {any} record a log record, a span or a data point
 */

/**
 * @param {Signal} signal
 * @param {any} request parsed; a missing list throws
 * @returns {Generator<OtlpRecord, void>}
 */
export function* recordsOf(signal, request) {
	const lists = /** @type {const} */ ({
		logs: ["resourceLogs", "scopeLogs", "logRecords"],
		traces: ["resourceSpans", "scopeSpans", "spans"],
		metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
	});
	const [blocks, scopes, records] = lists[signal];
	for (const { resource, schemaUrl, ...block } of request[blocks]) {
		for (const scope of block[scopes]) {
			for (const record of scope[records]) {
				const inherited = {
					resource: { ...resource, schemaUrl },
					scope: { ...scope.scope, schemaUrl: scope.schemaUrl },
				};
				if (signal === "metrics") {
					yield* dataPointsOf(record, inherited);
				} else {
					yield { ...inherited, record };
				}
			}
		}
	}
}

/**
 * @param {any} metric
 * @param {{ resource: any, scope: any }} inherited
 * @returns {Generator<OtlpRecord, void>}
 */
function* dataPointsOf(metric, inherited) {
	for (const kind of ["sum", "gauge", "histogram"]) {
		if (metric[kind] !== undefined) {
			const { dataPoints, ...rest } = metric[kind];
			const withoutPoints = { ...metric, [kind]: rest };
			for (const record of dataPoints) {
				yield { ...inherited, metric: withoutPoints, record };
			}
		}
	}
}
