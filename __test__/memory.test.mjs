import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { onWindows, underWine } from "../scripts/testing/windows.mjs";
import { askChild } from "./child-process.mjs";
import { oversizedTelemetry } from "./oversized-telemetry.mjs";

/** Each export has a process of its own, so two can be measured at once. */
const onLinux = {
	skip:
		process.platform !== "linux" &&
		"counts descriptors in /proc, or measures formats that are the same on all systems",
	concurrency: 2,
};
const whereMeasured = {
	skip: process.platform !== "linux" && !onWindows && "reads /proc",
	concurrency: 2,
};
/** The addon that Wine runs is not optimized. */
const tooLongForWine = { skip: underWine && "takes minutes in the addon that is built for Wine" };
const formats = /** @type {const} */ (["json", "otlp", "html"]);
const mebibyte = 2 ** 20;
/** Memory that an export may use above a process that only loads the addon. */
const limitBytes = 64 * mebibyte;
const limitDescriptors = 40;
const bytesPerFile = 200;
/** A report may hold a line three times. The specification allows six times for other exports. */
const longestLinesOfReport = 3;
const longestLines = 6;
const bytesPerTotal = 64;

/**
 * Exports in a child process and measures it.
 *
 * @param {import("node:test").TestContext} test
 * @param {object} job
 * @param {number} [openFiles] limit on open files
 * @returns {Promise<{ eventCount: number, skippedFiles: object[], extraBytes: number, extraDescriptors: number, bareLimit: number, redaction?: import("../index.js").ExportRedaction }>}
 */
async function measure(test, job, openFiles) {
	const limited = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', String(openFiles)];
	const out = path.join(temporaryDirectory(test), "out");
	const measured = await askChild(
		"measured-export.mjs",
		{ out, ...job },
		openFiles === undefined ? {} : { command: limited },
	);
	const { extraBytes, extraDescriptors } = measured;
	const descriptors = extraDescriptors === undefined ? "" : `, ${extraDescriptors} descriptors`;
	test.diagnostic(`${(extraBytes / mebibyte).toFixed(1)} MiB${descriptors} more`);
	return measured;
}

describe("the memory of an export of 100 MB", whereMeasured, () => {
	for (const format of formats) {
		for (const threads of [1, 2, 16]) {
			const options = format === "json" && threads === 2 ? {} : tooLongForWine;
			it(`stays within its limit: ${format}, threads: ${threads}`, options, async (test) => {
				const plan = { bytes: 100e6, days: 3, sessionsPerDay: 8, overlapping: 4 };
				const { directory, events } = generatedTelemetry(plan);
				const { eventCount, extraBytes } = await measure(test, { directory, format, options: { threads } });
				assert.equal(eventCount, events);
				assert.ok(extraBytes <= limitBytes, `${extraBytes / mebibyte} MiB`);
			});
		}
	}

	it("stays within its limit for a single session that is never rotated", tooLongForWine, async (test) => {
		const plan = { bytes: 100e6, days: 1, sessionsPerDay: 1, overlapping: 1, rotateAt: 1e9 };
		const { directory, events } = generatedTelemetry(plan);
		for (const format of formats) {
			const { eventCount, extraBytes } = await measure(test, { directory, format });
			assert.equal(eventCount, events);
			assert.ok(extraBytes <= limitBytes, `${format}: ${extraBytes / mebibyte} MiB`);
		}
	});
});

describe("an export of 3,000 sessions that overlap in time", onLinux, () => {
	const plan = { bytes: 30e6, days: 1, sessionsPerDay: 3000, overlapping: 3000 };

	for (const format of formats) {
		for (const threads of [2, 16]) {
			it(`needs at most 96 descriptors, and ordinary memory: ${format}, threads: ${threads}`, async (test) => {
				const { directory, events, files } = generatedTelemetry(plan);
				assert.equal(files, 3000);
				const job = { directory, format, options: { threads } };
				const { eventCount, skippedFiles, extraBytes } = await measure(test, job, 96);
				assert.deepEqual(skippedFiles, []);
				assert.equal(eventCount, events);
				assert.ok(extraBytes <= limitBytes + files * bytesPerFile, `${extraBytes / mebibyte} MiB`);
			});
		}

		it(`holds at most ${limitDescriptors} descriptors open: ${format}`, async (test) => {
			const { directory, events } = generatedTelemetry(plan);
			const job = { directory, format, options: { threads: 16 }, watchDescriptors: true };
			const { extraDescriptors, bareLimit } = await measure(test, job);
			assert.ok(extraDescriptors > 0 && extraDescriptors <= limitDescriptors, `${extraDescriptors}`);
			// Sampling may miss the peak, so the export must also succeed with exactly this limit.
			const strict = await measure(test, { ...job, watchDescriptors: false }, bareLimit + limitDescriptors);
			assert.deepEqual(strict.skippedFiles, []);
			assert.equal(strict.eventCount, events);
		});
	}
});

describe("the memory of a report of oversized telemetry", onLinux, () => {
	for (const { name, events, files, lineBytes, write } of oversizedTelemetry) {
		it(`stays within its limit: ${name}`, async (test) => {
			const directory = path.join(temporaryDirectory(test), "telemetry");
			write(directory);
			for (const threads of [2, 16]) {
				const job = { directory, format: "html", options: { threads } };
				const { eventCount, skippedFiles, extraBytes } = await measure(test, job);
				assert.deepEqual(skippedFiles, []);
				assert.equal(eventCount, events);
				const limit = limitBytes + files * bytesPerFile + longestLinesOfReport * lineBytes;
				assert.ok(extraBytes <= limit, `${extraBytes / mebibyte} MiB with ${threads} threads`);
			}
		});
	}
});

/**
 * Rows of a metric event, each with the given number of measurements.
 *
 * @param {string} name
 * @param {number} rows
 * @param {number} measurements
 * @param {(row: number, measurement: number) => string} keyOf
 */
function metricRows(name, rows, measurements, keyOf) {
	return Array.from({ length: rows }, (_, number) => {
		const keys = Array.from({ length: measurements }, (_, measurement) => [
			keyOf(number, measurement),
			number % 10,
		]);
		const timestamp = new Date(Date.UTC(2026, 5, 1) + number * 1000).toISOString();
		return row(timestamp, { event_name: name, measurements: Object.fromEntries(keys) });
	});
}

describe("the memory of an OTLP export of many metrics", onLinux, () => {
	for (const [what, lines, totals] of /** @type {const} */ ([
		[
			"900,000 gauges in one line",
			() => metricRows("ssh.network.info", 1, 900_000, (_, key) => `k${key}`),
			0,
		],
		[
			"900,000 counters in one line",
			() => metricRows("http.requests", 1, 900_000, (_, key) => `count.${key}`),
			900_000,
		],
		[
			"rows of 30 kB",
			() => metricRows("ssh.network.info", 600, 2_000, (number, key) => `k${number}_${key}Ms`),
			0,
		],
		[
			"rows with 20 new keys each",
			() => metricRows("ssh.network.info", 20_000, 20, (number, key) => `k${number}_${key}Ms`),
			0,
		],
	])) {
		it(`stays within its limit: ${what}`, async (test) => {
			const directory = path.join(temporaryDirectory(test), "telemetry");
			const written = lines();
			const lineBytes = Math.max(...written.map((line) => line.length));
			writeTelemetry(directory, { "telemetry-2026-06-01-a.jsonl": written });
			for (const temporality of ["delta", "cumulative"]) {
				for (const threads of [1, 16]) {
					const job = { directory, format: "otlp", options: { threads, temporality } };
					const { eventCount, extraBytes } = await measure(test, job);
					assert.equal(eventCount, written.length);
					const limit =
						limitBytes +
						longestLines * lineBytes +
						(temporality === "cumulative" ? totals : 0) * bytesPerTotal;
					assert.ok(
						extraBytes <= limit,
						`${extraBytes / mebibyte} MiB with ${threads} threads, ${temporality}`,
					);
				}
			}
		});
	}
});

describe("the memory of a redacted export of e-mail addresses that are all different", onLinux, () => {
	const addressesInRow = 200;
	/** Less than five bytes for each address. A table of them would take more. */
	const mostGrowth = 8 * mebibyte;

	/**
	 * @param {string} directory
	 * @param {number} rows
	 */
	function writeAddresses(directory, rows) {
		const lines = Array.from({ length: rows }, (_, number) => {
			const addresses = Array.from({ length: addressesInRow }, (_, index) => [
				`k${index}`,
				`u${number * addressesInRow + index}@velmora.com`,
			]);
			const timestamp = new Date(Date.UTC(2026, 5, 1) + number * 1000).toISOString();
			return row(timestamp, { event_name: "users.listed", properties: Object.fromEntries(addresses) });
		});
		writeTelemetry(directory, { "telemetry-2026-06-01-a.jsonl": lines });
	}

	for (const format of formats) {
		it(`is the same for ten times as many: ${format}`, async (test) => {
			const used = [];
			for (const rows of [1_000, 10_000]) {
				const directory = path.join(temporaryDirectory(test), "telemetry");
				writeAddresses(directory, rows);
				const options = { threads: 2, redact: "marked" };
				const { eventCount, redaction, extraBytes } = await measure(test, { directory, format, options });
				assert.equal(eventCount, rows);
				assert.equal(redaction?.replaced.email, rows * addressesInRow);
				used.push(extraBytes);
			}
			const [few = 0, many = Number.NaN] = used;
			assert.ok(many - few <= mostGrowth, `${(many - few) / mebibyte} MiB more`);
		});
	}
});
