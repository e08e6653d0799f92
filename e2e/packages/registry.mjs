/** An npm registry on the loopback interface. It has only the packages that are published to it. */

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
		/** Settings of npm: this registry, and a token, which npm requires but the registry ignores. */
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
			// Without uplinks, so that only packages published here are found.
			stringify({
				storage: path.join(folder, "storage"),
				packages: { "**": everybody },
				log: { level: "warn" },
			}),
		);
		const address = `http://127.0.0.1:${await freePort()}`;
		const server = new ServerProcess({
			name: "The registry",
			// Verdaccio needs a newer Node than we do.
			program: newestRuntime().program,
			args: [commandFile("verdaccio"), "--config", configuration, "--listen", address],
			cwd: folder,
			log: path.join(folder, "verdaccio.log"),
		});
		await server.ready(async () => (await fetch(`${address}/-/ping`)).ok);
		return new Registry(server, address, folder);
	}

	/** @returns {NodeJS.ProcessEnv} makes npm use this registry, and ignore this machine's settings */
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
	 * Publishes with the command of a release.
	 *
	 * @param {string} packages the folder of the packed packages
	 * @param {string} [platforms] to publish packages for; default: the platform of this machine
	 */
	publish(packages, platforms = ownTarget().platform) {
		const script = path.join(repository, "release", "packages", "publish.mjs");
		const nodeArguments = [
			script,
			"--packages",
			packages,
			"--platforms",
			platforms,
			"--registry",
			`${this.address}/`,
		];
		return spawnSync(process.execPath, nodeArguments, {
			encoding: "utf8",
			env: this.npmEnvironment,
			timeout: 120_000,
		});
	}

	/**
	 * @param {string} name of a package
	 * @returns {Promise<any>} its metadata in the registry
	 */
	async metadata(name) {
		return (await fetch(`${this.address}/${name}`)).json();
	}
}
