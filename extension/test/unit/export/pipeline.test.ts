import type { ExportProgress } from "coder-telemetry-export";
import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import type { Exporter } from "../../../src/export/exporter.js";
import { type ExportJob, type Flush, type ProgressUpdate, runExport } from "../../../src/export/pipeline.js";
import { ManualExporter } from "../../mocks/manualExporter.js";
import { summaryOf } from "../../mocks/summary.js";

const job: ExportJob = {
	directory: "/telemetry",
	range: addon.resolveRange("2026-06-01..2026-06-07"),
	format: "otlp",
	redact: "none",
	file: "/exports/june.otlp.zip",
	settings: {
		directory: undefined,
		temporality: "cumulative",
		spanName: "full",
		maxRequestBytes: 900_000,
		graceDays: 2,
		redact: "ask",
		redactFields: ["properties.reason"],
		keepFields: ["context.machine_id"],
	},
};

/** Starts an export that the test ends. */
function start({ flush, redact = "none" }: { flush?: Flush; redact?: addon.RedactionLevel } = {}) {
	const exporter = new ManualExporter();
	const cancellation = new AbortController();
	const reported: ProgressUpdate[] = [];
	const outcome = runExport(
		{ ...job, redact },
		{
			exporter,
			signal: cancellation.signal,
			reportProgress: (update) => reported.push(update),
			flush,
		},
	);
	return { exporter, outcome, reported, cancel: (reason?: Error) => cancellation.abort(reason) };
}

describe("an export", () => {
	it("passes the choices and the settings to the exporter", async () => {
		const { exporter } = start();
		const { directory, range, format, outPath, options } = await exporter.exports.next();
		expect({ directory, range, format, outPath }).toEqual({
			directory: "/telemetry",
			range: job.range,
			format: "otlp",
			outPath: "/exports/june.otlp.zip",
		});
		expect(options).toMatchObject({
			temporality: "cumulative",
			spanName: "full",
			maxRequestBytes: 900_000,
			graceDays: 2,
		});
	});

	it.each(["marked", "unknown"] as const)("passes the level %s with the lists of fields", async (redact) => {
		const { exporter } = start({ redact });
		const { options } = await exporter.exports.next();
		expect(options).toMatchObject({
			redact,
			redactFields: ["properties.reason"],
			keepFields: ["context.machine_id"],
		});
		expect(options).not.toHaveProperty("redactKey");
	});

	it("passes no lists of fields without a level, because the exporter refuses them", async () => {
		const { exporter } = start({ redact: "none" });
		const { options } = await exporter.exports.next();
		expect(options).toMatchObject({ spanName: "full" });
		for (const option of ["redact", "redactFields", "keepFields", "redactKey"]) {
			expect(options).not.toHaveProperty(option);
		}
	});

	it("ends with the exporter's summary", async () => {
		const { exporter, outcome } = start();
		const summary = summaryOf({ eventCount: 12 });
		(await exporter.exports.next()).finish(summary);
		expect(await outcome).toEqual({ kind: "finished", summary, flushError: undefined });
	});

	it.each([
		{ thrown: new Error("No space left on device"), message: "No space left on device" },
		{ thrown: "just a text", message: "just a text" },
		{ thrown: undefined, message: "undefined" },
		{
			thrown: Object.assign(new TypeError("wrong type"), { code: "ERR_INVALID_ARG" }),
			message: "wrong type",
		},
	])("that fails with $thrown ends with the message $message", async ({ thrown, message }) => {
		const { exporter, outcome } = start();
		(await exporter.exports.next()).fail(thrown);
		expect(await outcome).toEqual({ kind: "failed", message });
	});

	it("fails in the same way if the exporter throws instead of rejecting", async () => {
		const exporter: Exporter = {
			...addon,
			exportTelemetry: () => {
				throw new Error("no such function");
			},
		};
		const { signal } = new AbortController();
		const outcome = runExport(job, { exporter, signal, reportProgress: () => {}, flush: undefined });
		expect(await outcome).toEqual({ kind: "failed", message: "no such function" });
	});
});

describe("the progress of an export", () => {
	it.each<{ progress: ExportProgress; message: string; percent: number }>([
		{
			progress: { phase: "reading", bytesDone: 0, bytesTotal: 200, events: 0 },
			message: "0 % · 0 events",
			percent: 0,
		},
		{
			progress: { phase: "reading", bytesDone: 1, bytesTotal: 200, events: 1 },
			message: "0 % · 1 event",
			percent: 0,
		},
		{
			progress: { phase: "reading", bytesDone: 199, bytesTotal: 200, events: 12_345 },
			message: "99 % · 12,345 events",
			percent: 99,
		},
		{
			progress: { phase: "finishing", bytesDone: 200, bytesTotal: 200, events: 12_345 },
			message: "Finishing · 12,345 events",
			percent: 100,
		},
		{
			progress: { phase: "finishing", bytesDone: 0, bytesTotal: 0, events: 0 },
			message: "Finishing · 0 events",
			percent: 100,
		},
	])("$progress is shown as $message", async ({ progress, message, percent }) => {
		const { exporter, reported } = start();
		const { options } = await exporter.exports.next();
		options.onProgress?.(progress);
		expect(reported).toEqual([{ message, percent }]);
	});
});

describe("cancelling", () => {
	it("before the start skips the flush and the export", async () => {
		const exporter = new ManualExporter();
		const began: string[] = [];
		const outcome = runExport(job, {
			exporter,
			signal: AbortSignal.abort(),
			reportProgress: ({ message }) => began.push(message),
			flush: async () => {
				began.push("flush");
			},
		});
		expect(await outcome).toEqual({ kind: "cancelled" });
		expect(began).toEqual([]);
		expect(exporter.calls).toBe(0);
	});

	it("during a flush that hangs ends at once, and skips the export", async () => {
		const { exporter, outcome, cancel } = start({ flush: () => new Promise(() => {}) });
		cancel();
		expect(await outcome).toEqual({ kind: "cancelled" });
		expect(exporter.calls).toBe(0);
	});

	it("aborts the signal of the flush", async () => {
		let seen: AbortSignal | undefined;
		const { exporter, outcome, cancel } = start({
			flush: (signal) => {
				seen = signal;
				return new Promise(() => {});
			},
		});
		expect(seen?.aborted).toBe(false);
		cancel();
		expect(seen?.aborted).toBe(true);
		expect(await outcome).toEqual({ kind: "cancelled" });
		expect(exporter.calls).toBe(0);
	});

	it("with any abort reason is not a failure", async () => {
		const { outcome, cancel } = start({ flush: () => new Promise(() => {}) });
		cancel(new DOMException("too slow", "TimeoutError"));
		expect(await outcome).toEqual({ kind: "cancelled" });
	});

	it("during the export aborts it", async () => {
		const { exporter, outcome, cancel } = start();
		await exporter.exports.next();
		cancel();
		expect(await outcome).toEqual({ kind: "cancelled" });
	});

	it("during the export after a flush aborts the export", async () => {
		const { exporter, outcome, cancel } = start({ flush: async () => {} });
		await exporter.exports.next();
		cancel();
		expect(await outcome).toEqual({ kind: "cancelled" });
	});

	it("after a flush that threw leaves no unhandled rejection", async () => {
		// Vitest fails on unhandled rejections.
		const { exporter, outcome, cancel } = start({
			flush: () => {
				throw new Error("no such command");
			},
		});
		await exporter.exports.next();
		cancel();
		expect(await outcome).toEqual({ kind: "cancelled" });
	});

	it("after the export changes nothing", async () => {
		const { exporter, outcome, cancel } = start({ flush: async () => {} });
		(await exporter.exports.next()).finish(summaryOf());
		expect(await outcome).toMatchObject({ kind: "finished" });
		cancel();
		expect(await outcome).toMatchObject({ kind: "finished" });
	});
});

describe("flushing", () => {
	it("ends before the export begins", async () => {
		let finishFlush = () => {};
		const { exporter, outcome, reported } = start({
			flush: () =>
				new Promise((resolve) => {
					finishFlush = resolve;
				}),
		});
		expect(reported).toEqual([{ message: "Flushing buffered events…", percent: undefined }]);
		expect(exporter.calls).toBe(0);
		finishFlush();
		(await exporter.exports.next()).finish(summaryOf());
		expect(await outcome).toMatchObject({ kind: "finished", flushError: undefined });
	});

	it("is not reported if the host cannot flush", async () => {
		const { exporter, outcome, reported } = start();
		(await exporter.exports.next()).finish(summaryOf());
		await outcome;
		expect(reported).toEqual([]);
	});

	it.each([
		{ thrown: new Error("disk is full"), flushError: "disk is full" },
		{ thrown: "timed out", flushError: "timed out" },
	])("does not stop the export if it fails with $thrown", async ({ thrown, flushError }) => {
		const { exporter, outcome } = start({ flush: () => Promise.reject(thrown) });
		const summary = summaryOf();
		(await exporter.exports.next()).finish(summary);
		expect(await outcome).toEqual({ kind: "finished", summary, flushError });
	});
});
