/** A home of its own for an editor: nothing of the user who runs the tests is read, and nothing stays. */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../../../../scripts/testing/scratch.mjs";
import { serverEntry, serverNode } from "../tools.mjs";

const installTimeoutMs = 120_000;

/** Quiet, without motion, and good to look at in pictures. */
const userSettings = {
	"chat.disableAIFeatures": true,
	"editor.minimap.enabled": false,
	"extensions.autoCheckUpdates": false,
	"extensions.autoUpdate": false,
	"files.simpleDialog.enable": true,
	"git.enabled": false,
	"telemetry.telemetryLevel": "off",
	"window.commandCenter": false,
	"workbench.colorTheme": "Default Light Modern",
	"workbench.layoutControl.enabled": false,
	"workbench.reduceMotion": "on",
	"workbench.secondarySideBar.defaultVisibility": "hidden",
	"workbench.startupEditor": "none",
	"workbench.tips.enabled": false,
};

/** Folders and settings of an editor that was never started before. */
export class Profile {
	/** @param {string} name of a folder in the scratch folder */
	constructor(name) {
		this.folder = path.join(scratchFolder(), name);
		/** The user's home; a save dialog begins here. */
		this.home = path.join(this.folder, "home");
		/** The folder that is open in the editor. */
		this.workspace = path.join(this.home, "project");
		this.temporary = path.join(this.folder, "tmp");
		this.userData = path.join(this.folder, "user");
		this.extensions = path.join(this.folder, "extensions");
		this.configuration = path.join(this.folder, "config.yaml");
		/** Where the Coder extension keeps its telemetry. */
		this.coderTelemetry = path.join(
			this.userData,
			"User",
			"globalStorage",
			"coder.coder-remote",
			"telemetry",
		);
		for (const folder of [this.workspace, this.temporary, this.userData, this.extensions]) {
			mkdirSync(folder, { recursive: true });
		}
		writeFileSync(this.configuration, "");
		this.writeUserSettings({});
	}

	/**
	 * Settings of the user, on top of those that make the editor quiet.
	 *
	 * @param {Record<string, unknown>} settings
	 */
	writeUserSettings(settings) {
		this.#writeSettings("User", { ...userSettings, ...settings });
	}

	/**
	 * Settings of the machine that runs the extensions, the only ones of this scope that an editor in a browser heeds.
	 *
	 * @param {Record<string, unknown>} settings
	 */
	writeMachineSettings(settings) {
		this.#writeSettings("Machine", settings);
	}

	/**
	 * @param {string} scope
	 * @param {Record<string, unknown>} settings
	 */
	#writeSettings(scope, settings) {
		const folder = path.join(this.userData, scope);
		mkdirSync(folder, { recursive: true });
		writeFileSync(path.join(folder, "settings.json"), JSON.stringify(settings, null, "\t"));
	}

	/** Variables of the processes of this editor: none of them finds its way to the real home. */
	get environment() {
		const { PATH, LANG = "C.UTF-8" } = process.env;
		// Out of the home, so that dialogs for files show nothing there but what belongs to a test.
		const hidden = path.join(this.folder, "hidden");
		return {
			...{ PATH, LANG, HOME: this.home, TMPDIR: this.temporary },
			...{ XDG_CACHE_HOME: hidden, XDG_CONFIG_HOME: hidden, XDG_DATA_HOME: hidden },
		};
	}

	/** Words of a command line that name this profile's folders to the server. */
	get serverWords() {
		return [
			...["--user-data-dir", this.userData],
			...["--extensions-dir", this.extensions],
			...["--config", this.configuration],
		];
	}

	/** @param {string} vsix */
	installVsix(vsix) {
		execFileSync(serverNode, [serverEntry, ...this.serverWords, "--install-extension", vsix, "--force"], {
			env: this.environment,
			timeout: installTimeoutMs,
			killSignal: "SIGKILL",
		});
	}

	/**
	 * Installs an extension from its sources, as the editor would unpack it, but into a folder of any name: extensions
	 * are activated in order of the names of their folders.
	 *
	 * @param {string} source
	 * @param {string} folderName
	 */
	installFolder(source, folderName) {
		const folder = path.join(this.extensions, folderName);
		cpSync(source, folder, { recursive: true });
		const { name, publisher, version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
		const installed = this.installedExtensions();
		installed.push({
			identifier: { id: `${publisher}.${name}` },
			version,
			location: { $mid: 1, path: folder, scheme: "file" },
			relativeLocation: folderName,
			metadata: { installedTimestamp: Date.now(), pinned: true, source: "vsix" },
		});
		writeFileSync(this.#extensionsList, JSON.stringify(installed));
	}

	/** @returns {{ identifier: { id: string }, version: string, relativeLocation: string, [member: string]: unknown }[]} */
	installedExtensions() {
		return existsSync(this.#extensionsList) ? JSON.parse(readFileSync(this.#extensionsList, "utf8")) : [];
	}

	get #extensionsList() {
		return path.join(this.extensions, "extensions.json");
	}
}
