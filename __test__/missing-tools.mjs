/** Tools that some tests need and not every system has. Where one is there, its tests run. */

import { spawnSync } from "node:child_process";

/** @returns {string | false} why system calls cannot be watched here */
export function straceIsMissing() {
	return spawnSync("strace", ["--version"]).error !== undefined && "needs strace";
}

/** @returns {string | false} why there can be no terminal here; the script command of other systems has other options */
export function utilLinuxScriptIsMissing() {
	const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8", input: "" });
	return !stdout?.includes("util-linux") && "needs the script command of util-linux";
}
