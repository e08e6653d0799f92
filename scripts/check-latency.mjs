/**
 * `npm run check:latency`: aborts exports at random moments and watches the event loop. An aborted export must reject
 * promptly and leave no file behind, and no export may block the event loop. Exports are of 100 MB of telemetry, and of
 * a few lines with nearly a million members each.
 *
 * Other work on the machine disturbs the times, so the best of three rounds counts.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { exportTelemetry } from "../index.js";
import { generateTelemetry } from "./generate-telemetry.mjs";
import { Random } from "./telemetry/random.mjs";

const telemetryBytes = 100e6;
const rounds = 3;
const aborts = 20;
const abortLimitMs = 100;
/** How many aborts must keep to the limit. The others may have hit a slow system call. */
const promptAborts = 18;
const delayLimitMs = 20;
/** Exports while the event loop is watched. One alone is too short for a 99th percentile. */
const watchedExports = 6;

/** @typedef {import("../index.js").ExportFormat} Format */

const formats = /** @type {const} */ (["json", "otlp", "html"]);

/** @param {number} index */
function formatOf(index) {
	return /** @type {Format} */ (formats[index % formats.length]);
}

/**
 * Writes telemetry whose lines have nearly a million members each.
 *
 * @param {string} directory
 */
function writeFullLines(directory) {
	mkdirSync(directory);
	const context = Object.fromEntries(
		"extension_version machine_id session_id os_type os_version host_arch platform_name platform_version deployment_url"
			.split(" ")
			.map((name) => [name, "x"]),
	);
	const members = (/** @type {number} */ count, /** @type {string} */ prefix, /** @type {unknown} */ value) =>
		Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value]));
	for (const [session, eventName, properties, measurements] of /** @type {const} */ ([
		["gauges", "ssh.network.info", {}, members(900_000, "k", 1)],
		["counters", "http.requests", {}, members(900_000, "count.", 1)],
		["properties", "a.b", members(700_000, "k", "v"), {}],
	])) {
		const row = {
			event_id: "00000000000000aa",
			event_name: eventName,
			timestamp: "2026-06-01T00:00:00Z",
			event_sequence: 0,
			context,
			properties,
			measurements,
		};
		writeFileSync(path.join(directory, `telemetry-2026-06-01-${session}.jsonl`), `${JSON.stringify(row)}\n`);
	}
}

/**
 * Aborts exports at random moments.
 *
 * @param {string} name of the telemetry, for the output
 * @param {string} telemetry
 * @param {string} output an empty directory
 * @param {Random} random
 * @returns {Promise<boolean>} whether all were cancelled cleanly, and enough of them promptly
 */
async function checkAborts(name, telemetry, output, random) {
	const durations = { json: 0, otlp: 0, html: 0 };
	for (const format of formats) {
		const file = path.join(output, format);
		const started = performance.now();
		await exportTelemetry(telemetry, "allTime", format, file);
		durations[format] = performance.now() - started;
		rmSync(file);
	}

	const delays = [];
	while (delays.length < aborts) {
		const format = formatOf(delays.length);
		const delay = await abortedExport(
			telemetry,
			format,
			path.join(output, format),
			durations[format] * random.fraction(),
		);
		const left = readdirSync(output);
		if (delay === undefined) {
			// The export was faster this time and finished before the abort.
			rmSync(path.join(output, format));
			continue;
		}
		if (left.length > 0) {
			console.log(`aborts of ${name}: left behind ${left.join(", ")}`);
			return false;
		}
		delays.push(delay);
	}

	delays.sort((a, b) => a - b);
	const prompt = delays.filter((delay) => delay <= abortLimitMs).length;
	const [median = 0, slowest = 0] = [delays[aborts / 2], delays.at(-1)];
	console.log(
		`aborts of ${name}: ${prompt} of ${aborts} within ${abortLimitMs} ms ` +
			`(median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms), nothing left behind`,
	);
	return prompt >= promptAborts;
}

/**
 * @param {string} telemetry
 * @param {Format} format
 * @param {string} file
 * @param {number} moment milliseconds after the start
 * @returns {Promise<number | undefined>} milliseconds from the abort to the rejection; `undefined` if the export had
 *   finished before
 * @throws {unknown} if the export fails for another reason
 */
async function abortedExport(telemetry, format, file, moment) {
	const controller = new AbortController();
	let aborted = 0;
	const timer = setTimeout(() => {
		aborted = performance.now();
		controller.abort();
	}, moment);
	try {
		await exportTelemetry(telemetry, "allTime", format, file, { signal: controller.signal });
		return undefined;
	} catch (error) {
		const settled = performance.now();
		if (!(error instanceof Error && error.name === "AbortError")) {
			throw error;
		}
		return settled - aborted;
	} finally {
		clearTimeout(timer);
	}
}

/**
 * Compares the event loop of a process that exports with the event loop of an idle process.
 *
 * @param {string} telemetry
 * @param {string} output an empty directory
 * @returns {Promise<boolean>} whether exporting costs the event loop little enough
 */
async function checkEventLoop(telemetry, output) {
	const exporting = await delayBesideExports(telemetry, output, "export");
	const idling = await delayBesideExports(telemetry, output, "idle");
	const difference = exporting - idling;
	console.log(
		`event loop: 99th percentile of its delay ${exporting.toFixed(1)} ms while exporting, ` +
			`${idling.toFixed(1)} ms idle beside another process that exports (limit: ${delayLimitMs} ms more)`,
	);
	return difference <= delayLimitMs;
}

/**
 * @param {string} telemetry
 * @param {string} output
 * @param {"export" | "idle"} watched which process's event loop to watch while one exports
 * @returns {Promise<number>} the 99th percentile of its delay in milliseconds
 */
async function delayBesideExports(telemetry, output, watched) {
	const exporter = startProcess("export", telemetry, output);
	const idler = watched === "idle" ? startProcess("idle") : undefined;
	const [delay] = await once(exporter, "message");
	if (idler === undefined) {
		return delay;
	}
	idler.send("stop");
	const [idleDelay] = await once(idler, "message");
	return idleDelay;
}

/** @param {string[]} role what the process does, and its arguments */
function startProcess(...role) {
	const child = fork(fileURLToPath(import.meta.url), role);
	child.on("exit", (code, signal) => {
		if (code !== 0) {
			throw new Error(`the process to ${role[0]} failed: ${signal ?? code}`);
		}
	});
	return child;
}

/**
 * Watches this process's event loop during a task.
 *
 * @param {() => Promise<void>} task
 * @returns {Promise<number>} the 99th percentile of its delay in milliseconds
 */
async function delayDuring(task) {
	const histogram = monitorEventLoopDelay({ resolution: 5 });
	histogram.enable();
	await task();
	histogram.disable();
	return histogram.percentile(99) / 1e6;
}

/**
 * Runs as a child process of the event loop check, and sends the measured delay to the parent.
 *
 * @param {string} role
 * @param {string} telemetry
 * @param {string} output
 */
async function playRole(role, telemetry, output) {
	const stopped = once(process, "message");
	// Give Node time to load and compile modules, so that only the export is measured.
	await wait(100);
	const delay = await delayDuring(async () => {
		if (role === "idle") {
			await stopped;
			return;
		}
		for (let index = 0; index < watchedExports; index++) {
			const file = path.join(output, formatOf(index));
			await exportTelemetry(telemetry, "allTime", formatOf(index), file);
			rmSync(file);
		}
	});
	process.send?.(delay, () => process.disconnect());
}

async function checkLatency() {
	const directory = mkdtempSync(path.join(tmpdir(), "check-latency-"));
	try {
		const telemetry = path.join(directory, "telemetry");
		const output = path.join(directory, "output");
		mkdirSync(output);
		generateTelemetry({
			directory: telemetry,
			bytes: telemetryBytes,
			days: 10,
			sessionsPerDay: 12,
			overlapping: 3,
		});

		const fullLines = path.join(directory, "full-lines");
		writeFullLines(fullLines);

		const passed = { aborts: false, abortsOfFullLines: false, eventLoop: false };
		const allPassed = () => Object.values(passed).every(Boolean);
		for (let round = 1; round <= rounds && !allPassed(); round++) {
			const random = new Random(round);
			passed.aborts ||= await checkAborts("100 MB", telemetry, output, random);
			passed.abortsOfFullLines ||= await checkAborts("full lines", fullLines, output, random);
			passed.eventLoop ||= await checkEventLoop(telemetry, output);
		}
		if (!allPassed()) {
			console.log(`FAILED: no round of ${rounds} kept the limits`);
			process.exitCode = 1;
		}
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

const [role, telemetry = "", output = ""] = process.argv.slice(2);
if (role === undefined) {
	await checkLatency();
} else {
	await playRole(role, telemetry, output);
}
