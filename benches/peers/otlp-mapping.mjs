/**
 * A straightforward mapping of events to OTLP/JSON: one object for each record, printed by `JSON.stringify`. Records and
 * their attributes follow the contract (specification, OTLP export). Some rules are left out because they take more than
 * a line: replaced ids, windows that must not overlap, the limit on requests, and the manifest.
 */

const serviceName = "coder-vscode-extension";
const schemaUrl = "https://opentelemetry.io/schemas/1.44.0";
const scope = { name: "coder.telemetry.export", version: "1.0.0" };
const chunkLength = 1 << 20;

const metricEvents = new Set(["http.requests", "ssh.network.info", "ssh.network.sampled"]);
const gaugeUnits = /** @type {const} */ ([
	["_ms", "ms"],
	["Ms", "ms"],
	["_seconds", "s"],
	["_mbits", "Mbit/s"],
	["Mbits", "Mbit/s"],
	["_bytes", "By"],
]);
const architectures = new Map([
	["x64", "amd64"],
	["ia32", "x86"],
	["arm", "arm32"],
]);
const systems = new Map([
	["win32", "windows"],
	["sunos", "solaris"],
]);

/** Names of the lists in a request, by signal, in sending order. */
const signals = /** @type {const} */ ({
	logs: { resources: "resourceLogs", scopes: "scopeLogs", records: "logRecords" },
	traces: { resources: "resourceSpans", scopes: "scopeSpans", records: "spans" },
	metrics: { resources: "resourceMetrics", scopes: "scopeMetrics", records: "metrics" },
});

/** @typedef {keyof typeof signals} Signal */

/** Collects text as UTF-8 chunks, because all of it may exceed the longest string. */
class ChunkedText {
	#encoder = new TextEncoder();
	#pending = "";
	/** @type {Uint8Array[]} */
	#chunks = [];

	/** @param {string} text */
	append(text) {
		this.#pending += text;
		if (this.#pending.length >= chunkLength) {
			this.#flush();
		}
	}

	/** @returns {Uint8Array[]} */
	finish() {
		this.#flush();
		return this.#chunks;
	}

	#flush() {
		this.#chunks.push(this.#encoder.encode(this.#pending));
		this.#pending = "";
	}
}

/** The three requests of an export, each with its open resource block. */
export class OtlpRequests {
	/** @type {Record<Signal, ChunkedText>} */
	#texts = { logs: new ChunkedText(), traces: new ChunkedText(), metrics: new ChunkedText() };
	/** @type {Record<Signal, number>} */
	#blocks = { logs: 0, traces: 0, metrics: 0 };
	#context = "";
	/** @type {object} */
	#resource = {};
	/** @type {{ logs: string[], traces: string[], metrics: Map<string, { head: string, tail: string, points: string[] }> }} */
	#open = { logs: [], traces: [], metrics: new Map() };

	constructor() {
		for (const signal of /** @type {Signal[]} */ (Object.keys(signals))) {
			this.#texts[signal].append(`{"${signals[signal].resources}":[`);
		}
	}

	/** @param {any} event self-contained */
	add(event) {
		const context = JSON.stringify(event.context);
		if (context !== this.#context) {
			this.#closeBlocks();
			this.#context = context;
			this.#resource = { attributes: resourceAttributes(event.context) };
		}
		if (metricEvents.has(event.event_name) && this.#addPoints(event)) {
			return;
		}
		const isSpan =
			event.trace_id &&
			event.event_id &&
			("durationMs" in event.measurements || "result" in event.properties);
		if (isSpan) {
			this.#open.traces.push(JSON.stringify(span(event)));
		} else {
			this.#open.logs.push(JSON.stringify(logRecord(event)));
		}
	}

	/** @returns {{ name: string, chunks: Uint8Array[] }[]} the requests, in sending order */
	finish() {
		this.#closeBlocks();
		return /** @type {Signal[]} */ (Object.keys(signals)).map((signal) => {
			this.#texts[signal].append("]}\n");
			return { name: `${signal}.json`, chunks: this.#texts[signal].finish() };
		});
	}

	/**
	 * @param {any} event
	 * @returns {boolean} whether the event has any point
	 */
	#addPoints(event) {
		const { event_name, timestamp, properties, measurements, context } = event;
		const isRequests = event_name === "http.requests";
		const end = nanoseconds(Date.parse(timestamp));
		const start = nanoseconds(Date.parse(timestamp) - (measurements.window_seconds ?? 0) * 1000);
		const times = isRequests ? { startTimeUnixNano: start, timeUnixNano: end } : { timeUnixNano: end };
		const attributes = stringAttributes(properties);
		if (context.deployment_url) {
			attributes.push(attribute("coder.deployment.url", context.deployment_url));
		}
		let found = false;
		for (const [name, value] of Object.entries(measurements)) {
			if (value === null || (isRequests && name === "window_seconds")) {
				continue;
			}
			found = true;
			const isCounter = isRequests && /^count[_.]/.test(name);
			const number = isCounter && Number.isInteger(value) ? { asInt: String(value) } : { asDouble: value };
			this.#metric(event_name, name, isCounter).points.push(
				JSON.stringify({ ...times, ...number, attributes }),
			);
		}
		return found;
	}

	/**
	 * @param {string} event
	 * @param {string} measurement
	 * @param {boolean} isCounter
	 */
	#metric(event, measurement, isCounter) {
		const key = `${event}.${measurement}`;
		let metric = this.#open.metrics.get(key);
		if (metric === undefined) {
			const [suffix = "", gaugeUnit] =
				gaugeUnits.find(([ending]) => measurement.endsWith(ending) && measurement !== ending) ?? [];
			const name = isCounter ? key : key.slice(0, key.length - suffix.length);
			const unit = isCounter ? "{request}" : gaugeUnit;
			const named = JSON.stringify({ name, unit }).slice(0, -1);
			const kind = isCounter ? "sum" : "gauge";
			const tail = isCounter ? '],"aggregationTemporality":1,"isMonotonic":true}}' : "]}}";
			metric = { head: `${named},"${kind}":{"dataPoints":[`, tail, points: [] };
			this.#open.metrics.set(key, metric);
		}
		return metric;
	}

	#closeBlocks() {
		const { logs, traces, metrics } = this.#open;
		this.#closeBlock("logs", logs);
		this.#closeBlock("traces", traces);
		this.#closeBlock(
			"metrics",
			Array.from(metrics.values(), ({ head, tail, points }) => `${head}${points.join(",")}${tail}`),
		);
		this.#open = { logs: [], traces: [], metrics: new Map() };
	}

	/**
	 * @param {Signal} signal
	 * @param {string[]} records
	 */
	#closeBlock(signal, records) {
		if (records.length === 0) {
			return;
		}
		const text = this.#texts[signal];
		const { scopes, records: list } = signals[signal];
		const separator = this.#blocks[signal]++ === 0 ? "" : ",";
		text.append(`${separator}{"${scopes}":[{"scope":${JSON.stringify(scope)},"${list}":[`);
		for (const [index, record] of records.entries()) {
			text.append(index === 0 ? record : `,${record}`);
		}
		text.append(`],"schemaUrl":"${schemaUrl}"}],"resource":${JSON.stringify(this.#resource)}`);
		text.append(`,"schemaUrl":"${schemaUrl}"}`);
	}
}

/** @param {any} event */
function logRecord(event) {
	const time = nanoseconds(Date.parse(event.timestamp));
	const attributes = eventAttributes(event, event.measurements);
	attributes.push(attribute("log.record.uid", event.event_id), ...exceptionAttributes(event.error));
	return {
		timeUnixNano: time,
		observedTimeUnixNano: time,
		severityNumber: event.error ? 17 : 9,
		severityText: event.error ? "ERROR" : "INFO",
		eventName: event.event_name,
		body: { stringValue: event.event_name },
		attributes,
		traceId: event.trace_id,
		spanId: event.trace_id && event.parent_event_id,
	};
}

/** @param {any} event */
function span(event) {
	const { durationMs, ...measurements } = event.measurements;
	const end = Date.parse(event.timestamp);
	const attributes = eventAttributes(event, measurements);
	attributes.push(attribute("coder.event_name", event.event_name));
	const exception = event.error && {
		timeUnixNano: nanoseconds(end),
		name: "exception",
		attributes: exceptionAttributes(event.error),
	};
	const status = spanStatus(event);
	if (status.code === 2 && !event.properties["error.type"]) {
		attributes.push(attribute("error.type", event.error?.type ?? event.error?.code ?? "_OTHER"));
	}
	return {
		startTimeUnixNano: nanoseconds(end - (durationMs ?? 0)),
		endTimeUnixNano: nanoseconds(end),
		traceId: event.trace_id,
		spanId: event.event_id,
		parentSpanId: event.parent_event_id,
		name: event.event_name.split(".").at(-1),
		kind: 1,
		attributes,
		events: exception && [exception],
		status,
	};
}

/**
 * @param {any} event
 * @returns {{ code?: number, message?: string }}
 */
function spanStatus({ properties, error }) {
	if (properties.result === "success") {
		return { code: 1 };
	}
	const failed = properties.result === "error" || (error && properties.result !== "aborted");
	return failed ? { code: 2, message: error?.message } : {};
}

/**
 * @param {any} event
 * @param {Record<string, number | null>} measurements
 */
function eventAttributes({ properties, event_sequence }, measurements) {
	const attributes = stringAttributes(properties);
	for (const [key, value] of Object.entries(measurements)) {
		if (value !== null) {
			attributes.push({ key, value: { doubleValue: value } });
		}
	}
	attributes.push({ key: "coder.event_sequence", value: { intValue: String(event_sequence) } });
	return attributes;
}

/** @param {{ message: string, type?: string, code?: string } | undefined} error */
function exceptionAttributes(error) {
	return Object.entries(error ?? {}).map(([key, value]) => attribute(`exception.${key}`, value));
}

/** @param {any} context */
function resourceAttributes(context) {
	return stringAttributes({
		"service.name": serviceName,
		"service.version": context.extension_version,
		"service.instance.id": context.session_id,
		"host.id": context.machine_id,
		"host.arch": architectures.get(context.host_arch) ?? context.host_arch,
		"os.type": systems.get(context.os_type) ?? context.os_type,
		"os.version": context.os_version,
		"vscode.platform.name": context.platform_name,
		"vscode.platform.version": context.platform_version,
		"coder.deployment.url": context.deployment_url,
	}).filter(({ value }) => value.stringValue !== "");
}

/**
 * @param {Record<string, string>} members
 * @returns {{ key: string, value: any }[]}
 */
function stringAttributes(members) {
	return Object.entries(members).map(([key, value]) => attribute(key, value));
}

/**
 * @param {string} key
 * @param {string} stringValue
 * @returns {{ key: string, value: any }}
 */
function attribute(key, stringValue) {
	return { key, value: { stringValue } };
}

/**
 * @param {number} milliseconds since 1970
 * @returns {string} nanoseconds, exact to the microsecond
 */
function nanoseconds(milliseconds) {
	return `${Math.round(milliseconds * 1000)}000`;
}
