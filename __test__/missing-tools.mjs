/** Tools that some tests need and not every system has. Where one is there, its tests run. */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** @returns {string | false} why system calls cannot be watched here */
export function straceIsMissing() {
	return spawnSync("strace", ["--version"]).error !== undefined && "needs strace";
}

/** @returns {string | false} why there can be no terminal here; the script command of other systems has other options */
export function utilLinuxScriptIsMissing() {
	const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8", input: "" });
	return !stdout?.includes("util-linux") && "needs the script command of util-linux";
}

/** @returns {string | false} why the system calls of a process that runs cannot be watched here */
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
	// 124: strace was still at it when its time was up.
	return status !== 124 && "may not watch another process here";
}

/** @returns {string | false} why files have no access lists here */
export function accessListsAreMissing() {
	const directory = mkdtempSync(path.join(tmpdir(), "access-list-"));
	const { error, status } = spawnSync("setfacl", ["-m", "u:1:r", directory]);
	rmdirSync(directory);
	if (error !== undefined) {
		return "needs setfacl";
	}
	return status !== 0 && "needs a file system with access lists";
}
