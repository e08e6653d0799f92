/** Starts an editor for a file of scenarios, and keeps pictures of each scenario, and logs if it fails. */

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
/** The title of the command if another extension owns the first one. */
export const nativeCommand = "Coder: Export Telemetry (Native)";

/** An editor with the extension installed, one window, and folders for telemetry and exports. */
export class TestEditor {
	/** @type {EditorServer | undefined} */
	#server;
	/** @type {EditorBrowser | undefined} */
	#browser;
	/** @type {import("../editor/workbench.mjs").Workbench | undefined} */
	#workbench;

	/** @param {string} name of its profile */
	constructor(name) {
		this.name = name;
		this.profile = new Profile(name);
		/** A telemetry directory for the setting `coder.telemetryExport.directory`. */
		this.telemetry = path.join(this.profile.folder, "telemetry");
		this.#clearFolder(this.telemetry);
	}

	/** @param {() => void} prepare installs other extensions, and writes settings and telemetry */
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
			// Extensions of the kind `ui` need a local extension host. In a browser there is only the server's.
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

	/** Empties the folders of telemetry and exports. */
	clearFolders() {
		for (const folder of [this.telemetry, this.profile.workspace]) {
			this.#clearFolder(folder);
		}
	}

	removeTelemetry() {
		rmSync(this.telemetry, { recursive: true });
	}

	/**
	 * Empties a folder, but keeps the folder itself, because the editor watches it.
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
		throw new Error("The editor was not started");
	}
	return value;
}

/**
 * Starts an editor before the tests of the current suite, and stops it after them.
 *
 * @param {string} name
 * @param {(testEditor: TestEditor) => void} prepare installs other extensions, and writes settings and telemetry
 * @returns {TestEditor}
 */
export function useTestEditor(name, prepare) {
	const testEditor = new TestEditor(name);
	before(() => testEditor.start(() => prepare(testEditor)), { timeout: startTimeoutMs });
	after(() => testEditor.stop(), { timeout: startTimeoutMs });
	return testEditor;
}

/**
 * @param {TestEditor} testEditor
 * @param {string} name the name of the test
 * @param {string} pictures the name of the folder for its pictures
 * @param {(workbench: import("../editor/workbench.mjs").Workbench) => Promise<void>} act
 */
export function scenario(testEditor, name, pictures, act) {
	it(name, { timeout: scenarioTimeoutMs }, async () => {
		const { workbench } = testEditor;
		const folder = workbench.startPictureFolder(pictures);
		try {
			await act(workbench);
			await workbench.clearNotifications();
		} catch (error) {
			await saveEvidence(testEditor, folder);
			throw error;
		}
	});
}

/**
 * Saves a picture and the logs after a failure, and reloads the window for the next scenario.
 *
 * @param {TestEditor} testEditor
 * @param {string} folder
 */
async function saveEvidence({ workbench, server }, folder) {
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
