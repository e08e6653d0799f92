/** One day of telemetry of every kind: logs, errors, phases, linked logs, requests, network samples, both layouts. */

export const trace = "ba83eb04a54953a2f4256d4f38bfad4a";
export const otherTrace = "0123456789abcdef0123456789abcdef";
export const dev = "https://dev.coder.example.com";
export const prod = "https://prod.coder.example.com";

const contextA = {
	extension_version: "1.15.2",
	machine_id: "machine-1",
	session_id: "session-a",
	os_type: "linux",
	os_version: "6.8.0-57-generic",
	host_arch: "x64",
	platform_name: "Cursor",
	platform_version: "1.106.0",
};
const contextB = {
	extension_version: "1.14.0",
	machine_id: "machine-1",
	session_id: "session-b",
	os_type: "win32",
	os_version: "",
	host_arch: "arm64",
	platform_name: "VS Code",
	platform_version: "1.105.1",
	deployment_url: prod,
};

/**
 * A row of the header layout.
 *
 * @param {number} sequence
 * @param {string} name
 * @param {string} time of 2 June
 * @param {object} members
 */
function event(sequence, name, time, members) {
	return JSON.stringify({
		event_id: `00000000000000${(0xa0 + sequence).toString(16)}`,
		event_name: name,
		timestamp: `2026-06-02T${time}Z`,
		event_sequence: sequence,
		properties: {},
		measurements: {},
		deployment_url: dev,
		...members,
	});
}

/** The lines of each file, by file name. */
export const files = {
	"telemetry-2026-06-01-aaaa.jsonl": ["this file is of another day"],
	"telemetry-2026-06-02-aaaa.jsonl": [
		JSON.stringify({
			kind: "header",
			schema_version: 1,
			timestamp: "2026-06-02T08:00:00Z",
			context: contextA,
		}),
		// Logs, one of them an error.
		event(0, "connection.opened", "08:00:00.123456789", {
			properties: { route: "/api/v2/workspaces/{id}/watch-ws" },
			measurements: { connect_duration_ms: 110.5 },
		}),
		event(1, "connection.failed", "08:00:01", {
			error: { message: "socket hang up", type: "Error", code: "ECONNRESET" },
		}),
		// Phases, child spans of a span that comes after them.
		event(2, "remote.setup.workspace_ready", "08:00:10", {
			trace_id: trace,
			parent_event_id: "00000000000000a5",
			properties: { result: "success" },
			measurements: { durationMs: 250.5 },
		}),
		event(3, "remote.setup.agent_resolve", "08:00:11", {
			trace_id: trace,
			parent_event_id: "00000000000000a5",
			properties: { result: "error" },
			measurements: { durationMs: 1000, attempts: 3 },
			error: { message: "no agent", type: "AgentError" },
		}),
		// A log linked to that span.
		event(4, "remote.setup.retrying", "08:00:11.5", {
			trace_id: trace,
			parent_event_id: "00000000000000a5",
			properties: { attempt: "2" },
		}),
		event(5, "remote.setup", "08:00:12", {
			trace_id: trace,
			properties: { result: "error" },
			measurements: { durationMs: 12000 },
			error: { message: "setup failed", code: "E_SETUP" },
		}),
		event(6, "workspace.open", "08:00:20", {
			trace_id: otherTrace,
			properties: { result: "aborted" },
			measurements: { durationMs: null },
		}),
		// Requests and network samples. The second window overlaps the first.
		event(7, "http.requests", "08:01:00", {
			properties: { route: "/api/v2/users" },
			measurements: {
				window_seconds: 60,
				count_2xx: 5,
				count_5xx: 0,
				avg_duration_ms: 12.5,
				p95_duration_ms: null,
			},
		}),
		event(8, "http.requests", "08:01:30", {
			properties: { route: "/api/v2/users" },
			measurements: { window_seconds: 60, count_2xx: 3, avg_duration_ms: 9 },
		}),
		"{ a broken row",
		event(9, "ssh.network.info", "08:02:00", {
			properties: { p2p: "true" },
			measurements: { latencyMs: 30.25, download_mbits: 0.5 },
		}),
		// Another deployment, so another resource.
		event(10, "auth.logged_in", "08:03:00", { deployment_url: prod }),
		event(11, "too.late", "08:00:00", { timestamp: "2026-06-03T00:00:00Z" }),
	],
	"telemetry-2026-06-02-bbbb.jsonl": [
		event(0, "cli.resolve", "07:00:00", {
			trace_id: otherTrace.toUpperCase(),
			properties: { result: "success" },
			context: contextB,
			deployment_url: undefined,
		}),
		event(1, "ssh.network.sampled", "07:00:30", {
			measurements: { latency_ms: 20 },
			context: contextB,
			deployment_url: undefined,
		}),
	],
};
