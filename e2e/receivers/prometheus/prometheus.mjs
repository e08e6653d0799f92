/** Prometheus, from Debian, as a server of one test. */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installDebianPackages } from "../../../scripts/testing/debian-packages.mjs";
import { freePort, ServerProcess } from "../../../scripts/testing/server-process.mjs";

const program = "/usr/bin/prometheus";

/** Telemetry of any age is taken, in any order: the tests do not depend on today's date. */
const configuration = "storage: {tsdb: {out_of_order_time_window: 100y}}\n";

/**
 * A series as Prometheus keeps it.
 *
 * @typedef {object} Series
 * @property {Record<string, string>} labels with the name of the metric, `__name__`
 * @property {{ time: number, value: number }[]} samples in order of time, in seconds since 1970
 */

/** Installs Prometheus where it is missing. */
export function installPrometheus() {
	installDebianPackages([{ name: "prometheus", file: program }]);
}

/** One that takes remote writes of any age. */
export class Prometheus {
	#server;

	/**
	 * @param {string} folder its own, new
	 * @returns {Promise<Prometheus>} one that takes samples
	 */
	static async start(folder) {
		mkdirSync(folder, { recursive: true });
		const file = path.join(folder, "prometheus.yaml");
		writeFileSync(file, configuration);
		const address = `127.0.0.1:${await freePort()}`;
		const server = new ServerProcess({
			name: "Prometheus",
			program,
			words: [
				...[`--config.file=${file}`, `--storage.tsdb.path=${path.join(folder, "data")}`],
				...[`--web.listen-address=${address}`, "--web.enable-remote-write-receiver"],
				"--storage.tsdb.retention.time=100y",
				// Nothing is compacted while it arrives: doing both at once, this version loses samples now and then.
				"--storage.tsdb.min-block-duration=100y",
				"--storage.tsdb.max-block-duration=100y",
			],
			cwd: folder,
			log: path.join(folder, "prometheus.log"),
		});
		const origin = `http://${address}`;
		await server.ready(async () => (await fetch(`${origin}/-/ready`)).ok);
		return new Prometheus(server, origin);
	}

	/**
	 * @param {ServerProcess} server
	 * @param {string} origin
	 */
	constructor(server, origin) {
		this.#server = server;
		this.origin = origin;
	}

	/**
	 * Every series of some metrics, with every sample.
	 *
	 * @param {string} names a regular expression
	 * @returns {Promise<Series[]>}
	 */
	async series(names) {
		/** @type {string[]} */
		const known = await this.#ask("label/__name__/values", {});
		const chosen = known.filter((name) => new RegExp(`^(?:${names})$`).test(name));
		const all = [];
		// One metric at a time, because an answer is limited.
		for (const name of chosen) {
			const { result } = await this.#ask("query", { query: `${name}[100y]`, time: "4102444800" });
			for (const { metric, values } of result) {
				const samples = values.map((/** @type {[number, string]} */ [time, value]) => ({
					time,
					value: Number(value),
				}));
				all.push({ labels: metric, samples });
			}
		}
		return all;
	}

	/**
	 * @param {string} path
	 * @param {Record<string, string>} parameters
	 */
	async #ask(path, parameters) {
		const url = `${this.origin}/api/v1/${path}?${new URLSearchParams(parameters)}`;
		const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
		const answer = /** @type {any} */ (await response.json());
		if (answer.status !== "success") {
			throw new Error(`Prometheus answers ${JSON.stringify(answer)} to ${url}`);
		}
		return answer.data;
	}

	/** Ends it at once. */
	kill() {
		this.#server.kill();
	}
}
