import * as path from "node:path";
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
 * @throws {SettingError} if the setting is a relative path, or begins with `~` and the home directory is not known
 */
export function telemetryDirectory(setting: string | undefined, locations: Locations): string {
	const { paths = path } = locations;
	if (setting === undefined) {
		return paths.join(paths.dirname(locations.globalStoragePath), recordingExtension, "telemetry");
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
	if (!paths.isAbsolute(setting)) {
		throw new SettingError(settingIds.directory, setting, "an absolute path, or one that begins with ~/");
	}
	return paths.normalize(setting);
}

function beginsWithHome(setting: string, paths: path.PlatformPath): boolean {
	return setting === "~" || setting.startsWith("~/") || setting.startsWith(`~${paths.sep}`);
}
