/** The VS Code server: its process, and what its extension hosts log. */

import { spawn } from "node:child_process";
import { createWriteStream, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { guardProcessGroup } from "../scratch.mjs";
import { serverEntry, serverNode } from "../tools.mjs";
import { until } from "../waiting.mjs";

const startTimeoutMs = 60_000;

/** A server on a free port of the loopback interface. */
export class EditorServer {
	/** @type {() => void} */
	#kill;

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
		// A group of its own, so that the server's own children end with it.
		const child = spawn(serverNode, [serverEntry, ...words], {
			cwd: profile.home,
			env: profile.environment,
			detached: true,
			stdio: ["ignore", "pipe", "pipe"],
		});
		if (child.pid === undefined) {
			throw new Error(`The server did not start: ${serverNode} cannot be run`);
		}
		const kill = guardProcessGroup(child.pid);
		let printed = "";
		const log = createWriteStream(path.join(profile.folder, "server.log"));
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text) => {
				printed += text;
				log.write(text);
			});
		}
		try {
			const origin = await until(
				"the server to name its port",
				() => {
					if (child.exitCode !== null) {
						throw new Error(`The server ended with ${child.exitCode}: ${printed}`);
					}
					return printed.match(/HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/)?.[1];
				},
				startTimeoutMs,
			);
			await until(
				"the server to be healthy",
				async () => (await fetch(`${origin}/healthz`)).ok,
				startTimeoutMs,
			);
			return new EditorServer(profile, origin, kill);
		} catch (error) {
			kill();
			throw error;
		}
	}

	/**
	 * @param {import("./profile.mjs").Profile} profile
	 * @param {string} origin
	 * @param {() => void} kill
	 */
	constructor(profile, origin, kill) {
		this.profile = profile;
		this.origin = origin;
		this.#kill = kill;
	}

	/** Ends the server and everything it started. */
	stop() {
		this.#kill();
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
