/**
 * The expected OTLP export of 2 June, written by hand, for memory-backed-telemetry.mjs. Lists of attributes are
 * objects here, because their order does not matter.
 */

import { readerOf, versionOfPackage } from "../release/versions/manifests.mjs";
import { repository } from "../scripts/set-up.mjs";
import { dev, otherTrace, prod, trace } from "./memory-backed-telemetry.mjs";

/** Seconds since 1970 of 2 June, 08:00. */
const eight = 1_780_387_200;
/** @param {number} seconds after 08:00 */
const at = (seconds, nanoseconds = "000000000") => `${eight + seconds}${nanoseconds}`;

const schemaUrl = "https://opentelemetry.io/schemas/1.44.0";
const scope = { name: "coder.telemetry.export", version: versionOfPackage(readerOf(repository)) };
const text = (/** @type {string} */ stringValue) => ({ stringValue });
const double = (/** @type {number} */ doubleValue) => ({ doubleValue });
const integer = (/** @type {string} */ intValue) => ({ intValue });

/** @param {string} url */
function resourceA(url) {
	return {
		attributes: {
			"service.name": text("coder-vscode-extension"),
			"service.version": text("1.15.2"),
			"service.instance.id": text("session-a"),
			"host.id": text("machine-1"),
			"host.arch": text("amd64"),
			"os.type": text("linux"),
			"os.version": text("6.8.0-57-generic"),
			"vscode.platform.name": text("Cursor"),
			"vscode.platform.version": text("1.106.0"),
			"coder.deployment.url": text(url),
		},
	};
}
const resourceB = {
	attributes: {
		"service.name": text("coder-vscode-extension"),
		"service.version": text("1.14.0"),
		"service.instance.id": text("session-b"),
		"host.id": text("machine-1"),
		"host.arch": text("arm64"),
		"os.type": text("windows"),
		"vscode.platform.name": text("VS Code"),
		"vscode.platform.version": text("1.105.1"),
		"coder.deployment.url": text(prod),
	},
};

export const expectedLogs = {
	resourceLogs: [
		{
			scopeLogs: [
				{
					scope,
					logRecords: [
						{
							timeUnixNano: at(0, "123456789"),
							observedTimeUnixNano: at(0, "123456789"),
							severityNumber: 9,
							severityText: "INFO",
							eventName: "connection.opened",
							body: text("connection.opened"),
							attributes: {
								route: text("/api/v2/workspaces/{id}/watch-ws"),
								connect_duration_ms: double(110.5),
								"coder.event_sequence": integer("0"),
								"log.record.uid": text("00000000000000a0"),
							},
						},
						{
							timeUnixNano: at(1),
							observedTimeUnixNano: at(1),
							severityNumber: 17,
							severityText: "ERROR",
							eventName: "connection.failed",
							body: text("connection.failed"),
							attributes: {
								"coder.event_sequence": integer("1"),
								"log.record.uid": text("00000000000000a1"),
								"exception.message": text("socket hang up"),
								"exception.type": text("Error"),
								"exception.code": text("ECONNRESET"),
							},
						},
						{
							timeUnixNano: at(11, "500000000"),
							observedTimeUnixNano: at(11, "500000000"),
							severityNumber: 9,
							severityText: "INFO",
							eventName: "remote.setup.retrying",
							body: text("remote.setup.retrying"),
							attributes: {
								attempt: text("2"),
								"coder.event_sequence": integer("4"),
								"log.record.uid": text("00000000000000a4"),
							},
							traceId: trace,
							spanId: "00000000000000a5",
						},
					],
					schemaUrl,
				},
			],
			resource: resourceA(dev),
			schemaUrl,
		},
		{
			scopeLogs: [
				{
					scope,
					logRecords: [
						{
							timeUnixNano: at(180),
							observedTimeUnixNano: at(180),
							severityNumber: 9,
							severityText: "INFO",
							eventName: "auth.logged_in",
							body: text("auth.logged_in"),
							attributes: {
								"coder.event_sequence": integer("10"),
								"log.record.uid": text("00000000000000aa"),
							},
						},
					],
					schemaUrl,
				},
			],
			resource: resourceA(prod),
			schemaUrl,
		},
	],
};

export const expectedTraces = {
	resourceSpans: [
		{
			scopeSpans: [
				{
					scope,
					spans: [
						{
							startTimeUnixNano: at(9, "749500000"),
							endTimeUnixNano: at(10),
							traceId: trace,
							spanId: "00000000000000a2",
							parentSpanId: "00000000000000a5",
							name: "workspace_ready",
							kind: 1,
							attributes: {
								result: text("success"),
								"coder.event_sequence": integer("2"),
								"coder.event_name": text("remote.setup.workspace_ready"),
							},
							status: { code: 1 },
						},
						{
							startTimeUnixNano: at(10),
							endTimeUnixNano: at(11),
							traceId: trace,
							spanId: "00000000000000a3",
							parentSpanId: "00000000000000a5",
							name: "agent_resolve",
							kind: 1,
							attributes: {
								result: text("error"),
								attempts: double(3),
								"coder.event_sequence": integer("3"),
								"coder.event_name": text("remote.setup.agent_resolve"),
								"error.type": text("AgentError"),
							},
							events: [
								{
									timeUnixNano: at(11),
									name: "exception",
									attributes: {
										"exception.message": text("no agent"),
										"exception.type": text("AgentError"),
									},
								},
							],
							status: { code: 2, message: "no agent" },
						},
						{
							startTimeUnixNano: at(0),
							endTimeUnixNano: at(12),
							traceId: trace,
							spanId: "00000000000000a5",
							name: "setup",
							kind: 1,
							attributes: {
								result: text("error"),
								"coder.event_sequence": integer("5"),
								"coder.event_name": text("remote.setup"),
								"error.type": text("E_SETUP"),
							},
							events: [
								{
									timeUnixNano: at(12),
									name: "exception",
									attributes: {
										"exception.message": text("setup failed"),
										"exception.code": text("E_SETUP"),
									},
								},
							],
							status: { code: 2, message: "setup failed" },
						},
						{
							startTimeUnixNano: at(20),
							endTimeUnixNano: at(20),
							traceId: otherTrace,
							spanId: "00000000000000a6",
							name: "open",
							kind: 1,
							attributes: {
								result: text("aborted"),
								"coder.event_sequence": integer("6"),
								"coder.event_name": text("workspace.open"),
							},
							status: {},
						},
					],
					schemaUrl,
				},
			],
			resource: resourceA(dev),
			schemaUrl,
		},
		{
			scopeSpans: [
				{
					scope,
					spans: [
						{
							startTimeUnixNano: at(-3600),
							endTimeUnixNano: at(-3600),
							traceId: otherTrace,
							spanId: "00000000000000a0",
							name: "resolve",
							kind: 1,
							attributes: {
								result: text("success"),
								"coder.event_sequence": integer("0"),
								"coder.event_name": text("cli.resolve"),
							},
							status: { code: 1 },
						},
					],
					schemaUrl,
				},
			],
			resource: resourceB,
			schemaUrl,
		},
	],
};

/** @param {1 | 2} aggregationTemporality */
export function expectedMetrics(aggregationTemporality) {
	const http = { route: text("/api/v2/users"), "coder.deployment.url": text(dev) };
	const ssh = { p2p: text("true"), "coder.deployment.url": text(dev) };
	const firstWindow = { startTimeUnixNano: at(0), timeUnixNano: at(60) };
	const secondWindow = { startTimeUnixNano: at(60), timeUnixNano: at(90) };
	const secondCount =
		aggregationTemporality === 1
			? { ...secondWindow, asInt: "3" }
			: { startTimeUnixNano: at(0), timeUnixNano: at(90), asInt: "8" };
	// A running total begins with a zero at the start of its first window.
	const zeros =
		aggregationTemporality === 1
			? []
			: [{ startTimeUnixNano: at(0), timeUnixNano: at(0), asInt: "0", attributes: http }];
	const sum = { aggregationTemporality, isMonotonic: true };
	return {
		resourceMetrics: [
			{
				scopeMetrics: [
					{
						scope,
						metrics: [
							{
								name: "http.requests.count_2xx",
								unit: "{request}",
								sum: {
									...sum,
									dataPoints: [
										...zeros,
										{ ...firstWindow, asInt: "5", attributes: http },
										{ ...secondCount, attributes: http },
									],
								},
							},
							{
								name: "http.requests.count_5xx",
								unit: "{request}",
								sum: {
									...sum,
									dataPoints: [...zeros, { ...firstWindow, asInt: "0", attributes: http }],
								},
							},
							{
								name: "http.requests.avg_duration",
								unit: "ms",
								gauge: {
									dataPoints: [
										{ ...firstWindow, asDouble: 12.5, attributes: http },
										{ ...secondWindow, asDouble: 9, attributes: http },
									],
								},
							},
							{
								name: "ssh.network.info.latency",
								unit: "ms",
								gauge: { dataPoints: [{ timeUnixNano: at(120), asDouble: 30.25, attributes: ssh }] },
							},
							{
								name: "ssh.network.info.download",
								unit: "Mbit/s",
								gauge: { dataPoints: [{ timeUnixNano: at(120), asDouble: 0.5, attributes: ssh }] },
							},
						],
						schemaUrl,
					},
				],
				resource: resourceA(dev),
				schemaUrl,
			},
			{
				scopeMetrics: [
					{
						scope,
						metrics: [
							{
								name: "ssh.network.sampled.latency",
								unit: "ms",
								gauge: {
									dataPoints: [
										{
											timeUnixNano: at(-3570),
											asDouble: 20,
											attributes: { "coder.deployment.url": text(prod) },
										},
									],
								},
							},
						],
						schemaUrl,
					},
				],
				resource: resourceB,
				schemaUrl,
			},
		],
	};
}
