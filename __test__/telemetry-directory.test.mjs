import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { homeDirectory } from "../bin/home-directory.js";
import { defaultDirectories, findTelemetryDirectory } from "../bin/telemetry-directory.js";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { junctionsAreMissing } from "../scripts/testing/windows.mjs";

/** @typedef {import("../bin/telemetry-directory.js").Machine} Machine */

const linux = /** @type {Machine} */ ({ platform: "linux", environment: {}, home: "/home/ada" });
const macos = /** @type {Machine} */ ({ platform: "darwin", environment: {}, home: "/Users/ada" });
const windows = /** @type {Machine} */ ({ platform: "win32", environment: {}, home: "C:\\Users\\ada" });

/** @param {Machine} machine */
function directoriesByEditor(machine) {
	return Object.fromEntries(defaultDirectories(machine).map(({ editor, directory }) => [editor, directory]));
}

/** Editors by the name of their configuration folder. */
const desktopEditors = /** @type {const} */ ([
	["VS Code", "Code"],
	["VS Code Insiders", "Code - Insiders"],
	["Code - OSS", "Code - OSS"],
	["VSCodium", "VSCodium"],
	["VSCodium Insiders", "VSCodium - Insiders"],
	["Cursor", "Cursor"],
	["Windsurf", "Windsurf"],
	["Windsurf Next", "Windsurf - Next"],
	["Devin", "Devin"],
	["Trae", "Trae"],
	["Trae CN", "Trae CN"],
	["Positron", "Positron"],
	["Antigravity", "Antigravity"],
	["Antigravity IDE", "Antigravity IDE"],
	["Kiro", "Kiro"],
	["Void", "Void"],
	["PearAI", "PearAI"],
	["Qoder", "Qoder"],
]);

/** Packages of editors for Linux, by their folder in the home directory. */
const packagedEditors = /** @type {const} */ ([
	["VS Code (Flatpak)", ".var/app/com.visualstudio.code/config/Code"],
	["VS Code (Snap)", "snap/code/current/.config/Code"],
	["VS Code Insiders (Flatpak)", ".var/app/com.visualstudio.code.insiders/config/Code - Insiders"],
	["VS Code Insiders (Snap)", "snap/code-insiders/current/.config/Code - Insiders"],
	["Code - OSS (Flatpak)", ".var/app/com.visualstudio.code-oss/config/Code - OSS"],
	["VSCodium (Flatpak)", ".var/app/com.vscodium.codium/config/VSCodium"],
	["VSCodium (Snap)", "snap/codium/current/.config/VSCodium"],
	["VSCodium Insiders (Flatpak)", ".var/app/com.vscodium.codium-insiders/config/VSCodium - Insiders"],
]);

/** Servers of editors on remote machines, by their folder in the home directory. */
const servers = /** @type {const} */ ([
	["VS Code server", ".vscode-server"],
	["VS Code Insiders server", ".vscode-server-insiders"],
	["Code - OSS server", ".vscode-server-oss"],
	["Codespaces server", ".vscode-remote"],
	["VSCodium server", ".vscodium-server"],
	["VSCodium Insiders server", ".vscodium-server-insiders"],
	["Cursor server", ".cursor-server"],
	["Windsurf server", ".windsurf-server"],
	["Windsurf Next server", ".windsurf-server-next"],
	["Devin server", ".devin-server"],
	["Trae server", ".trae-server"],
	["Trae CN server", ".trae-cn-server"],
	["Positron server", ".positron-server"],
	["Antigravity server", ".antigravity-server"],
	["Antigravity IDE server", ".antigravity-ide-server"],
	["Kiro server", ".kiro-server"],
	["Void server", ".void-server"],
	["PearAI server", ".pearai-server"],
	["Qoder server", ".qoder-server"],
	["OpenVSCode server", ".openvscode-server"],
]);

describe("the default directories", () => {
	for (const [editor, folder] of desktopEditors) {
		it(`of ${editor} are below .config, Application Support and AppData`, () => {
			const telemetry = "User/globalStorage/coder.coder-remote/telemetry";
			assert.equal(directoriesByEditor(linux)[editor], `/home/ada/.config/${folder}/${telemetry}`);
			assert.equal(
				directoriesByEditor(macos)[editor],
				`/Users/ada/Library/Application Support/${folder}/${telemetry}`,
			);
			assert.equal(
				directoriesByEditor(windows)[editor],
				`C:\\Users\\ada\\AppData\\Roaming\\${folder}\\${telemetry.replaceAll("/", "\\")}`,
			);
		});
	}

	for (const [editor, folder] of packagedEditors) {
		it(`of ${editor} are in the home directory, on Linux only`, () => {
			const telemetry = "User/globalStorage/coder.coder-remote/telemetry";
			assert.equal(directoriesByEditor(linux)[editor], `/home/ada/${folder}/${telemetry}`);
			assert.equal(directoriesByEditor(macos)[editor], undefined);
			assert.equal(directoriesByEditor(windows)[editor], undefined);
		});
	}

	for (const [editor, folder] of servers) {
		it(`of ${editor} are in the home directory`, () => {
			const telemetry = "data/User/globalStorage/coder.coder-remote/telemetry";
			assert.equal(directoriesByEditor(linux)[editor], `/home/ada/${folder}/${telemetry}`);
			assert.equal(directoriesByEditor(macos)[editor], `/Users/ada/${folder}/${telemetry}`);
			assert.equal(
				directoriesByEditor(windows)[editor],
				`C:\\Users\\ada\\${folder}\\${telemetry.replaceAll("/", "\\")}`,
			);
		});
	}

	it("of code-server are below .local/share on Linux and macOS, and below the local AppData on Windows", () => {
		const telemetry = "User/globalStorage/coder.coder-remote/telemetry";
		assert.equal(
			directoriesByEditor(linux)["code-server"],
			`/home/ada/.local/share/code-server/${telemetry}`,
		);
		assert.equal(
			directoriesByEditor(macos)["code-server"],
			`/Users/ada/.local/share/code-server/${telemetry}`,
		);
		assert.equal(
			directoriesByEditor(windows)["code-server"],
			`C:\\Users\\ada\\AppData\\Local\\code-server\\Data\\${telemetry.replaceAll("/", "\\")}`,
		);
	});

	it("are only these", () => {
		const everywhere = [...desktopEditors, ...servers].map(([editor]) => editor);
		const onMac = [...everywhere, "code-server"].sort();
		assert.deepEqual(Object.keys(directoriesByEditor(macos)).sort(), onMac);
		const onLinux = [...onMac, ...packagedEditors.map(([editor]) => editor)].sort();
		assert.deepEqual(Object.keys(directoriesByEditor(linux)).sort(), onLinux);
	});

	it("without a home directory are the places that the environment names", () => {
		const homeless = { ...linux, home: undefined };
		assert.deepEqual(defaultDirectories(homeless), []);
		const named = directoriesByEditor({ ...homeless, environment: { XDG_CONFIG_HOME: "/etc/ada" } });
		assert.deepEqual(
			Object.keys(named),
			desktopEditors.map(([editor]) => editor),
		);
		assert.match(named.Trae ?? "", /^\/etc\/ada\/Trae\/User\//);
		const data = directoriesByEditor({ ...homeless, environment: { XDG_DATA_HOME: "/data" } });
		assert.deepEqual(Object.keys(data), ["code-server"]);
	});

	it("ignore relative folders in the environment", () => {
		const environment = { XDG_CONFIG_HOME: "here", XDG_DATA_HOME: "" };
		assert.deepEqual(defaultDirectories({ ...linux, environment }), defaultDirectories(linux));
		const relative = { APPDATA: "here", LOCALAPPDATA: "" };
		assert.deepEqual(defaultDirectories({ ...windows, environment: relative }), defaultDirectories(windows));
	});

	it("use the folders that the environment names", () => {
		const xdg = { XDG_CONFIG_HOME: "/etc/ada", XDG_DATA_HOME: "/data/ada" };
		const onLinux = directoriesByEditor({ ...linux, environment: xdg });
		assert.match(onLinux.Cursor ?? "", /^\/etc\/ada\/Cursor\/User\//);
		assert.match(onLinux["code-server"] ?? "", /^\/data\/ada\/code-server\/User\//);

		const appData = { APPDATA: "R:\\Roaming", LOCALAPPDATA: "L:\\Local" };
		const onWindows = directoriesByEditor({ ...windows, environment: appData });
		assert.match(onWindows.Windsurf ?? "", /^R:\\Roaming\\Windsurf\\User\\/);
		assert.match(onWindows["code-server"] ?? "", /^L:\\Local\\code-server\\Data\\User\\/);
	});
});

describe("without a directory on the command line", () => {
	const cursor = directoriesByEditor(linux).Cursor ?? "";
	const codium = directoriesByEditor(linux).VSCodium ?? "";

	it("finds the one directory that exists", () => {
		assert.equal(
			findTelemetryDirectory(linux, (directory) => directory === cursor),
			cursor,
		);
	});

	it("throws a usage error that lists the directories if several exist", () => {
		assert.throws(
			() => findTelemetryDirectory(linux, (directory) => [cursor, codium].includes(directory)),
			(/** @type {any} */ error) => {
				assert.equal(error.exitCode, 2);
				assert.ok(error.message.includes(`Cursor    ${cursor}`), error.message);
				assert.ok(error.message.includes(`VSCodium  ${codium}`), error.message);
				assert.ok(!error.message.includes("Windsurf"));
				return true;
			},
		);
	});

	it("throws an error that names every directory it looked for if none exists", () => {
		assert.throws(
			() => findTelemetryDirectory(macos, () => false),
			(/** @type {any} */ error) => {
				assert.equal(error.exitCode, 1);
				for (const { editor, directory } of defaultDirectories(macos)) {
					assert.ok(error.message.includes(editor) && error.message.includes(directory), directory);
				}
				return true;
			},
		);
	});

	it("counts a directory and a link to it once", { skip: junctionsAreMissing }, (test) => {
		const home = temporaryDirectory(test);
		const machine = { ...linux, home };
		const { "VS Code server": directory = "" } = directoriesByEditor(machine);
		mkdirSync(directory, { recursive: true });
		symlinkSync(".vscode-server", path.join(home, ".vscode-remote"), "junction");
		assert.equal(findTelemetryDirectory(machine), directory);
	});

	it("says that the home directory is not known, if none is found because of that", () => {
		const homeless = { ...linux, home: undefined };
		assert.throws(() => findTelemetryDirectory(homeless), {
			exitCode: 1,
			message: "the home directory is not known, so name the telemetry directory, or set HOME",
		});
		assert.throws(() => findTelemetryDirectory({ ...homeless, environment: { XDG_DATA_HOME: "/nowhere" } }), {
			exitCode: 1,
			message:
				/^the home directory is not known.*; none of these directories exists:\n {2}code-server {2}\/nowhere/,
		});
	});

	it("ignores a file with the name of a default directory", (test) => {
		const home = temporaryDirectory(test);
		const machine = { ...linux, home };
		const { Cursor: directory = "", VSCodium: file = "" } = directoriesByEditor(machine);
		mkdirSync(directory, { recursive: true });
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, "");
		assert.equal(findTelemetryDirectory(machine), directory);
	});

	it("escapes control characters in the name of the home directory", () => {
		assert.throws(
			() => findTelemetryDirectory({ ...linux, home: "/home/\u001b[2J\u202e" }, () => false),
			(/** @type {any} */ error) => {
				assert.match(error.message, /\/home\/\\u\{1b\}\[2J\\u\{202e\}\/\.config/);
				assert.ok(!error.message.includes("\u001b") && !error.message.includes("\u202e"));
				return true;
			},
		);
	});
});

describe("the home directory", () => {
	it("is the one that the system returns", () =>
		assert.equal(
			homeDirectory(() => path.resolve("home")),
			path.resolve("home"),
		));

	for (const [what, lookUp] of /** @type {[string, () => string][]} */ ([
		[
			"the system knows none",
			() => {
				throw new Error("ENOENT");
			},
		],
		["HOME is empty", () => ""],
		["HOME is relative", () => "home"],
	])) {
		it(`is unknown if ${what}`, () => assert.equal(homeDirectory(lookUp), undefined));
	}
});
