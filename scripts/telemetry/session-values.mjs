/** The values that sessions are made of, and how often things happen. */

export const deploymentUrls = [
	"https://coder.example.com",
	"https://dev.coder.example.com",
	"https://coder.internal.corp.example",
];

export const relays = [
	"Frankfurt",
	"Johannesburg",
	"New York City",
	"San Francisco",
	"Singapore",
	"São Paulo",
];

/** Routes that the extension requests, and how likely each is requested in a minute. */
export const routes = [
	{ method: "GET", route: "/api/v2/workspaces/{id}", frequency: 1 },
	{ method: "GET", route: "/api/v2/workspaces", frequency: 0.95 },
	{ method: "GET", route: "/api/v2/users/{name}", frequency: 0.8 },
	{ method: "GET", route: "/api/v2/buildinfo", frequency: 0.8 },
	{ method: "GET", route: "/api/v2/workspaceagents/{id}/connection", frequency: 0.6 },
	{ method: "GET", route: "/api/v2/workspacebuilds/{id}/resources", frequency: 0.3 },
	{ method: "GET", route: "/api/v2/templates/{id}", frequency: 0.25 },
	{ method: "GET", route: "/api/v2/users/{name}/workspace/{name}", frequency: 0.25 },
	{ method: "GET", route: "/api/v2/deployment/ssh", frequency: 0.15 },
	{ method: "GET", route: "/api/v2/templateversions/{id}/rich-parameters", frequency: 0.05 },
	{ method: "GET", route: "/api/v2/organizations/{id}/members/{name}", frequency: 0.05 },
	{ method: "POST", route: "/api/v2/workspaces/{id}/builds", frequency: 0.05 },
];

export const setupPhases = [
	{ name: "compatibility_check", typicalMs: 150 },
	{ name: "cli_configure", typicalMs: 200 },
	{ name: "workspace_lookup", typicalMs: 120 },
	{ name: "workspace_monitor_setup", typicalMs: 110 },
	{ name: "workspace_ready", typicalMs: 4000 },
	{ name: "agent_resolve", typicalMs: 200 },
	{ name: "ssh_config_write", typicalMs: 100 },
	{ name: "ssh_monitor_setup", typicalMs: 300 },
	{ name: "connection_handoff", typicalMs: 60 },
];

/** Errors with a type and a code, with one of them, with neither, and with text that JSON escapes. */
export const errors = [
	{
		message: "self-signed certificate in certificate chain",
		type: "ClientCertificateError",
		code: "SELF_SIGNED_CERT_IN_CHAIN",
	},
	{ message: "connect ECONNREFUSED 203.0.113.7:443", type: "Error", code: "ECONNREFUSED" },
	{ message: 'Workspace build failed: "terraform apply"\nexit status 1', type: "WorkspaceBuildError" },
	{ message: "Délai d’attente dépassé", code: "ETIMEDOUT" },
	{ message: "socket hang up" },
];

export const commandIds = ["coder.exportTelemetry", "coder.refreshWorkspaces", "coder.open", "coder.login"];

/** Probability, per minute, of events other than requests and network samples. */
export const minuteProbabilities = {
	reopened: 0.045,
	dropped: 0.03,
	command: 0.15,
	unauthorized: 0.04,
	agent: 0.05,
};
