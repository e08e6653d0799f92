/** Writes the usage of this process to descriptor 3 when it exits. Measured Node processes import it if there is no Python. */

import { existsSync, readFileSync, writeSync } from "node:fs";

const status = "/proc/self/status";

process.on("exit", () => {
	const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
	// On Linux, `maxRSS` can be the peak of the parent process.
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
