/** Where and with what the benchmark ran. */

import { spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import os from "node:os";
import { measuredBy } from "../measured-process.mjs";
import { programVersion } from "../process-cases.mjs";
import { size, times } from "./numbers.mjs";

/** File systems by the number that Linux gives them. */
const fileSystems = new Map([
	[0xef53, "ext4"],
	[0x58465342, "xfs"],
	[0x9123683e, "btrfs"],
	[0x2fc12fc1, "zfs"],
	[0x01021994, "tmpfs"],
	[0x794c7630, "overlayfs"],
]);

/**
 * @param {object} run
 * @param {string} run.outputs where whole processes write
 * @param {string | undefined} run.callsInto where calls write, if any were measured
 * @param {number | undefined} run.secondCore what a second core was worth to pure computation
 * @param {number} run.scale of the telemetry; below 1 it is smaller than its names say
 * @param {string} run.command
 * @param {number} run.elapsedMs
 * @returns {[string, string][]} what, and its description
 */
export function describeMachine({ outputs, callsInto, secondCore, scale, command, elapsedMs }) {
	const cpus = os.cpus();
	/** @type {[string, string][]} */
	const lines = [
		["Machine", `${cpus[0]?.model.trim()}, ${cpus.length} cores, ${size(os.totalmem())} of memory`],
		["System", `${os.type()} ${os.release()}, ${os.arch()}`],
		["Whole processes write to", fileSystem(outputs)],
	];
	if (callsInto !== undefined) {
		lines.push(
			["Calls write to", fileSystem(callsInto)],
			[
				"Gain of a second core",
				`${times(secondCore)}, for computation that shares nothing, run between the calls`,
			],
		);
	}
	const versions = [`Node ${process.version}`, rustVersion(), programVersion("jq"), duckdbVersion()];
	lines.push(
		["No measurement", scale === 1 ? "" : `telemetry ${scale} times as large as its names say`],
		["Versions", versions.filter((version) => version !== undefined).join(", ")],
		["Left out, not installed", leftOut()],
		["Processes measured by", measuredBy],
		["Date", new Date().toISOString().slice(0, 10)],
		["Took", `${(elapsedMs / 60_000).toFixed(1)} minutes`],
		["To repeat", `\`${command}\``],
	);
	return lines.filter(([, value]) => value !== "");
}

/** @param {string} directory */
function fileSystem(directory) {
	const { type } = statfsSync(directory);
	return fileSystems.get(type) ?? `file system type 0x${type.toString(16)}`;
}

/** @returns {string | undefined} */
function rustVersion() {
	const { status, stdout } = spawnSync("rustc", ["--version"], { encoding: "utf8" });
	return status === 0 ? stdout.trim().replace(/ \(.*/, "") : undefined;
}

/** @returns {string | undefined} */
function duckdbVersion() {
	const version = programVersion("duckdb");
	return version && `DuckDB ${version.split(" ")[0]}`;
}

function leftOut() {
	return /** @type {const} */ (["jq", "duckdb"])
		.filter((program) => programVersion(program) === undefined)
		.join(", ");
}
