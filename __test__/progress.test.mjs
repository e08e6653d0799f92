import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { startChild } from "./child-process.mjs";
import { straceIsMissing } from "./missing-tools.mjs";

/** @typedef {import("../index.js").ExportProgress} ExportProgress */

const sample = path.join(repository, "examples", "telemetry", "current");
const formats = /** @type {const} */ (["json", "otlp", "html"]);
/** Shortest time between two calls. */
const intervalMs = 100;

/**
 * Telemetry that takes long to export with `slowly`.
 *
 * @param {import("../index.js").ExportFormat} format
 */
function largeTelemetry(format) {
	return format === "otlp"
		? generatedTelemetry({ bytes: 40e6, days: 2, sessionsPerDay: 4 })
		: generatedTelemetry({ bytes: 100e6, days: 3, sessionsPerDay: 8, overlapping: 4 });
}
const slowly = { threads: 1, compressionLevel: 9 };

/** @param {import("node:test").TestContext} test */
function setup(test) {
	const directory = temporaryDirectory(test);
	return { directory, out: path.join(directory, "out") };
}

describe("onProgress", () => {
	it("is not called before the number of bytes is known", { skip: straceIsMissing() }, async (test) => {
		const { out } = setup(test);
		// Listing the directory takes several times as long as the time between two calls.
		const inject = ["-e", "trace=getdents64", "-e", "inject=getdents64:delay_enter=400000"];
		const child = startChild(
			"reporting-export.mjs",
			{ directory: sample, out },
			{ command: ["strace", "-f", "-qq", "-o", path.join(path.dirname(out), "trace"), ...inject] },
		);
		const reports = JSON.parse(await text(child.stdout));
		const bytes = reports.at(-1).bytesTotal;
		assert.ok(bytes > 0);
		assert.deepEqual(
			reports.filter((/** @type {ExportProgress} */ { bytesTotal }) => bytesTotal !== bytes),
			[],
		);
	});

	for (const format of formats) {
		it(`reports the progress of a large ${format} export, never going back, and ends with everything`, async (test) => {
			const { out } = setup(test);
			const { directory, bytes, events } = largeTelemetry(format);
			/** @type {ExportProgress[]} */
			const reports = [];
			const options = {
				...slowly,
				onProgress: (/** @type {ExportProgress} */ report) => reports.push(report),
			};
			const summary = await exportTelemetry(directory, "allTime", format, out, options);
			assert.equal(summary.bytesRead, bytes);

			assert.ok(reports.length >= 2, `${reports.length} reports`);
			let before = { phase: "reading", bytesDone: 0, events: 0 };
			for (const report of reports) {
				assert.deepEqual(Object.keys(report).sort(), ["bytesDone", "bytesTotal", "events", "phase"]);
				assert.ok(Number.isInteger(report.bytesDone) && Number.isInteger(report.events));
				assert.equal(report.bytesTotal, bytes);
				assert.ok(report.bytesDone >= before.bytesDone && report.bytesDone <= bytes);
				assert.ok(report.events >= before.events && report.events <= events);
				assert.ok(report.phase === before.phase || before.phase === "reading", "it went back to reading");
				before = report;
			}
			assert.equal(reports[0]?.phase, "reading");
			assert.deepEqual(reports.at(-1), { phase: "finishing", bytesDone: bytes, bytesTotal: bytes, events });
		});

		it(`is called at most ten times a second during a large ${format} export, and once at the end`, async (test) => {
			const { out } = setup(test);
			let calls = 0;
			const started = performance.now();
			const onProgress = () => {
				calls += 1;
			};
			await exportTelemetry(largeTelemetry(format).directory, "allTime", format, out, {
				...slowly,
				onProgress,
			});
			const elapsed = performance.now() - started;
			assert.ok(calls <= elapsed / intervalMs + 1, `${calls} calls in ${elapsed} ms`);
		});

		it(`reports the end of a small ${format} export before its promise resolves`, async (test) => {
			const { out } = setup(test);
			/** @type {(ExportProgress | "resolved")[]} */
			const order = [];
			const onProgress = (/** @type {ExportProgress} */ report) => order.push(report);
			const { bytesRead } = await exportTelemetry(sample, "allTime", format, out, { onProgress }).then(
				(summary) => {
					order.push("resolved");
					return summary;
				},
			);
			const end = { phase: "finishing", bytesDone: bytesRead, bytesTotal: bytesRead, events: 396 };
			assert.deepEqual(order.slice(-2), [end, "resolved"]);
			await wait(2 * intervalMs);
			assert.equal(order.at(-1), "resolved");
		});

		it(`reports the end of a ${format} export that finds nothing`, async (test) => {
			const { out } = setup(test);
			/** @type {ExportProgress[]} */
			const reports = [];
			const onProgress = (/** @type {ExportProgress} */ report) => reports.push(report);
			await exportTelemetry(sample, "2020-01-01", format, out, { onProgress });
			assert.deepEqual(reports.at(-1), { phase: "finishing", bytesDone: 0, bytesTotal: 0, events: 0 });
		});
	}

	it("reports the end before the file is in place", async (test) => {
		const { out, directory } = setup(test);
		writeFileSync(out, "before");
		/** @type {string[]} */
		const seen = [];
		const onProgress = () => seen.push(readFileSync(out, "utf8"));
		await exportTelemetry(sample, "allTime", "json", out, { onProgress });
		assert.equal(seen.at(-1), "before");
		assert.deepEqual(readdirSync(directory), ["out"]);
	});

	it("is not called after an export has failed", async (test) => {
		const { out } = setup(test);
		let calls = 0;
		const onProgress = () => {
			calls += 1;
		};
		await assert.rejects(exportTelemetry("/nowhere", "allTime", "json", out, { onProgress }));
		const callsThen = calls;
		await wait(2 * intervalMs);
		assert.equal(calls, callsThen);
	});

	it("may block for a while: calls in between are dropped, but not the last one", async (test) => {
		const { out } = setup(test);
		/** @type {ExportProgress[]} */
		const reports = [];
		const onProgress = (/** @type {ExportProgress} */ report) => {
			reports.push(report);
			const until = performance.now() + 3 * intervalMs;
			while (performance.now() < until) {
				// Keeps the event loop busy.
			}
		};
		const { directory, bytes } = largeTelemetry("otlp");
		await exportTelemetry(directory, "allTime", "otlp", out, { ...slowly, onProgress });
		assert.equal(reports.at(-1)?.bytesDone, bytes);
	});

	it("may return anything", async (test) => {
		const { out } = setup(test);
		for (const result of [undefined, null, 5, "text", Promise.resolve(), Symbol("s")]) {
			const onProgress = /** @type {any} */ (() => result);
			assert.equal((await exportTelemetry(sample, "allTime", "json", out, { onProgress })).eventCount, 396);
		}
	});

	it("may start another export", async (test) => {
		const { directory, out } = setup(test);
		/** @type {Promise<import("../index.js").ExportSummary>[]} */
		const others = [];
		const onProgress = () => {
			others.push(exportTelemetry(sample, "allTime", "otlp", path.join(directory, "other")));
		};
		await exportTelemetry(sample, "allTime", "json", out, { onProgress });
		assert.ok(others.length > 0);
		for (const { eventCount } of await Promise.all(others)) {
			assert.equal(eventCount, 396);
		}
	});
});

describe("an onProgress that throws", () => {
	for (const format of formats) {
		it(`stops a large ${format} export, which rejects with the first error`, async (test) => {
			const { directory, out } = setup(test);
			writeFileSync(out, "before");
			/** @type {Error[]} */
			const thrown = [];
			const onProgress = () => {
				thrown.push(new TypeError("the caller's own"));
				throw thrown.at(-1);
			};
			const telemetry = largeTelemetry(format);
			const options = { ...slowly, onProgress };
			const promise = exportTelemetry(telemetry.directory, "allTime", format, out, options);
			await assert.rejects(promise, (error) => error === thrown[0]);
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out"]);
		});

		it(`in its last call stops a ${format} export that has written everything`, async (test) => {
			const { directory, out } = setup(test);
			const thrown = new Error("the caller's own");
			const onProgress = (/** @type {ExportProgress} */ { phase }) => {
				if (phase === "finishing") {
					throw thrown;
				}
			};
			const promise = exportTelemetry(sample, "allTime", format, out, { onProgress });
			await assert.rejects(promise, (error) => error === thrown);
			assert.deepEqual(readdirSync(directory), []);
		});

		it(`makes a ${format} export that finds nothing reject`, async (test) => {
			const { directory, out } = setup(test);
			const thrown = new Error("the caller's own");
			const onProgress = () => {
				throw thrown;
			};
			const promise = exportTelemetry(sample, "2020-01-01", format, out, { onProgress });
			await assert.rejects(promise, (error) => error === thrown);
			assert.deepEqual(readdirSync(directory), []);
		});
	}

	for (const thrown of [
		undefined,
		null,
		"text",
		5,
		5n,
		false,
		Symbol("s"),
		{ own: "object" },
		Object.freeze(new Error("frozen")),
		new Proxy(new Error("behind a proxy"), {}),
		new DOMException("of the web"),
	]) {
		it(`makes the export reject with the same ${thrown instanceof Error ? thrown.message : typeof thrown}`, async (test) => {
			const { directory, out } = setup(test);
			const onProgress = () => {
				throw thrown;
			};
			let rejection = /** @type {unknown} */ ("nothing");
			try {
				await exportTelemetry(sample, "allTime", "json", out, { onProgress });
			} catch (error) {
				rejection = error;
			}
			assert.equal(rejection, thrown);
			assert.deepEqual(readdirSync(directory), []);
		});
	}

	it("takes precedence over a signal that it also aborts", async (test) => {
		const { out } = setup(test);
		const controller = new AbortController();
		const thrown = new Error("the caller's own");
		const onProgress = () => {
			controller.abort("reason");
			throw thrown;
		};
		const options = { onProgress, signal: controller.signal };
		await assert.rejects(
			exportTelemetry(sample, "allTime", "json", out, options),
			(error) => error === thrown,
		);
	});
});

describe("a promise that onProgress returns", () => {
	for (const format of formats) {
		it(`makes even a small ${format} export reject if it is rejected immediately`, async (test) => {
			const { directory, out } = setup(test);
			writeFileSync(out, "before");
			const thrown = new Error("the caller's own");
			for (const onProgress of [
				async () => {
					throw thrown;
				},
				async () => {
					await null;
					await null;
					throw thrown;
				},
				() => ({
					// biome-ignore lint/suspicious/noThenProperty: it plays a promise of another library
					then: (/** @type {unknown} */ _, /** @type {(reason: unknown) => void} */ reject) => reject(thrown),
				}),
			]) {
				const promise = exportTelemetry(sample, "allTime", format, out, { onProgress });
				await assert.rejects(promise, (error) => error === thrown);
				assert.equal(readFileSync(out, "utf8"), "before");
				assert.deepEqual(readdirSync(directory), ["out"]);
			}
		});
	}

	it("makes the export reject if it is rejected during the export", async (test) => {
		const { directory, out } = setup(test);
		const thrown = new Error("the caller's own");
		const onProgress = () => wait(1).then(() => Promise.reject(thrown));
		const promise = exportTelemetry(largeTelemetry("json").directory, "allTime", "json", out, {
			...slowly,
			onProgress,
		});
		await assert.rejects(promise, (error) => error === thrown);
		assert.deepEqual(readdirSync(directory), []);
	});

	it("is not waited for", async (test) => {
		const { out } = setup(test);
		const onProgress = () => new Promise(() => {});
		const { eventCount } = await exportTelemetry(sample, "allTime", "json", out, { onProgress });
		assert.equal(eventCount, 396);
	});

	it("may be rejected after the export, without any effect", async (test) => {
		const { out } = setup(test);
		/** @type {(reason: Error) => void} */
		let reject = () => {};
		const onProgress = () =>
			new Promise((_, rejectLater) => {
				reject = rejectLater;
			});
		/** @type {unknown[]} */
		const unhandled = [];
		const listener = (/** @type {unknown} */ reason) => unhandled.push(reason);
		process.on("unhandledRejection", listener);
		await exportTelemetry(sample, "allTime", "json", out, { onProgress });
		reject(new Error("too late"));
		await wait(20);
		process.off("unhandledRejection", listener);
		assert.deepEqual(unhandled, []);
	});

	it("may come from another library, and be rejected without a reason", async (test) => {
		const { out } = setup(test);
		const onProgress = () => ({
			// biome-ignore lint/suspicious/noThenProperty: it plays a promise of another library
			then: (/** @type {unknown} */ _, /** @type {() => void} */ reject) => reject(),
		});
		const promise = exportTelemetry(sample, "allTime", "json", out, { onProgress });
		await assert.rejects(promise, (error) => error === undefined);
	});

	it("counts as an error of onProgress if its then throws", async (test) => {
		const { out } = setup(test);
		const thrown = new Error("the caller's own");
		const onProgress = () => ({
			// biome-ignore lint/suspicious/noThenProperty: it plays a promise of another library
			get then() {
				throw thrown;
			},
		});
		const promise = exportTelemetry(sample, "allTime", "json", out, {
			onProgress: /** @type {any} */ (onProgress),
		});
		await assert.rejects(promise, (error) => error === thrown);
	});
});
