import * as path from "node:path";
import { isAbsolute } from "coder-telemetry-export/bin/home-directory.js";
import { SettingError, settingIds } from "./settings.js";

/** The id of the extension that records the telemetry, which is also the name of its global storage folder. */
const recordingExtension = "coder.coder-remote";

/** Folders of this machine. Tests use those of other machines. */
export interface Locations {
	/** The storage folder of this extension, `…/globalStorage/{publisher}.{name}`. */
	readonly globalStoragePath: string;
	/** The user's home directory; undefined if the system does not know it. */
	readonly home: string | undefined;
	/** The `path` module of the system. */
	readonly paths?: path.PlatformPath;
}

/**
 * Finds the telemetry directory: the one in the setting, or else the one that the Coder extension of this editor writes,
 * which is beside our own storage folder.
 *
 * @param setting The value of `coder.telemetryExport.directory`; `~` is the home directory.
 * @returns an absolute path, which need not exist
 * @throws {SettingError} if the setting is a relative path, or begins with `~` and the home directory is not known; on
 *   Windows also if it has no drive or server, or has control characters
 */
export function telemetryDirectory(setting: string | undefined, locations: Locations): string {
	const { paths = path } = locations;
	if (setting === undefined) {
		return paths.join(paths.dirname(locations.globalStoragePath), recordingExtension, "telemetry");
	}
	const isWindows = paths.sep === "\\";
	if (isWindows && [...setting].some((character) => character < " ")) {
		// In JSON, "C:\temp" has a tab and no backslash.
		throw new SettingError(
			settingIds.directory,
			setting,
			"a path without control characters (in settings.json, write each backslash twice)",
		);
	}
	if (beginsWithHome(setting, paths)) {
		const { home } = locations;
		if (home === undefined) {
			throw new SettingError(
				settingIds.directory,
				setting,
				"an absolute path, since the home directory of this user is not known",
			);
		}
		return paths.normalize(home + setting.slice("~".length));
	}
	if (!isAbsolute(setting, paths)) {
		throw new SettingError(
			settingIds.directory,
			setting,
			`an absolute path${isWindows ? " with a drive or a server" : ""}, or one that begins with ~/`,
		);
	}
	return paths.normalize(setting);
}

function beginsWithHome(setting: string, paths: path.PlatformPath): boolean {
	return setting === "~" || setting.startsWith("~/") || setting.startsWith(`~${paths.sep}`);
}
