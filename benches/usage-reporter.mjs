/** Imported by a measured Node process where there is no Python: writes to descriptor 3 what it used, when it exits. */

import { existsSync, readFileSync, writeSync } from "node:fs";

const status = "/proc/self/status";

process.on("exit", () => {
	const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
	// What `maxRSS` says on Linux can be the peak of the process that started this one.
	const [, kibibytes = maxRSS] = existsSync(status)
		? (/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8")) ?? [])
		: [];
	const usage = {
		userMs: userCPUTime / 1e3,
		cpuMs: (userCPUTime + systemCPUTime) / 1e3,
		peakBytes: Number(kibibytes) * 1024,
	};
	writeSync(3, JSON.stringify(usage));
});
