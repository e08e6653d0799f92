/**
 * The events of one editor session: it starts, connects to a workspace, reports its requests and its network every
 * minute, is interrupted now and then, and ends. As in real files, about five rows in six are `http.requests` and network
 * samples.
 */

import {
	commandIds,
	deploymentUrls,
	errors,
	minuteProbabilities,
	relays,
	routes,
	setupPhases,
} from "./session-values.mjs";

/** @typedef {import("./layout.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./layout.mjs").Layout} Layout */
/** @typedef {import("./random.mjs").Random} Random */

/** The events of one session, in the order in which they are written. */
export class Session {
	#random;
	#layout;
	#start;
	#end;
	#minute;
	/** Factor for durations, below 1 if the session must fit more events into its time than a real one. */
	#pace;
	#clock;
	#usesSpecificationNames;
	#deploymentUrl;
	#routes;
	#peerToPeer;
	#relay;

	/**
	 * @param {object} plan
	 * @param {Random} plan.random
	 * @param {Layout} plan.layout
	 * @param {number} plan.start milliseconds since 1970
	 * @param {number} plan.end
	 * @param {number} plan.minute milliseconds from one report of requests to the next; 60,000 in real files
	 * @param {boolean} plan.usesSpecificationNames whether this build writes the names of the telemetry
	 *   specification: `avg_duration_ms`, `ssh.network.info`
	 */
	constructor({ random, layout, start, end, minute, usesSpecificationNames }) {
		this.#random = random;
		this.#layout = layout;
		this.#start = start;
		this.#end = end;
		this.#minute = minute;
		this.#pace = Math.min(1, minute / 60_000);
		this.#clock = start;
		this.#usesSpecificationNames = usesSpecificationNames;
		this.#deploymentUrl = random.pick(deploymentUrls);
		this.#routes = random.shuffle(routes).map(({ method, route, frequency }) => ({
			properties: { method, route },
			frequency,
			typicalMs: random.around(80),
		}));
		this.#peerToPeer = random.chance(0.4);
		this.#relay = random.pick(relays);
	}

	/**
	 * Yields all events except the closing one. The sequence never ends; the caller stops when it has enough.
	 *
	 * @returns {Generator<TelemetryEvent, never>}
	 */
	*events() {
		yield this.#span("activation", { auth_state: "stored", result: "success" }, this.#random.around(250));
		if (this.#random.chance(0.85)) {
			yield* this.#openWorkspace();
		}
		yield* this.#connect();
		for (let reports = 1; ; reports++) {
			yield* this.#interruptions();
			this.#advanceTo(this.#start + reports * this.#minute);
			yield* this.#report();
		}
	}

	/** @returns {TelemetryEvent} the last event of the session */
	closingEvent() {
		this.#advanceTo(this.#end);
		const uptime = this.#end - this.#start + this.#random.fraction();
		return this.#log("ssh.process.disposed", { was_lost: "false" }, { uptime_ms: uptime });
	}

	/** @param {number} timestamp the new time; ignored if it is in the past, and limited to the end of the session */
	#advanceTo(timestamp) {
		this.#clock = Math.min(Math.max(this.#clock, Math.floor(timestamp)), this.#end);
	}

	/** @param {number} milliseconds as in real files */
	#advanceBy(milliseconds) {
		this.#advanceTo(this.#clock + milliseconds * this.#pace);
	}

	/**
	 * @param {string} name
	 * @param {Record<string, string>} properties
	 * @param {Record<string, number | null>} measurements
	 * @returns {TelemetryEvent}
	 */
	#log(name, properties, measurements) {
		return { name, timestamp: this.#clock, properties, measurements, deploymentUrl: this.#deploymentUrl };
	}

	/**
	 * @param {string} name
	 * @param {Record<string, string>} properties
	 * @param {number} durationMs
	 * @param {Partial<TelemetryEvent>} [rest] ids and the error block
	 * @param {Record<string, number>} [measurements] written before the duration
	 * @returns {TelemetryEvent}
	 */
	#span(name, properties, durationMs, rest, measurements) {
		const event = this.#log(name, properties, { ...measurements, durationMs });
		return { ...event, traceId: this.#random.hex(32), ...rest };
	}

	*#openWorkspace() {
		yield this.#workspaceOpen();

		const random = this.#random;
		const trace = { traceId: random.hex(32), parentEventId: random.hex(16) };
		const started = this.#clock;
		const failingPhase = random.chance(1 / 6) ? random.pick(setupPhases) : undefined;
		const failure = failingPhase && { error: random.pick(errors) };

		yield this.#setupPhase("cli_resolve", 90, trace);
		yield* this.#resolveCli();
		for (const phase of setupPhases) {
			if (phase === failingPhase) {
				yield this.#setupPhase(phase.name, phase.typicalMs, { ...trace, ...failure });
				break;
			}
			yield this.#setupPhase(phase.name, phase.typicalMs, trace);
		}

		const result = failingPhase === undefined ? "success" : "error";
		const ids = { traceId: trace.traceId, eventId: trace.parentEventId };
		yield this.#span("remote.setup", { result }, this.#clock - started + random.fraction(), {
			...ids,
			...failure,
		});
	}

	/** @returns {TelemetryEvent} */
	#workspaceOpen() {
		const random = this.#random;
		const durationMs = random.around(1200);
		this.#advanceBy(durationMs);
		const agents = random.integer(1, 3);
		const measurements = { "agent.count": agents, "agent.connected_count": random.integer(1, agents) };
		const source = random.pick(["sidebar_workspace", "sidebar_agent", "uri"]);
		if (random.chance(1 / 5)) {
			const properties = { source, abort_stage: "workspace_picker", result: "aborted" };
			return this.#span("workspace.open", properties, durationMs, {}, measurements);
		}
		const properties = {
			source,
			workspace_status: "running",
			workspace_outdated: String(random.chance(0.3)),
			agent_status: "connected",
			agent_lifecycle_state: "ready",
			handoff: "folder",
			result: "success",
		};
		return this.#span("workspace.open", properties, durationMs, {}, measurements);
	}

	/**
	 * @param {string} phase
	 * @param {number} typicalMs
	 * @param {Partial<TelemetryEvent>} rest ids, and the error block if the phase failed
	 * @returns {TelemetryEvent}
	 */
	#setupPhase(phase, typicalMs, rest) {
		const durationMs = this.#random.around(typicalMs);
		this.#advanceBy(durationMs);
		const result = rest.error === undefined ? "success" : "error";
		return this.#span(`remote.setup.${phase}`, { result }, durationMs, rest);
	}

	*#resolveCli() {
		const random = this.#random;
		const trace = { traceId: random.hex(32), parentEventId: random.hex(16) };
		const started = this.#clock;
		const lookup = { source: "directory", result: "success" };
		this.#advanceBy(random.around(10));
		yield this.#span("cli.resolve.cache_lookup", lookup, this.#clock - started + random.fraction(), trace);
		const checkMs = random.around(60);
		this.#advanceBy(checkMs);
		yield this.#span("cli.resolve.version_check", { outcome: "match", result: "success" }, checkMs, trace);
		yield this.#span(
			"cli.resolve",
			{ cache_source: "directory", version_check: "match", outcome: "cache_hit", result: "success" },
			this.#clock - started + random.fraction(),
			{ traceId: trace.traceId, eventId: trace.parentEventId },
		);
	}

	*#connect() {
		const random = this.#random;
		const found = { found: "true", result: "success" };
		yield this.#span(
			"ssh.process.discovered",
			found,
			random.around(700),
			{},
			{ attempts: random.integer(1, 11) },
		);
		yield this.#transition("idle", "connecting", "initial_connect");
		yield this.#opened();
		yield this.#transition("connecting", "connected", "open");
	}

	/** @returns {TelemetryEvent} */
	#opened() {
		const connectMs = this.#random.around(110);
		this.#advanceBy(connectMs);
		const properties = { route: "/api/v2/workspaces/{id}/watch-ws" };
		return this.#log("connection.opened", properties, { connect_duration_ms: connectMs });
	}

	/**
	 * @param {string} from
	 * @param {string} to
	 * @param {string} reason
	 * @returns {TelemetryEvent}
	 */
	#transition(from, to, reason) {
		const properties = { from, to, reason };
		if (this.#layout === "earliest") {
			properties.from = from.toUpperCase();
			properties.to = to.toUpperCase();
		}
		return this.#log("connection.state_transitioned", properties, {});
	}

	*#interruptions() {
		const random = this.#random;
		if (random.chance(minuteProbabilities.reopened)) {
			yield* this.#openWorkspace();
		}
		if (random.chance(minuteProbabilities.dropped)) {
			yield* this.#dropAndReconnect();
		}
		if (random.chance(minuteProbabilities.unauthorized)) {
			yield* this.#refreshToken();
		}
		if (random.chance(minuteProbabilities.command)) {
			yield this.#command();
		}
		if (random.chance(minuteProbabilities.agent)) {
			yield this.#agentTransition();
		}
	}

	*#dropAndReconnect() {
		const random = this.#random;
		const dropped = { cause: "unexpected_close", close_code: random.pick(["1001", "1006", "1012"]) };
		const connectedMs = this.#clock - this.#start + random.fraction();
		yield this.#log("connection.dropped", dropped, { connection_duration_ms: connectedMs });
		yield this.#transition("connected", "awaiting_retry", "unexpected_close");

		const lost = this.#clock;
		const attempts = random.integer(1, 3);
		let backoffMs = 1000;
		for (let attempt = 1; attempt <= attempts; attempt++) {
			this.#advanceBy(backoffMs);
			backoffMs *= 2;
			yield this.#transition("awaiting_retry", "connecting", "scheduled_reconnect");
			if (attempt < attempts) {
				this.#advanceBy(random.around(100));
				yield this.#transition("connecting", "awaiting_retry", "connection_error");
			}
		}
		yield this.#opened();
		yield this.#log(
			"connection.reconnect_resolved",
			{ outcome: "success", reason: "unexpected_close" },
			{ attempts, max_backoff_ms: backoffMs, total_duration_ms: this.#clock - lost + random.fraction() },
		);
		yield this.#transition("connecting", "connected", "open");
	}

	*#refreshToken() {
		const random = this.#random;
		const [traceId, eventId] = [random.hex(32), random.hex(16)];
		yield { ...this.#log("auth.unauthorized_intercepted.received", {}, {}), traceId, parentEventId: eventId };
		const durationMs = random.around(150);
		this.#advanceBy(durationMs);
		const properties = { recovery: "refresh_success", refresh_attempted: "true", result: "success" };
		yield this.#span("auth.unauthorized_intercepted", properties, durationMs, { traceId, eventId });
	}

	/** @returns {TelemetryEvent} */
	#command() {
		const random = this.#random;
		const commandId = random.pick(commandIds);
		const durationMs = random.around(250);
		this.#advanceBy(durationMs);
		if (commandId === "coder.login" && random.chance(0.3)) {
			this.#deploymentUrl = random.pick(deploymentUrls);
		}
		const result = random.pick(["success", "success", "success", "success", "success", "aborted", "error"]);
		const rest = result === "error" ? { error: random.pick(errors) } : {};
		return this.#span("command.invoked", { command_id: commandId, result }, durationMs, rest);
	}

	/** @returns {TelemetryEvent} */
	#agentTransition() {
		const properties = {
			workspace_name: this.#random.pick(["ml-train", "web", "data-lab"]),
			agent_name: this.#random.pick(["main", "sidecar"]),
			"status.from": "connecting",
			"status.to": "connected",
			"lifecycle_state.from": "starting",
			"lifecycle_state.to": "ready",
		};
		const measurements = { observed_duration_ms: this.#random.around(9000) };
		return this.#log("workspace.agent.state_transitioned", properties, measurements);
	}

	/** The requests of the last minute, one row per route, and a network sample. */
	*#report() {
		const random = this.#random;
		for (const { properties, frequency, typicalMs } of this.#routes) {
			if (random.chance(frequency)) {
				yield this.#log("http.requests", properties, this.#requestMeasurements(typicalMs));
			}
		}
		if (random.chance(0.9)) {
			this.#advanceBy(random.around(120));
			yield this.#networkSample();
		}
	}

	/**
	 * @param {number} typicalMs
	 * @returns {Record<string, number | null>}
	 */
	#requestMeasurements(typicalMs) {
		const random = this.#random;
		const rare = () => (random.chance(0.05) ? random.integer(1, 2) : 0);
		const counts = {
			"1xx": 0,
			"2xx": random.integer(1, 8),
			"3xx": rare(),
			"4xx": rare(),
			"5xx": rare(),
			network_error: rare(),
		};
		/** @type {Record<string, number | null>} */
		const measurements = { window_seconds: Math.min(60, Math.ceil(this.#minute) / 1000) };
		const prefix = this.#usesSpecificationNames ? "count_" : "count.";
		for (const [outcome, count] of Object.entries(counts)) {
			// Current builds omit zeros.
			if (count > 0 || this.#layout !== "current") {
				measurements[prefix + outcome] = count;
			}
		}

		const median = Math.ceil(random.around(typicalMs));
		const slow = median + Math.floor(random.fraction() * median);
		if (this.#usesSpecificationNames) {
			measurements.avg_duration_ms = median + random.fraction();
			measurements.p95_duration_ms = slow;
		} else {
			measurements["duration.p50_ms"] = median;
			measurements["duration.p95_ms"] = slow;
			measurements["duration.p99_ms"] = random.chance(0.002) ? null : slow + random.integer(0, median);
		}
		return measurements;
	}

	/** @returns {TelemetryEvent} */
	#networkSample() {
		const random = this.#random;
		const properties = { p2p: String(this.#peerToPeer), preferred_derp: this.#relay };
		const name = this.#usesSpecificationNames ? "ssh.network.info" : "ssh.network.sampled";
		return this.#log(name, properties, {
			// The writer stores null if the latency could not be measured.
			latency_ms: random.chance(0.02) ? null : Math.round(random.around(30) * 1e4) / 1e4,
			download_mbits: Math.round(random.around(0.6) * 1e6) / 1e6,
			upload_mbits: Math.round(random.around(0.2) * 1e6) / 1e6,
		});
	}
}
