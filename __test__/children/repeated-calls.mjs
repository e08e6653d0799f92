/**
 * Repeats calls of one kind, and prints what the process holds before and afterwards: lines of its memory map, descriptors,
 * threads and resident memory. Run it with `--expose-gc --max-semi-space-size=1`. Otherwise V8 slowly takes up to 32 MiB more
 * for young objects.
 */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { exportTelemetry, listTelemetryFiles } from "../../index.js";

/** @typedef {{ maps: number, descriptors: number, threads: number, residentBytes: number }} Held */

const { kind, directory, out, warmUp, calls } = JSON.parse(process.argv[2] ?? "");
const signal = new AbortController().signal;

/** @type {Record<string, () => Promise<unknown>>} */
const kinds = {
	export: () => exportTelemetry(directory, "2026-06-01", "json", out),
	otlp: () => exportTelemetry(directory, "2026-06-01", "otlp", out, { signal, onProgress: async () => {} }),
	list: () => listTelemetryFiles(directory, "allTime"),
	"failed export": () =>
		refused(exportTelemetry(directory, "allTime", "json", `${out}/missing/out`, { signal })),
	"wrong argument": () => refused(exportTelemetry(directory, "someday", "json", out)),
	"failed list": () => refused(listTelemetryFiles(`${directory}/missing`, "allTime")),
	// The abort may be too late.
	"aborted export": () => exportTelemetry(directory, "allTime", "otlp", out, aborted()).catch(() => {}),
	"throwing onProgress": () =>
		refused(
			exportTelemetry(directory, "2026-06-01", "html", out, {
				onProgress: () => Promise.reject(new Error()),
			}),
		),
};
const call = kinds[kind] ?? (() => Promise.reject(new Error(`no kind of call: ${kind}`)));

await repeat(warmUp);
const before = await held();
await repeat(calls);
console.log(JSON.stringify({ before, after: await held() }));

/** @param {number} times */
async function repeat(times) {
	for (let time = 0; time < times; time++) {
		await call();
	}
}

/** @param {Promise<unknown>} promise */
async function refused(promise) {
	const outcome = await promise.then(
		() => "resolved",
		() => "rejected",
	);
	if (outcome !== "rejected") {
		throw new Error(`a call ${outcome}`);
	}
}

/** A signal that is aborted once the call runs. */
function aborted() {
	const controller = new AbortController();
	queueMicrotask(() => controller.abort());
	return { signal: controller.signal };
}

/** @returns {Promise<Held>} */
async function held() {
	// Threads of the last calls may still be ending.
	await wait(200);
	for (let time = 0; time < 3; time++) {
		globalThis.gc?.();
		await wait(20);
	}
	const status = readFileSync("/proc/self/status", "utf8");
	const of = (/** @type {string} */ name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
	return {
		maps: readFileSync("/proc/self/maps", "utf8").split("\n").length,
		descriptors: readdirSync("/proc/self/fd").length,
		threads: of("Threads"),
		residentBytes: of("VmRSS") * 1024,
	};
}
