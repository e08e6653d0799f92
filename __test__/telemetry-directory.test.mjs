import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { findTelemetryDirectory, standardPlaces } from "../bin/telemetry-directory.js";
import { temporaryDirectory } from "./temporary-directory.mjs";

/** @typedef {import("../bin/telemetry-directory.js").Machine} Machine */

const linux = /** @type {Machine} */ ({ platform: "linux", environment: {}, home: "/home/ada" });
const macos = /** @type {Machine} */ ({ platform: "darwin", environment: {}, home: "/Users/ada" });
const windows = /** @type {Machine} */ ({ platform: "win32", environment: {}, home: "C:\\Users\\ada" });

/** @param {Machine} machine */
function placesByEditor(machine) {
	return Object.fromEntries(standardPlaces(machine).map(({ editor, directory }) => [editor, directory]));
}

describe("the standard places", () => {
	it("are below .config, .local/share and the servers' own folders on Linux", () => {
		const telemetry = "User/globalStorage/coder.coder-remote/telemetry";
		assert.deepEqual(placesByEditor(linux), {
			"VS Code": `/home/ada/.config/Code/${telemetry}`,
			"VS Code Insiders": `/home/ada/.config/Code - Insiders/${telemetry}`,
			VSCodium: `/home/ada/.config/VSCodium/${telemetry}`,
			Cursor: `/home/ada/.config/Cursor/${telemetry}`,
			Windsurf: `/home/ada/.config/Windsurf/${telemetry}`,
			"code-server": `/home/ada/.local/share/code-server/${telemetry}`,
			"VS Code server": `/home/ada/.vscode-server/data/${telemetry}`,
			"VS Code Insiders server": `/home/ada/.vscode-server-insiders/data/${telemetry}`,
		});
	});

	it("are below Application Support on macOS, code-server's where Linux has it", () => {
		const telemetry = "User/globalStorage/coder.coder-remote/telemetry";
		assert.deepEqual(placesByEditor(macos), {
			"VS Code": `/Users/ada/Library/Application Support/Code/${telemetry}`,
			"VS Code Insiders": `/Users/ada/Library/Application Support/Code - Insiders/${telemetry}`,
			VSCodium: `/Users/ada/Library/Application Support/VSCodium/${telemetry}`,
			Cursor: `/Users/ada/Library/Application Support/Cursor/${telemetry}`,
			Windsurf: `/Users/ada/Library/Application Support/Windsurf/${telemetry}`,
			"code-server": `/Users/ada/.local/share/code-server/${telemetry}`,
			"VS Code server": `/Users/ada/.vscode-server/data/${telemetry}`,
			"VS Code Insiders server": `/Users/ada/.vscode-server-insiders/data/${telemetry}`,
		});
	});

	it("are below AppData on Windows", () => {
		const telemetry = "User\\globalStorage\\coder.coder-remote\\telemetry";
		assert.deepEqual(placesByEditor(windows), {
			"VS Code": `C:\\Users\\ada\\AppData\\Roaming\\Code\\${telemetry}`,
			"VS Code Insiders": `C:\\Users\\ada\\AppData\\Roaming\\Code - Insiders\\${telemetry}`,
			VSCodium: `C:\\Users\\ada\\AppData\\Roaming\\VSCodium\\${telemetry}`,
			Cursor: `C:\\Users\\ada\\AppData\\Roaming\\Cursor\\${telemetry}`,
			Windsurf: `C:\\Users\\ada\\AppData\\Roaming\\Windsurf\\${telemetry}`,
			"code-server": `C:\\Users\\ada\\AppData\\Local\\code-server\\Data\\${telemetry}`,
			"VS Code server": `C:\\Users\\ada\\.vscode-server\\data\\${telemetry}`,
			"VS Code Insiders server": `C:\\Users\\ada\\.vscode-server-insiders\\data\\${telemetry}`,
		});
	});

	it("follow the folders that the environment names", () => {
		const xdg = { XDG_CONFIG_HOME: "/etc/ada", XDG_DATA_HOME: "/data/ada" };
		const onLinux = placesByEditor({ ...linux, environment: xdg });
		assert.match(onLinux.Cursor ?? "", /^\/etc\/ada\/Cursor\/User\//);
		assert.match(onLinux["code-server"] ?? "", /^\/data\/ada\/code-server\/User\//);

		const appData = { APPDATA: "R:\\Roaming", LOCALAPPDATA: "L:\\Local" };
		const onWindows = placesByEditor({ ...windows, environment: appData });
		assert.match(onWindows.Windsurf ?? "", /^R:\\Roaming\\Windsurf\\User\\/);
		assert.match(onWindows["code-server"] ?? "", /^L:\\Local\\code-server\\Data\\User\\/);
	});
});

describe("without a directory on the command line", () => {
	const cursor = placesByEditor(linux).Cursor ?? "";
	const codium = placesByEditor(linux).VSCodium ?? "";

	it("takes the one place that exists", () => {
		assert.equal(
			findTelemetryDirectory(linux, (directory) => directory === cursor),
			cursor,
		);
	});

	it("lists the places where several exist and calls it a usage error", () => {
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

	it("names every place it looked in where none exists, and fails", () => {
		assert.throws(
			() => findTelemetryDirectory(macos, () => false),
			(/** @type {any} */ error) => {
				assert.equal(error.exitCode, 1);
				for (const { editor, directory } of standardPlaces(macos)) {
					assert.ok(error.message.includes(editor) && error.message.includes(directory), directory);
				}
				return true;
			},
		);
	});

	it("counts a directory as existing, and a file in its place not", (test) => {
		const home = temporaryDirectory(test);
		const machine = { ...linux, home };
		const { Cursor: directory = "", VSCodium: file = "" } = placesByEditor(machine);
		mkdirSync(directory, { recursive: true });
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, "");
		assert.equal(findTelemetryDirectory(machine), directory);
	});

	it("escapes a home directory's name that would play tricks on the terminal", () => {
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
