/** Ends worker threads in the middle of an export, one after the other, and exports itself at the end. */

import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { exportTelemetry } from "../../index.js";

const { directory, folder, sample, times } = JSON.parse(process.argv[2] ?? "");

for (let time = 0; time < times; time++) {
	const format = time % 2 === 0 ? "json" : "otlp";
	const job = { directory, out: path.join(folder, `${format}-${time}`), format, follow: time % 3 !== 0 };
	const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData: job });
	await exportHasBegun(time);
	await worker.terminate();
	const left = readdirSync(folder);
	if (left.length > 0) {
		throw new Error(`round ${time} left ${left}`);
	}
}

const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
	workerData: { directory: sample, out: path.join(folder, "worker"), format: "otlp", follow: true },
});
const exited = once(worker, "exit");
const [fromWorker] = await once(worker, "message");
await exited;
const { eventCount } = await exportTelemetry(sample, "allTime", "json", path.join(folder, "main"));
console.log(JSON.stringify({ fromWorker, eventCount, left: readdirSync(folder).sort() }));

/**
 * Waits until the worker's export has begun; in every other pair of rounds, until it has written something.
 *
 * @param {number} time
 */
async function exportHasBegun(time) {
	for (;;) {
		const [name] = readdirSync(folder);
		if (name !== undefined && (time % 4 < 2 || statSync(path.join(folder, name)).size > 0)) {
			return;
		}
		await wait(1);
	}
}
