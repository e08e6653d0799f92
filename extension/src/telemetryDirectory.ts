import * as path from "node:path";
import { SettingError, settingIds } from "./settings.js";

/** The id of the extension that records the telemetry: the name of its folder in the global storage. */
const recordingExtension = "coder.coder-remote";

/** Where this code runs; values of other machines in tests. */
export interface Surroundings {
	/** The folder that the editor keeps for this extension, `…/globalStorage/{publisher}.{name}`. */
	readonly ownGlobalStorage: string;
	/** The user's home directory. */
	readonly home: string;
	/** How paths are written here. */
	readonly paths?: path.PlatformPath;
}

/**
 * Finds where telemetry is kept: where the setting says, else where the Coder extension of the same editor keeps
 * it, which is beside our own storage.
 *
 * @param setting The value of `coder.telemetryExport.directory`; `~` stands for the home directory.
 * @returns an absolute path, whether it exists or not
 * @throws {SettingError} where the setting holds a relative path, which could be relative to anything
 */
export function telemetryDirectory(
	setting: string | undefined,
	{ ownGlobalStorage, home, paths = path }: Surroundings,
): string {
	if (setting === undefined) {
		return paths.join(paths.dirname(ownGlobalStorage), recordingExtension, "telemetry");
	}
	const directory = beginsWithHome(setting, paths) ? home + setting.slice("~".length) : setting;
	if (!paths.isAbsolute(directory)) {
		throw new SettingError(settingIds.directory, setting, "an absolute path, or one that begins with ~/");
	}
	return paths.normalize(directory);
}

function beginsWithHome(setting: string, paths: path.PlatformPath): boolean {
	return setting === "~" || setting.startsWith("~/") || setting.startsWith(`~${paths.sep}`);
}
