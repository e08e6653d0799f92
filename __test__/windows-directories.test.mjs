import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { defaultDirectories, findTelemetryDirectory } from "../bin/telemetry-directory.js";
import { writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { onWindows, underWine } from "../scripts/testing/windows.mjs";
import { command, good } from "./command.mjs";

const inUserData = ["User", "globalStorage", "coder.coder-remote", "telemetry"];

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} editor
 * @param {NodeJS.Platform} [platform]
 */
function directoryOf(environment, editor, platform = "win32") {
	const home = platform === "win32" ? "C:\\Users\\ada" : "/home/ada";
	return defaultDirectories({ platform, environment, home }).find((one) => one.editor === editor)?.directory;
}

describe("a folder that a variable of Windows names", () => {
	const telemetry = inUserData.join("\\");

	for (const [folder, used] of /** @type {const} */ ([
		["D:\\Roaming", "D:\\Roaming"],
		["D:/Roaming", "D:\\Roaming"],
		["d:\\", "d:"],
		["\\\\server\\share\\ada", "\\\\server\\share\\ada"],
		["\\\\?\\D:\\Roaming", "\\\\?\\D:\\Roaming"],
	])) {
		it(`is used: ${folder}`, () => {
			assert.equal(directoryOf({ APPDATA: folder }, "VS Code"), `${used}\\Code\\${telemetry}`);
			const codeServer = `${used}\\code-server\\Data\\${telemetry}`;
			assert.equal(directoryOf({ LOCALAPPDATA: folder }, "code-server"), codeServer);
		});
	}

	for (const folder of ["", "Roaming", "..\\Roaming", "\\Roaming", "/Roaming", "D:Roaming", "D:"]) {
		it(`is not used, because it means another folder on each drive or in each directory: "${folder}"`, () => {
			const home = "C:\\Users\\ada\\AppData";
			assert.equal(directoryOf({ APPDATA: folder }, "VS Code"), `${home}\\Roaming\\Code\\${telemetry}`);
			const codeServer = `${home}\\Local\\code-server\\Data\\${telemetry}`;
			assert.equal(directoryOf({ LOCALAPPDATA: folder }, "code-server"), codeServer);
		});
	}
});

describe("an editor in portable mode", () => {
	it("is found by the variable that it sets for its terminals", () => {
		assert.equal(
			directoryOf({ VSCODE_PORTABLE: "E:\\VSCode\\data" }, "portable editor"),
			`E:\\VSCode\\data\\user-data\\${inUserData.join("\\")}`,
		);
		assert.equal(
			directoryOf({ VSCODE_PORTABLE: "/opt/code/data" }, "portable editor", "linux"),
			`/opt/code/data/user-data/${inUserData.join("/")}`,
		);
	});

	it("is not looked for without the variable", () => {
		assert.equal(directoryOf({}, "portable editor"), undefined);
		assert.equal(directoryOf({ VSCODE_PORTABLE: "data" }, "portable editor"), undefined);
	});
});

describe("an unknown home directory", () => {
	it("can be named on Windows by USERPROFILE", () => {
		assert.throws(() => findTelemetryDirectory({ platform: "win32", environment: {}, home: undefined }), {
			message: "the home directory is not known, so name the telemetry directory, or set USERPROFILE",
		});
	});
});

describe("the command line on Windows", { skip: !onWindows && "needs Windows" }, () => {
	/**
	 * A home directory, and the command line with variables for it.
	 *
	 * @param {import("node:test").TestContext} test
	 */
	function machine(test) {
		const home = temporaryDirectory(test);
		const { NODE_TEST_CONTEXT, ...inherited } = process.env;
		const replaced = /^(?:APPDATA|LOCALAPPDATA|USERPROFILE|VSCODE_PORTABLE)$/i;
		const others = Object.fromEntries(Object.entries(inherited).filter(([name]) => !replaced.test(name)));
		/**
		 * @param {NodeJS.ProcessEnv} env
		 * @param {string[]} args
		 */
		const list = (env, ...args) => {
			const options = /** @type {const} */ ({ cwd: home, encoding: "utf8", env: { ...others, ...env } });
			return spawnSync(process.execPath, [command, "ls", "--json", ...args], options);
		};
		const found = (/** @type {NodeJS.ProcessEnv} */ env) => {
			const { status, stdout, stderr } = list(env);
			assert.equal(status, 0, stderr);
			return JSON.parse(stdout).directory;
		};
		return { home, list, found };
	}

	/** @param {string[]} names */
	function telemetryIn(...names) {
		const directory = path.join(...names, ...inUserData);
		writeTelemetry(directory, good);
		return directory;
	}

	it("finds an editor in %APPDATA%, however the name of the variable is written", (test) => {
		const { home, found } = machine(test);
		const directory = telemetryIn(home, "Roaming", "Code");
		for (const name of ["APPDATA", "AppData", "appdata"]) {
			assert.equal(found({ [name]: path.join(home, "Roaming"), USERPROFILE: home }), directory);
		}
		const namespaced = path.toNamespacedPath(path.join(home, "Roaming"));
		assert.equal(found({ APPDATA: namespaced, USERPROFILE: home }), path.toNamespacedPath(directory));
	});

	it("finds an editor below %USERPROFILE% if %APPDATA% is missing, empty or relative", (test) => {
		const { home, found } = machine(test);
		const directory = telemetryIn(home, "AppData", "Roaming", "Code");
		mkdirSync(path.join(home, "Roaming"));
		for (const env of [{}, { APPDATA: "" }, { APPDATA: "Roaming" }, { APPDATA: "\\Roaming" }]) {
			assert.equal(found({ ...env, USERPROFILE: home }), directory);
		}
	});

	it("finds code-server in %LOCALAPPDATA%, a server below %USERPROFILE%, and a portable editor", (test) => {
		const { home, found } = machine(test);
		const codeServer = telemetryIn(home, "Local", "code-server", "Data");
		assert.equal(found({ LOCALAPPDATA: path.join(home, "Local"), USERPROFILE: home }), codeServer);
		const profile = path.join(home, "Übersicht 概要");
		const server = telemetryIn(profile, ".vscode-server", "data");
		assert.equal(found({ USERPROFILE: profile }), server);
		const portable = telemetryIn(home, "data", "user-data");
		assert.equal(found({ VSCODE_PORTABLE: path.join(home, "data"), USERPROFILE: home }), portable);
	});

	it("finds an editor in a folder that is spelled in another case, and names several editors", (test) => {
		const { home, found, list } = machine(test);
		const directory = telemetryIn(home, "AppData", "Roaming", "Code");
		const env = { APPDATA: path.join(home, "appdata", "ROAMING"), USERPROFILE: home };
		assert.equal(found(env).toLowerCase(), directory.toLowerCase());
		telemetryIn(home, "AppData", "Roaming", "Cursor");
		const { status, stderr } = list(env);
		assert.equal(status, 2);
		assert.match(stderr, /VS Code .*\n +Cursor /);
	});

	const needsJunctions = { skip: underWine && "Wine 8 makes no junctions" };
	it("counts a folder once if a junction also leads to it", needsJunctions, (test) => {
		const { home, found } = machine(test);
		const directory = telemetryIn(home, "AppData", "Roaming", "Code");
		symlinkSync(
			path.dirname(path.dirname(path.dirname(path.dirname(directory)))),
			path.join(home, "AppData", "Roaming", "Cursor"),
			"junction",
		);
		assert.equal(found({ USERPROFILE: home }), directory);
	});
});
