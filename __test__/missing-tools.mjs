/** Finds tools that some tests need and not every system has. */

import { spawn, spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, rmdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { underWine } from "../scripts/testing/windows.mjs";

/** @returns {string | false} the reason why system calls cannot be traced here */
export function straceIsMissing() {
	return spawnSync("strace", ["--version"]).error !== undefined && "needs strace";
}

/** @returns {string | false} the reason why there is no terminal; other systems' `script` has other options */
export function utilLinuxScriptIsMissing() {
	const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8", input: "" });
	return !stdout?.includes("util-linux") && "needs the script command of util-linux";
}

/** @returns {string | false} the reason why strace cannot attach to a process here */
export function attachingIsImpossible() {
	if (process.platform !== "linux") {
		return "needs Linux";
	}
	const missing = straceIsMissing();
	if (missing) {
		return missing;
	}
	const sleeper = spawn("sleep", ["10"]);
	const { status } = spawnSync("timeout", ["1", "strace", "-qq", "-p", `${sleeper.pid}`]);
	sleeper.kill();
	// 124 means that strace was still running at the timeout.
	return status !== 124 && "may not watch another process here";
}

/** @returns {string | false} the reason why there are no access lists here */
export function accessListsAreMissing() {
	const directory = mkdtempSync(path.join(tmpdir(), "access-list-"));
	const { error, status } = spawnSync("setfacl", ["-m", "u:1:r", directory]);
	rmdirSync(directory);
	if (error !== undefined) {
		return "needs setfacl";
	}
	return status !== 0 && "needs a file system with access lists";
}

/** @returns {string | false} the reason why no symbolic links can be made here */
export function symbolicLinksAreMissing() {
	if (underWine) {
		return "Wine 8 makes no symbolic links";
	}
	const directory = mkdtempSync(path.join(tmpdir(), "link-"));
	const link = path.join(directory, "link");
	try {
		symlinkSync("nowhere", link);
		return !lstatSync(link).isSymbolicLink() && "needs symbolic links";
	} catch {
		return "may not make symbolic links here";
	} finally {
		rmSync(directory, { recursive: true });
	}
}
