import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { SettingError, settingIds } from "../../src/settings.js";
import { telemetryDirectory } from "../../src/telemetryDirectory.js";

const linux = {
	globalStoragePath: "/home/kim/.config/Code/User/globalStorage/own.extension",
	home: "/home/kim",
	paths: path.posix,
};
const mac = {
	globalStoragePath: "/Users/kim/Library/Application Support/Code/User/globalStorage/own.extension",
	home: "/Users/kim",
	paths: path.posix,
};
const windows = {
	globalStoragePath: "C:\\Users\\kim\\AppData\\Roaming\\Code\\User\\globalStorage\\own.extension",
	home: "C:\\Users\\kim",
	paths: path.win32,
};

describe("without a setting", () => {
	it.each([
		{
			system: "Linux",
			locations: linux,
			directory: "/home/kim/.config/Code/User/globalStorage/coder.coder-remote/telemetry",
		},
		{
			system: "macOS",
			locations: mac,
			directory:
				"/Users/kim/Library/Application Support/Code/User/globalStorage/coder.coder-remote/telemetry",
		},
		{
			system: "Windows",
			locations: windows,
			directory: "C:\\Users\\kim\\AppData\\Roaming\\Code\\User\\globalStorage\\coder.coder-remote\\telemetry",
		},
	])("it is beside the extension's storage folder on $system", ({ locations, directory }) => {
		expect(telemetryDirectory(undefined, locations)).toBe(directory);
	});
});

describe("with a setting", () => {
	it.each([
		{ setting: "/srv/telemetry", locations: linux, directory: "/srv/telemetry" },
		{ setting: "/srv/x/../telemetry", locations: linux, directory: "/srv/telemetry" },
		{ setting: "D:\\telemetry", locations: windows, directory: "D:\\telemetry" },
		{ setting: "D:/telemetry", locations: windows, directory: "D:\\telemetry" },
		{
			setting: "\\\\server\\share\\telemetry",
			locations: windows,
			directory: "\\\\server\\share\\telemetry",
		},
		{ setting: "//server/share/telemetry", locations: windows, directory: "\\\\server\\share\\telemetry" },
		{ setting: "\\\\?\\D:\\telemetry", locations: windows, directory: "\\\\?\\D:\\telemetry" },
		{ setting: "~", locations: mac, directory: "/Users/kim" },
		{ setting: "~/telemetry", locations: mac, directory: "/Users/kim/telemetry" },
		{ setting: "~\\telemetry", locations: windows, directory: "C:\\Users\\kim\\telemetry" },
		{ setting: "~/telemetry", locations: windows, directory: "C:\\Users\\kim\\telemetry" },
		{ setting: "/srv/~/telemetry", locations: linux, directory: "/srv/~/telemetry" },
	])("$setting is $directory", ({ setting, locations, directory }) => {
		expect(telemetryDirectory(setting, locations)).toBe(directory);
	});

	it("looks up the home directory only for a setting that begins with ~", () => {
		const homeless = {
			...linux,
			get home(): string {
				throw new Error("looked up");
			},
		};
		expect(telemetryDirectory(undefined, homeless)).toMatch(/coder\.coder-remote/);
		expect(telemetryDirectory("/srv/telemetry", homeless)).toBe("/srv/telemetry");
		expect(() => telemetryDirectory("~/telemetry", homeless)).toThrow("looked up");
	});

	it("refuses ~ if the home directory is not known", () => {
		expect(() => telemetryDirectory("~/telemetry", { ...linux, home: undefined })).toThrow(SettingError);
	});

	it("inserts the home directory literally, whatever characters it has", () => {
		expect(telemetryDirectory("~/telemetry", { ...linux, home: "/home/$&" })).toBe("/home/$&/telemetry");
	});

	it.each([
		{ setting: "telemetry", locations: linux },
		{ setting: "./telemetry", locations: linux },
		{ setting: "~other/telemetry", locations: linux },
		{ setting: "~\\telemetry", locations: linux },
		{ setting: "C:\\telemetry", locations: linux },
		{ setting: "C:telemetry", locations: windows },
		{ setting: "telemetry", locations: windows },
		{ setting: "\\telemetry", locations: windows },
		{ setting: "/home/kim/telemetry", locations: windows },
		{ setting: "\\\\server", locations: windows },
		{ setting: "%APPDATA%\\telemetry", locations: windows },
	])("refuses $setting, which is relative", ({ setting, locations }) => {
		const find = () => telemetryDirectory(setting, locations);
		expect(find).toThrow(SettingError);
		const kind = locations === windows ? "an absolute path with a drive or a server" : "an absolute path";
		expect(find).toThrow(
			`The setting ${settingIds.directory} must be ${kind}, or one that begins with ~/; ` +
				`it is ${JSON.stringify(setting)}.`,
		);
	});

	it("says how to write backslashes if settings.json has a path of Windows as in Explorer", () => {
		for (const text of ['"C:\\telemetry"', '"D:\\\\logs\\new"']) {
			expect(() => telemetryDirectory(JSON.parse(text), windows)).toThrow(
				`The setting ${settingIds.directory} must be a path without control characters (in settings.json, ` +
					`write each backslash twice); it is ${text}.`,
			);
		}
		expect(telemetryDirectory("/srv/a\tb", linux)).toBe("/srv/a\tb");
	});

	it("uses the path rules of this machine by default", () => {
		const absolute = path.resolve("telemetry");
		expect(telemetryDirectory(absolute, { globalStoragePath: "x", home: "y" })).toBe(absolute);
	});
});
