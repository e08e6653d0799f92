import * as path from "node:path";
import { describe, expect, it } from "vitest";
import { SettingError, settingIds } from "../../src/settings.js";
import { telemetryDirectory } from "../../src/telemetryDirectory.js";

const linux = {
	ownGlobalStorage: "/home/kim/.config/Code/User/globalStorage/own.extension",
	home: "/home/kim",
	paths: path.posix,
};
const mac = {
	ownGlobalStorage: "/Users/kim/Library/Application Support/Code/User/globalStorage/own.extension",
	home: "/Users/kim",
	paths: path.posix,
};
const windows = {
	ownGlobalStorage: "C:\\Users\\kim\\AppData\\Roaming\\Code\\User\\globalStorage\\own.extension",
	home: "C:\\Users\\kim",
	paths: path.win32,
};

describe("without a setting", () => {
	it.each([
		{
			system: "Linux",
			surroundings: linux,
			directory: "/home/kim/.config/Code/User/globalStorage/coder.coder-remote/telemetry",
		},
		{
			system: "macOS",
			surroundings: mac,
			directory:
				"/Users/kim/Library/Application Support/Code/User/globalStorage/coder.coder-remote/telemetry",
		},
		{
			system: "Windows",
			surroundings: windows,
			directory: "C:\\Users\\kim\\AppData\\Roaming\\Code\\User\\globalStorage\\coder.coder-remote\\telemetry",
		},
	])("it is beside the extension's own storage on $system", ({ surroundings, directory }) => {
		expect(telemetryDirectory(undefined, surroundings)).toBe(directory);
	});
});

describe("with a setting", () => {
	it.each([
		{ setting: "/srv/telemetry", surroundings: linux, directory: "/srv/telemetry" },
		{ setting: "/srv/x/../telemetry", surroundings: linux, directory: "/srv/telemetry" },
		{ setting: "D:\\telemetry", surroundings: windows, directory: "D:\\telemetry" },
		{ setting: "D:/telemetry", surroundings: windows, directory: "D:\\telemetry" },
		{
			setting: "\\\\server\\share\\telemetry",
			surroundings: windows,
			directory: "\\\\server\\share\\telemetry",
		},
		{ setting: "~", surroundings: mac, directory: "/Users/kim" },
		{ setting: "~/telemetry", surroundings: mac, directory: "/Users/kim/telemetry" },
		{ setting: "~\\telemetry", surroundings: windows, directory: "C:\\Users\\kim\\telemetry" },
		{ setting: "~/telemetry", surroundings: windows, directory: "C:\\Users\\kim\\telemetry" },
		{ setting: "/srv/~/telemetry", surroundings: linux, directory: "/srv/~/telemetry" },
	])("$setting is $directory", ({ setting, surroundings, directory }) => {
		expect(telemetryDirectory(setting, surroundings)).toBe(directory);
	});

	it("looks the home directory up for a setting that begins with it alone", () => {
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

	it("refuses one that begins with a home directory that is not known", () => {
		expect(() => telemetryDirectory("~/telemetry", { ...linux, home: undefined })).toThrow(SettingError);
	});

	it("takes a home directory literally, whatever characters it holds", () => {
		expect(telemetryDirectory("~/telemetry", { ...linux, home: "/home/$&" })).toBe("/home/$&/telemetry");
	});

	it.each([
		{ setting: "telemetry", surroundings: linux },
		{ setting: "./telemetry", surroundings: linux },
		{ setting: "~other/telemetry", surroundings: linux },
		{ setting: "~\\telemetry", surroundings: linux },
		{ setting: "C:\\telemetry", surroundings: linux },
		{ setting: "C:telemetry", surroundings: windows },
		{ setting: "telemetry", surroundings: windows },
	])("refuses $setting, which is relative", ({ setting, surroundings }) => {
		const find = () => telemetryDirectory(setting, surroundings);
		expect(find).toThrow(SettingError);
		expect(find).toThrow(
			`The setting ${settingIds.directory} must be an absolute path, or one that begins with ~/; ` +
				`it is ${JSON.stringify(setting)}.`,
		);
	});

	it("reads paths as this machine writes them where nothing else is said", () => {
		const absolute = path.resolve("telemetry");
		expect(telemetryDirectory(absolute, { ownGlobalStorage: "x", home: "y" })).toBe(absolute);
	});
});
