/** The Collector as a server of one test. */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort, ServerProcess } from "../../../scripts/testing/server-process.mjs";
import { collectorProgram } from "./build.mjs";
import { collectorConfiguration } from "./configuration.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Signal} Signal */
/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Temporality} Temporality */

/** One that runs the configuration that users copy, on ports and folders of its own. */
export class Collector {
	#server;
	#origin;

	/**
	 * @param {object} plan
	 * @param {string} plan.folder its own, new; for its configuration, its log and what it writes
	 * @param {Temporality} [plan.temporality] of the metrics it is sent, `delta` by default
	 * @param {string} [plan.prometheus] where Prometheus listens, if there is one
	 * @param {boolean} [plan.hasDefaultFingerprint] of the files that it watches
	 * @returns {Promise<Collector>} one that takes requests
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
			words: [`--config=${configuration}`],
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
		/** The folder that it writes into. */
		this.received = received;
	}

	/**
	 * @param {Signal} signal
	 * @param {Buffer} request sent as it is
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
	 * What it has complained about, such as requests that an exporter gave up. Points that delta_to_cumulative drops are not
	 * among it.
	 *
	 * @returns {string[]} the lines of its log that are warnings or errors
	 */
	complaints() {
		return this.#server.output.split("\n").filter((line) => /\t(?:warn|error)\t/.test(line));
	}

	/** Ends it when it has written everything that it holds. */
	async end() {
		await this.#server.end();
	}

	/** Ends it at once. */
	kill() {
		this.#server.kill();
	}
}
