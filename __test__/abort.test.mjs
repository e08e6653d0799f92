import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const formats = /** @type {const} */ (["json", "otlp", "html"]);

/**
 * An existing target, and exports to it: of the sample, and of telemetry that takes long to export.
 *
 * @param {import("node:test").TestContext} test
 */
function setup(test) {
	const directory = temporaryDirectory(test);
	const out = path.join(directory, "out");
	writeFileSync(out, "before");
	/** @typedef {import("../index.js").ExportOptions} ExportOptions */
	return {
		directory,
		out,
		/** @param {ExportOptions} options */
		runSmall: (options) => exportTelemetry(sample, "allTime", "json", out, options),
		/**
		 * @param {import("../index.js").ExportFormat} format
		 * @param {ExportOptions} options
		 */
		runLarge: (format, options) => {
			const telemetry = generatedTelemetry({ bytes: 100e6, days: 3, sessionsPerDay: 8, overlapping: 4 });
			const slowly = { threads: 1, compressionLevel: 9 };
			return exportTelemetry(telemetry.directory, "allTime", format, out, { ...slowly, ...options });
		},
		/** Asserts that the old file is unchanged, and the only file. */
		assertUntouched: () => {
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out"]);
		},
	};
}

/**
 * @param {Promise<unknown>} promise
 * @param {unknown} reason of the abort
 */
async function assertAborted(promise, reason) {
	await assert.rejects(promise, (/** @type {any} */ error) => {
		assert.ok(error instanceof Error);
		assert.equal(error.name, "AbortError");
		assert.equal(/** @type {any} */ (error).code, "ABORT_ERR");
		assert.equal(error.cause, reason);
		return true;
	});
}

describe("a signal that is already aborted", () => {
	for (const format of formats) {
		it(`rejects a ${format} export with an AbortError that carries the reason`, async (test) => {
			const { runLarge, assertUntouched } = setup(test);
			const signal = AbortSignal.abort();
			await assertAborted(runLarge(format, { signal }), signal.reason);
			assertUntouched();
		});
	}

	for (const reason of ["text", 0, null, Symbol("s"), { own: "object" }]) {
		it(`passes on a reason of any type unchanged: ${typeof reason}`, async (test) => {
			const { runSmall, assertUntouched } = setup(test);
			await assertAborted(runSmall({ signal: AbortSignal.abort(reason) }), reason);
			assertUntouched();
		});
	}

	it("gets no listener, and onProgress is not called", async (test) => {
		const { runSmall } = setup(test);
		const signal = AbortSignal.abort();
		const onProgress = () => assert.fail("it was called");
		await assertAborted(runSmall({ signal, onProgress }), signal.reason);
		assert.deepEqual(getEventListeners(signal, "abort"), []);
	});

	it("rejects an export even if nothing would match", async (test) => {
		const { out, assertUntouched } = setup(test);
		const signal = AbortSignal.abort();
		await assertAborted(exportTelemetry(sample, "2020-01-01", "json", out, { signal }), signal.reason);
		assertUntouched();
	});
});

describe("a signal that is aborted while an export runs", () => {
	for (const format of formats) {
		it(`rejects a ${format} export, keeps the old file and leaves nothing else`, async (test) => {
			const { runLarge, assertUntouched } = setup(test);
			const controller = new AbortController();
			const reason = new Error("enough");
			/** @type {string[]} */
			const phases = [];
			const onProgress = (/** @type {import("../index.js").ExportProgress} */ { phase }) => {
				phases.push(phase);
				controller.abort(reason);
			};
			await assertAborted(runLarge(format, { signal: controller.signal, onProgress }), reason);
			assert.equal(phases[0], "reading");
			assertUntouched();
			assert.deepEqual(getEventListeners(controller.signal, "abort"), []);
		});
	}

	for (const format of formats) {
		it(`leaves nothing of a ${format} export behind, at any moment`, async (test) => {
			const { out, runLarge, assertUntouched } = setup(test);
			const started = performance.now();
			await runLarge(format, {});
			const taken = performance.now() - started;
			let aborted = 0;
			// A random moment in each sixth of an export.
			for (let part = 0; part < 6; part++) {
				writeFileSync(out, "before");
				const controller = new AbortController();
				const timer = setTimeout(() => controller.abort(part), ((part + Math.random()) / 6) * taken);
				try {
					await runLarge(format, { signal: controller.signal });
					// The export finished before the abort.
				} catch (error) {
					assert.equal(/** @type {any} */ (error).code, "ABORT_ERR");
					assertUntouched();
					aborted++;
				} finally {
					clearTimeout(timer);
				}
			}
			assert.ok(aborted > 0, "every export was done before it was aborted");
		});
	}

	it("rejects an export that has just been called", async (test) => {
		const { runLarge, assertUntouched } = setup(test);
		const controller = new AbortController();
		const promise = runLarge("json", { signal: controller.signal });
		controller.abort("at once");
		await assertAborted(promise, "at once");
		assertUntouched();
	});

	it("rejects an OTLP export that is packing", async (test) => {
		const { directory, runLarge, assertUntouched } = setup(test);
		const controller = new AbortController();
		const promise = runLarge("otlp", { signal: controller.signal, maxRequestBytes: 65_536 });
		const watched = packing(directory).then(() => controller.abort("packing"));
		await assertAborted(promise, "packing");
		await watched;
		assertUntouched();
	});

	for (const format of formats) {
		it(`rejects a ${format} export that has written everything and is about to replace the file`, async (test) => {
			const { runSmall, out, assertUntouched } = setup(test);
			const controller = new AbortController();
			const onProgress = (/** @type {import("../index.js").ExportProgress} */ progress) => {
				if (progress.phase === "finishing") {
					controller.abort("late");
				}
			};
			const options = { signal: controller.signal, onProgress };
			await assertAborted(exportTelemetry(sample, "allTime", format, out, options), "late");
			assertUntouched();
			await runSmall({});
		});
	}

	it("may be aborted repeatedly", async (test) => {
		const { runLarge } = setup(test);
		const controller = new AbortController();
		const onProgress = () => {
			controller.abort("first");
			controller.abort("second");
		};
		await assertAborted(runLarge("json", { signal: controller.signal, onProgress }), "first");
	});

	it("may come from AbortSignal.timeout", async (test) => {
		const { runLarge, assertUntouched } = setup(test);
		const signal = AbortSignal.timeout(20);
		const promise = runLarge("otlp", { signal });
		// The timer of such a signal does not keep the process alive, but the export does.
		await assert.rejects(promise, { name: "AbortError", code: "ABORT_ERR" });
		assert.equal(signal.reason.name, "TimeoutError");
		await assertAborted(promise, signal.reason);
		assertUntouched();
	});

	it("may come from AbortSignal.any", async (test) => {
		const { runLarge, assertUntouched } = setup(test);
		const controller = new AbortController();
		const signal = AbortSignal.any([new AbortController().signal, controller.signal]);
		const promise = runLarge("json", { signal, onProgress: () => controller.abort("any") });
		await assertAborted(promise, "any");
		assertUntouched();
	});

	it("cancels every export that it was given to, and no other", async (test) => {
		const [one, two, other] = [setup(test), setup(test), setup(test)];
		const controller = new AbortController();
		const { signal } = controller;
		const aborted = [one.runLarge("json", { signal }), two.runLarge("otlp", { signal })];
		const finished = other.runSmall({ signal: new AbortController().signal });
		controller.abort("all");
		await Promise.all(aborted.map((promise) => assertAborted(promise, "all")));
		assert.equal((await finished).eventCount, 396);
		one.assertUntouched();
		two.assertUntouched();
	});
});

describe("a signal that is used for several exports", () => {
	it("cancels the next export like the first", async (test) => {
		const { out, runSmall, runLarge, directory } = setup(test);
		const controller = new AbortController();
		const { signal } = controller;
		await runSmall({ signal });
		await runSmall({ signal });
		const exported = readFileSync(out);
		const promise = runLarge("json", { signal, onProgress: () => controller.abort("third") });
		await assertAborted(promise, "third");
		assert.deepEqual(readFileSync(out), exported);
		assert.deepEqual(readdirSync(directory), ["out"]);
	});

	it("has no listener of ours after an export, however it ended", async (test) => {
		const { runSmall, out } = setup(test);
		const { signal } = new AbortController();
		const listeners = () => getEventListeners(signal, "abort").length;
		const promise = runSmall({ signal });
		assert.equal(listeners(), 1);
		await promise;
		assert.equal(listeners(), 0);
		await assert.rejects(exportTelemetry("/nowhere", "allTime", "json", out, { signal }));
		await assert.rejects(exportTelemetry(sample, "never", "json", out, { signal }));
		await assert.rejects(runSmall({ signal, onProgress: () => assert.fail() }));
		assert.equal(listeners(), 0);
	});

	it("keeps the caller's own handlers", async (test) => {
		const { runLarge } = setup(test);
		const controller = new AbortController();
		const { signal } = controller;
		/** @type {string[]} */
		const called = [];
		const onabort = () => called.push("onabort");
		signal.onabort = onabort;
		signal.addEventListener("abort", () => called.push("listener"));
		await assertAborted(runLarge("json", { signal, onProgress: () => controller.abort("x") }), "x");
		assert.equal(signal.onabort, onabort);
		assert.deepEqual(called, ["onabort", "listener"]);
	});

	it("does not affect a finished export", async (test) => {
		const { out, runSmall } = setup(test);
		const controller = new AbortController();
		await runSmall({ signal: controller.signal });
		controller.abort();
		await wait(1);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
	});
});

describe("a signal that lacks parts of an AbortSignal", () => {
	const noop = () => {};
	const throws = () => {
		throw new Error("the signal's own");
	};
	/**
	 * @param {object} members
	 * @returns {any}
	 */
	const signalWith = (members) => ({
		aborted: false,
		addEventListener: noop,
		removeEventListener: noop,
		...members,
	});

	it("still cancels if its reason cannot be read", async (test) => {
		const { runSmall, assertUntouched } = setup(test);
		const signal = Object.defineProperty(signalWith({ aborted: true }), "reason", { get: throws });
		await assertAborted(runSmall({ signal }), undefined);
		await assertAborted(runSmall({ signal: signalWith({ aborted: true }) }), undefined);
		assertUntouched();
	});

	it("does not fail a finished export if its listener cannot be removed", async (test) => {
		const { runSmall } = setup(test);
		const { eventCount } = await runSmall({ signal: signalWith({ removeEventListener: throws }) });
		assert.equal(eventCount, 396);
	});
});

/**
 * Waits until an export to the directory has written packed parts.
 *
 * @param {string} directory
 */
async function packing(directory) {
	for (;;) {
		const name = readdirSync(directory).find((entry) => entry.endsWith(".coder-export.tmp"));
		if (name !== undefined && statSync(path.join(directory, name)).size > 0) {
			return;
		}
		await wait(1);
	}
}
