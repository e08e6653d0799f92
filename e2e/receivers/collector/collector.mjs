/** Runs the Collector for a test. */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, ServerProcess } from "../../../scripts/testing/server-process.mjs";
import { collectorProgram } from "./build.mjs";
import { collectorConfiguration } from "./configuration.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Signal} Signal */
/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Temporality} Temporality */

/** A Collector with the example configuration, on its own port and folders. */
export class Collector {
	#server;
	#origin;

	/**
	 * @param {object} plan
	 * @param {string} plan.folder a new folder for its configuration, log and output
	 * @param {Temporality} [plan.temporality] of the metrics that it receives; default `delta`
	 * @param {string} [plan.prometheus] address of a Prometheus
	 * @param {boolean} [plan.hasDefaultFingerprint] see {@link collectorConfiguration}
	 * @returns {Promise<Collector>} a Collector that accepts requests
	 */
	static async start({ folder, temporality = "delta", prometheus, hasDefaultFingerprint = false }) {
		const configuration = path.join(folder, "otelcol.json");
		const watched = path.join(folder, "watched");
		const received = path.join(folder, "received");
		mkdirSync(watched, { recursive: true });
		const variant = { temporality, hasPrometheus: prometheus !== undefined, hasDefaultFingerprint };
		writeFileSync(configuration, collectorConfiguration(variant));
		const endpoint = `127.0.0.1:${await freePort()}`;
		const server = new ServerProcess({
			name: "The Collector",
			program: collectorProgram,
			args: [`--config=${configuration}`],
			cwd: folder,
			env: {
				...process.env,
				OTLP_ENDPOINT: endpoint,
				TELEMETRY_FOLDER: watched,
				OUTPUT_FOLDER: received,
				PROMETHEUS_URL: prometheus,
			},
			log: path.join(folder, "otelcol.log"),
		});
		await server.ready(() => server.output.includes("Everything is ready."));
		return new Collector({ server, origin: `http://${endpoint}`, watched, received });
	}

	/**
	 * @param {object} started
	 * @param {ServerProcess} started.server
	 * @param {string} started.origin
	 * @param {string} started.watched
	 * @param {string} started.received
	 */
	constructor({ server, origin, watched, received }) {
		this.#server = server;
		this.#origin = origin;
		/** The folder that it watches for parts. */
		this.watched = watched;
		/** The folder that it writes to. */
		this.received = received;
	}

	/**
	 * @param {Signal} signal
	 * @param {Buffer} request sent unchanged
	 * @returns {Promise<{ status: number, body: string }>}
	 */
	async post(signal, request) {
		const response = await fetch(`${this.#origin}/v1/${signal}`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: request,
			signal: AbortSignal.timeout(60_000),
		});
		return { status: response.status, body: await response.text() };
	}

	/**
	 * Returns its warnings and errors, such as requests that an exporter gave up. It does not report points that
	 * delta_to_cumulative drops.
	 *
	 * @returns {string[]} lines of its log
	 */
	complaints() {
		return this.#server.output.split("\n").filter((line) => /\t(?:warn|error)\t/.test(line));
	}

	/** Ends it after it has written everything. */
	async end() {
		await this.#server.end();
	}

	/** Kills it. */
	kill() {
		this.#server.kill();
	}
}
