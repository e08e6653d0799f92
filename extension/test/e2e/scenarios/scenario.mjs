/** A started editor for a file of scenarios, and the frame of each of them: pictures, and evidence where one fails. */

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, it } from "node:test";
import { packagedIdentity, vsixUnderTest } from "../../../../scripts/testing/extension-package.mjs";
import { EditorBrowser } from "../editor/browser.mjs";
import { Profile } from "../editor/profile.mjs";
import { EditorServer } from "../editor/server.mjs";

const startTimeoutMs = 240_000;
const scenarioTimeoutMs = 180_000;

export const exportCommand = "Coder: Export Telemetry";
/** What the command is called where another extension owns the first one. */
export const nativeCommand = "Coder: Export Telemetry (Native)";

/** An editor with the extension installed, a window on it, and folders for what is read and written. */
export class Stage {
	/** @type {EditorServer | undefined} */
	#server;
	/** @type {EditorBrowser | undefined} */
	#browser;
	/** @type {import("../editor/workbench.mjs").Workbench | undefined} */
	#workbench;

	/** @param {string} name of its profile, and the first part of the names of its folders with pictures */
	constructor(name) {
		this.name = name;
		this.profile = new Profile(name);
		/** For telemetry, where a setting names it. */
		this.telemetry = path.join(this.profile.folder, "telemetry");
		this.#clearFolder(this.telemetry);
	}

	/** @param {() => void} prepare installs and sets what the stage needs beside the extension */
	async start(prepare) {
		this.profile.installVsix(vsixUnderTest());
		this.writeUserSettings({});
		prepare();
		this.#server = await EditorServer.start(this.profile);
		this.#browser = await EditorBrowser.launch(this.profile);
		this.#workbench = await this.#browser.openWindow(this.#server);
	}

	/** @param {Record<string, unknown>} settings */
	writeUserSettings(settings) {
		this.profile.writeUserSettings({
			// Extensions that have to do with the user's own machine ask for the extension host beside the window. In a
			// browser there is none but the server's, which is on the machine of the user of these tests.
			"remote.extensionKind": { [packagedIdentity().id]: ["workspace"], "coder.coder-remote": ["workspace"] },
			...settings,
		});
	}

	async stop() {
		await this.#browser?.close();
		this.#server?.stop();
	}

	get server() {
		return required(this.#server);
	}

	get workbench() {
		return required(this.#workbench);
	}

	/** Empties the folders of telemetry and of exported files. */
	clearFolders() {
		for (const folder of [this.telemetry, this.profile.workspace]) {
			this.#clearFolder(folder);
		}
	}

	removeTelemetry() {
		rmSync(this.telemetry, { recursive: true });
	}

	/**
	 * Leaves the folder itself, because the editor watches it.
	 *
	 * @param {string} folder
	 */
	#clearFolder(folder) {
		mkdirSync(folder, { recursive: true });
		for (const name of readdirSync(folder)) {
			rmSync(path.join(folder, name), { recursive: true });
		}
	}
}

/**
 * @template Value
 * @param {Value | undefined} value
 * @returns {Value}
 */
function required(value) {
	if (value === undefined) {
		throw new Error("The stage was not started");
	}
	return value;
}

/**
 * Starts a stage before the tests of the suite that is being described, and stops it after them.
 *
 * @param {string} name
 * @param {(stage: Stage) => void} prepare installs and sets what the stage needs beside the extension
 * @returns {Stage}
 */
export function useStage(name, prepare) {
	const stage = new Stage(name);
	before(() => stage.start(() => prepare(stage)), { timeout: startTimeoutMs });
	after(() => stage.stop(), { timeout: startTimeoutMs });
	return stage;
}

/**
 * @param {Stage} stage
 * @param {string} behaviour the name of the test
 * @param {string} album the name of the folder for its pictures
 * @param {(workbench: import("../editor/workbench.mjs").Workbench) => Promise<void>} act
 */
export function scenario(stage, behaviour, album, act) {
	it(behaviour, { timeout: scenarioTimeoutMs }, async () => {
		const { workbench } = stage;
		const folder = workbench.beginAlbum(album);
		try {
			await act(workbench);
			await workbench.clearNotifications();
		} catch (error) {
			await keepEvidence(stage, folder);
			throw error;
		}
	});
}

/**
 * Keeps what may tell why a scenario failed, and gives the next one a fresh window.
 *
 * @param {Stage} stage
 * @param {string} folder
 */
async function keepEvidence({ workbench, server }, folder) {
	try {
		await workbench.picture("failure");
		const logs = server.extensionHostLogs();
		writeFileSync(path.join(folder, "failure-extension-hosts.log"), logs.join("\n"));
		await workbench.reload();
	} catch (error) {
		// The scenario's own failure matters more.
		console.error(error);
	}
}
