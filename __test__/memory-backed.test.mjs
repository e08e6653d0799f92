import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { readZip } from "../scripts/zip.mjs";
import { expectedLogs, expectedMetrics, expectedTraces } from "./memory-backed-envelopes.mjs";
import { files } from "./memory-backed-telemetry.mjs";

/** The file system in memory on Linux, and its magic number. */
const memoryBacked = "/dev/shm";
const tmpfsMagic = 0x01021994;

/**
 * Converts every list of attributes to an object, because their order does not matter.
 *
 * @param {any} value
 * @returns {any}
 */
function withoutAttributeOrder(value) {
	if (Array.isArray(value)) {
		return value.map(withoutAttributeOrder);
	}
	if (typeof value !== "object" || value === null) {
		return value;
	}
	return Object.fromEntries(
		Object.entries(value).map(([key, member]) => {
			if (key !== "attributes") {
				return [key, withoutAttributeOrder(member)];
			}
			const attributes = Object.fromEntries(member.map((/** @type {any} */ one) => [one.key, one.value]));
			assert.equal(Object.keys(attributes).length, member.length, "a key occurs twice");
			assert.ok(member.every((/** @type {any} */ one) => Object.keys(one).length === 2));
			return [key, attributes];
		}),
	);
}

/**
 * A directory in memory with telemetry.
 *
 * @param {import("node:test").TestContext} test
 */
function setup(test) {
	const directory = mkdtempSync(path.join(memoryBacked, "coder-telemetry-export-"));
	test.after(() => rmSync(directory, { recursive: true, force: true }));
	assert.equal(statfsSync(directory).type, tmpfsMagic, `${memoryBacked} is not in memory`);
	writeTelemetry(directory, files);
	const out = path.join(directory, "out.otlp.zip");

	/** @param {import("../index.js").ExportOptions} [options] */
	async function run(options) {
		const summary = await exportTelemetry(directory, "2026-06-02", "otlp", out, options);
		const entries = readZip(out).map(({ name, content }) => ({ name, text: content().toString("utf8") }));
		/** @param {string} name */
		const read = (name) => {
			const content = entries.find((entry) => entry.name === name)?.text ?? "";
			assert.equal(content.indexOf("\n"), content.length - 1, `${name} is not one line`);
			return withoutAttributeOrder(JSON.parse(content));
		};
		return { summary, read, names: entries.map(({ name }) => name) };
	}
	return { directory, out, run };
}

describe("an export on a file system in memory", {
	skip: process.platform !== "linux" && "needs Linux",
}, () => {
	it("writes every log record of the day: plain, with an error, and linked to a span", async (test) => {
		const { run } = setup(test);
		const { read } = await run();
		assert.deepEqual(read("logs.json"), expectedLogs);
	});

	it("writes every span of the day, with phases under their parent", async (test) => {
		const { run } = setup(test);
		const { read } = await run();
		assert.deepEqual(read("traces.json"), expectedTraces);
	});

	it("writes every data point of the day, of requests and network", async (test) => {
		const { run } = setup(test);
		const { read } = await run();
		assert.deepEqual(read("metrics.json"), expectedMetrics(1));
	});

	it("writes running totals with cumulative temporality, and everything else as before", async (test) => {
		const { run } = setup(test);
		const { read } = await run({ temporality: "cumulative" });
		assert.deepEqual(read("metrics.json"), expectedMetrics(2));
		assert.deepEqual(read("traces.json"), expectedTraces);
		assert.deepEqual(read("logs.json"), expectedLogs);
	});

	it("counts in manifest and summary what it wrote and left out", async (test) => {
		const { run, out } = setup(test);
		const { read, summary, names } = await run();
		assert.deepEqual(names, ["logs.json", "traces.json", "metrics.json", "manifest.json"]);
		const manifest = read("manifest.json");
		assert.deepEqual(manifest.range, {
			label: "2026-06-02",
			start: "2026-06-02T00:00:00.000Z",
			end: "2026-06-03T00:00:00.000Z",
		});
		assert.deepEqual(manifest.records, { logs: 4, traces: 5, metrics: 8 });
		assert.deepEqual(manifest.source, {
			files: 2,
			skippedFiles: [],
			events: 13,
			badLines: 1,
			droppedPoints: 1,
		});
		assert.deepEqual(
			{ logs: summary.logs, traces: summary.traces, metrics: summary.metrics },
			{ logs: 4, traces: 5, metrics: 4 },
		);
		assert.equal(summary.linesRead, 16);
		assert.deepEqual([summary.headers, summary.outOfRange, summary.badLines], [1, 1, 1]);
		assert.equal(summary.badLineSamples[0]?.line, 11);
		assert.equal(summary.bytesWritten, readFileSync(out).length);
		assert.deepEqual(summary.records, manifest.records);
		assert.deepEqual(summary.parts, manifest.parts);
	});

	it("makes a report of the same events, which counts what it left out", async (test) => {
		const { directory, out, run } = setup(test);
		const { parts, records, ...otlp } = (await run()).summary;
		const html = await exportTelemetry(directory, "2026-06-02", "html", out);
		assert.deepEqual(html, { ...otlp, bytesWritten: html.bytesWritten });
		assert.equal(readFileSync(out).length, html.bytesWritten);
	});

	it("leaves only the telemetry and the export", async (test) => {
		const { directory, run } = setup(test);
		await run();
		assert.deepEqual(readdirSync(directory).sort(), ["out.otlp.zip", ...Object.keys(files)]);
	});
});
