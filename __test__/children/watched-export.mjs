/**
 * Exports after a file appears, so that strace can attach before. Then exports again, without strace. Prints both outcomes
 * and ends by itself.
 */

import { existsSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { exportTelemetry } from "../../index.js";

const { directory, format, out, options, follow, ready, go } = JSON.parse(process.argv[2] ?? "");
const controller = new AbortController();
const followed = follow ? { signal: controller.signal, onProgress: () => {} } : {};

writeFileSync(ready, String(process.pid));
const outcomes = [];
for (let time = 0; time < 2; time++) {
	while (!existsSync(go)) {
		await wait(5);
	}
	rmSync(go);
	outcomes.push(
		await exportTelemetry(directory, "allTime", format, out, { ...options, ...followed }).then(
			({ eventCount }) => ({ eventCount }),
			({ name, code, osCode, message }) => ({ name, code, osCode, message }),
		),
	);
	writeFileSync(`${ready}-${time}`, "");
}
const { default: events } = await import("node:events");
console.log(
	JSON.stringify({ outcomes, listeners: events.getEventListeners(controller.signal, "abort").length }),
);
