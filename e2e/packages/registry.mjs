/** A registry of npm packages on the loopback interface, which knows what is published to it and nothing else. */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { ownTarget } from "../../release/targets.mjs";
import { repository } from "../../scripts/set-up.mjs";
import { scratchFolder } from "../../scripts/testing/scratch.mjs";
import { freePort, ServerProcess } from "../../scripts/testing/server-process.mjs";
import { commandFile, newestRuntime } from "./tools/tools.mjs";

export class Registry {
	/**
	 * @param {ServerProcess} server
	 * @param {string} address
	 * @param {string} folder
	 */
	constructor(server, address, folder) {
		this.server = server;
		this.address = address;
		/** npm's settings: this registry, and a token as its clients must have one, whatever it says. */
		this.userConfiguration = path.join(folder, "npmrc");
		this.cache = path.join(folder, "npm-cache");
		const host = address.replace(/^http:/, "");
		writeFileSync(this.userConfiguration, `registry=${address}/\n${host}/:_authToken=nobody\n`);
	}

	/**
	 * @param {string} name of its folder
	 * @returns {Promise<Registry>}
	 */
	static async start(name) {
		const folder = path.join(scratchFolder(), name);
		const configuration = path.join(folder, "verdaccio.yaml");
		mkdirSync(folder, { recursive: true });
		const everybody = { access: "$all", publish: "$all" };
		writeFileSync(
			configuration,
			// Without uplinks: what is asked for and was not published here is not found.
			stringify({
				storage: path.join(folder, "storage"),
				packages: { "**": everybody },
				log: { level: "warn" },
			}),
		);
		const address = `http://127.0.0.1:${await freePort()}`;
		const server = new ServerProcess({
			name: "The registry",
			// It asks for a younger Node than we do.
			program: newestRuntime().program,
			words: [commandFile("verdaccio"), "--config", configuration, "--listen", address],
			cwd: folder,
			log: path.join(folder, "verdaccio.log"),
		});
		await server.ready(async () => (await fetch(`${address}/-/ping`)).ok);
		return new Registry(server, address, folder);
	}

	/** @returns {NodeJS.ProcessEnv} what makes npm use this registry and nothing of this machine's settings */
	get npmEnvironment() {
		const own = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith("npm_"));
		return {
			...Object.fromEntries(own),
			NPM_CONFIG_USERCONFIG: this.userConfiguration,
			NPM_CONFIG_GLOBALCONFIG: path.join(path.dirname(this.userConfiguration), "no-npmrc"),
			NPM_CONFIG_CACHE: this.cache,
			NPM_CONFIG_UPDATE_NOTIFIER: "false",
		};
	}

	/**
	 * Publishes by the release's own command.
	 *
	 * @param {string} packages the folder of the packed packages
	 * @param {string} [platforms] whose packages are published; that of this machine, by default
	 */
	publish(packages, platforms = ownTarget().platform) {
		const script = path.join(repository, "release", "packages", "publish.mjs");
		const words = [
			script,
			"--packages",
			packages,
			"--platforms",
			platforms,
			"--registry",
			`${this.address}/`,
		];
		return spawnSync(process.execPath, words, {
			encoding: "utf8",
			env: this.npmEnvironment,
			timeout: 120_000,
		});
	}

	/**
	 * @param {string} name of a package
	 * @returns {Promise<any>} what the registry tells of it
	 */
	async about(name) {
		return (await fetch(`${this.address}/${name}`)).json();
	}
}
