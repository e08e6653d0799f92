import * as path from "node:path";
import { SettingError, settingIds } from "./settings.js";

/** The id of the extension that records the telemetry: the name of its folder in the global storage. */
const recordingExtension = "coder.coder-remote";

/** Where this code runs; values of other machines in tests. */
export interface Surroundings {
	/** The folder that the editor keeps for this extension, `…/globalStorage/{publisher}.{name}`. */
	readonly ownGlobalStorage: string;
	/** The user's home directory, looked up when it is read; nothing if the system does not know it. */
	readonly home: string | undefined;
	/** How paths are written here. */
	readonly paths?: path.PlatformPath;
}

/**
 * Finds where telemetry is kept: where the setting says, else where the Coder extension of the same editor keeps
 * it, which is beside our own storage.
 *
 * @param setting The value of `coder.telemetryExport.directory`; `~` stands for the home directory.
 * @returns an absolute path, whether it exists or not
 * @throws {SettingError} if the setting holds a relative path, which could be relative to anything, or begins with a home
 *   directory that is not known
 */
export function telemetryDirectory(setting: string | undefined, surroundings: Surroundings): string {
	const { paths = path } = surroundings;
	if (setting === undefined) {
		return paths.join(paths.dirname(surroundings.ownGlobalStorage), recordingExtension, "telemetry");
	}
	if (beginsWithHome(setting, paths)) {
		const { home } = surroundings;
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
