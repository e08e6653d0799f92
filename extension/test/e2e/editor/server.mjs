/** The VS Code server: its process, and what its extension hosts log. */

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ServerProcess } from "../../../../scripts/testing/server-process.mjs";
import { serverEntry, serverNode } from "../tools.mjs";

/** A server on a free port of the loopback interface. */
export class EditorServer {
	#process;

	/**
	 * @param {import("./profile.mjs").Profile} profile
	 * @returns {Promise<EditorServer>} a server that answers
	 */
	static async start(profile) {
		const words = [
			...profile.serverWords,
			...["--auth", "none", "--bind-addr", "127.0.0.1:0"],
			...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
			...["--disable-getting-started-override", "--ignore-last-opened"],
		];
		const server = new ServerProcess({
			name: "The VS Code server",
			program: serverNode,
			words: [serverEntry, ...words],
			cwd: profile.home,
			env: profile.environment,
			log: path.join(profile.folder, "server.log"),
		});
		const origin = await server.ready(
			() => server.output.match(/HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/)?.[1],
		);
		await server.ready(async () => (await fetch(`${origin}/healthz`)).ok);
		return new EditorServer(profile, origin, server);
	}

	/**
	 * @param {import("./profile.mjs").Profile} profile
	 * @param {string} origin
	 * @param {ServerProcess} server
	 */
	constructor(profile, origin, server) {
		this.profile = profile;
		this.origin = origin;
		this.#process = server;
	}

	/** Ends the server and everything it started. */
	stop() {
		this.#process.kill();
	}

	/** @returns {string} the address of a window on the profile's workspace */
	get windowAddress() {
		return `${this.origin}/?folder=${encodeURIComponent(this.profile.workspace)}`;
	}

	/** @returns {string} the log of the extension host of the window that was opened last */
	lastExtensionHostLog() {
		return this.extensionHostLogs().at(-1) ?? "";
	}

	/** @returns {string[]} the logs of the extension hosts so far, one for each window, oldest first */
	extensionHostLogs() {
		const logs = path.join(this.profile.userData, "logs");
		return readdirSync(logs)
			.sort()
			.flatMap((start) =>
				readdirSync(path.join(logs, start))
					.filter((name) => /^exthost\d+$/.test(name))
					.sort((left, right) => Number(left.slice(7)) - Number(right.slice(7)))
					.map((name) => readIfThere(path.join(logs, start, name, "remoteexthost.log"))),
			);
	}
}

/**
 * Finds what went wrong with extensions that were installed. The editor logs troubles of its own as errors, too, such
 * as a lock that a window has just left behind.
 *
 * @param {string} log of an extension host
 * @param {string} extensions the folder they are installed in, which their stack traces name
 * @returns {string[]}
 */
export function extensionErrors(log, extensions) {
	const entries = log.split(/^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[)/m);
	return entries.filter(
		(entry) =>
			entry.includes("[error]") && (entry.includes("Activating extension") || entry.includes(extensions)),
	);
}

/** @param {string} file */
function readIfThere(file) {
	try {
		return readFileSync(file, "utf8");
	} catch {
		return "";
	}
}
