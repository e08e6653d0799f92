/**
 * Runs an export, and prints how much more peak memory and descriptors it used than a process that only loads the addon.
 * Descriptors are counted only on request.
 */

import { readdirSync, readFileSync } from "node:fs";
import { exportTelemetry } from "../../index.js";

const { directory, out, format, options, watchDescriptors } = JSON.parse(process.argv[2] ?? "");

const bareBytes = peakBytes();
const bareDescriptors = descriptors();
let mostDescriptors = 0;
const watching = setInterval(() => {
	mostDescriptors = Math.max(mostDescriptors, descriptors().length);
}, 2);
if (!watchDescriptors) {
	clearInterval(watching);
}
const { eventCount, skippedFiles, redaction } = await exportTelemetry(
	directory,
	"allTime",
	format,
	out,
	options,
);
clearInterval(watching);

console.log(
	JSON.stringify({
		eventCount,
		skippedFiles,
		redaction,
		extraBytes: peakBytes() - bareBytes,
		extraDescriptors: watchDescriptors ? mostDescriptors - bareDescriptors.length : undefined,
		/** The limit on open files at which a process that only loads the addon could open no more. */
		bareLimit: Math.max(...bareDescriptors) + 1,
	}),
);

/** Peak resident memory. On Linux, `resourceUsage` could include the parent process. */
function peakBytes() {
	if (process.platform === "win32") {
		return process.resourceUsage().maxRSS * 1024;
	}
	const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
	return Number(kibibytes) * 1024;
}

/** The open descriptors, without the one that reads the list. Windows has no list of them. */
function descriptors() {
	if (process.platform === "win32") {
		return [];
	}
	return readdirSync("/proc/self/fd")
		.map(Number)
		.sort((a, b) => a - b)
		.slice(0, -1);
}
