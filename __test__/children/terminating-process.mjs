/** Terminates worker threads in the middle of exports, one after the other, then exports in the main thread. */

import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { exportTelemetry } from "../../index.js";

const { directory, folder, sample, times } = JSON.parse(process.argv[2] ?? "");
const formats = /** @type {const} */ (["json", "otlp", "html"]);

for (let time = 0; time < times; time++) {
	const format = formats[time % formats.length] ?? "json";
	const job = { directory, out: path.join(folder, `${format}-${time}`), format, follow: time % 4 !== 0 };
	const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData: job });
	await exportHasBegun(format, time);
	await worker.terminate();
	const left = readdirSync(folder);
	if (left.length > 0) {
		throw new Error(`round ${time} left ${left}`);
	}
}

const fromWorkers = [];
for (const format of formats) {
	const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
		workerData: { directory: sample, out: path.join(folder, `worker-${format}`), format, follow: true },
	});
	const exited = once(worker, "exit");
	fromWorkers.push((await once(worker, "message"))[0]);
	await exited;
}
const { eventCount } = await exportTelemetry(sample, "allTime", "json", path.join(folder, "main"));
console.log(JSON.stringify({ fromWorkers, eventCount, left: readdirSync(folder).sort() }));

/**
 * Waits until the worker's export has begun. In every other pair of rounds, waits until it has written something; a report is
 * written only at the end.
 *
 * @param {import("../../index.js").ExportFormat} format
 * @param {number} time
 */
async function exportHasBegun(format, time) {
	for (;;) {
		const [name] = readdirSync(folder);
		const isEnough = format === "html" || time % 4 < 2;
		if (name !== undefined && (isEnough || statSync(path.join(folder, name)).size > 0)) {
			return;
		}
		await wait(1);
	}
}
