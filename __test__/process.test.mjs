import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { readZip } from "../scripts/zip.mjs";
import { askChild, runChild, startChild } from "./child-process.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const formats = /** @type {const} */ (["json", "otlp", "html"]);

function largeTelemetry() {
	return generatedTelemetry({ bytes: 100e6, days: 3, sessionsPerDay: 8, overlapping: 4 });
}

describe("a process", () => {
	for (const format of formats) {
		for (const [what, job, printed] of /** @type {const} */ ([
			["a bare export", {}, "396\n"],
			["an export with onProgress and a signal", { follow: true }, "396\n"],
			["an export that was cancelled", { follow: true, abort: true }, "AbortError\n"],
		])) {
			it(`ends by itself after ${what} (${format})`, async (test) => {
				const out = path.join(temporaryDirectory(test), "out");
				const outcome = await runChild("quiet-process.mjs", { directory: sample, out, format, ...job });
				assert.deepEqual(outcome, { status: 0, signal: null, stdout: printed, stderr: "" });
			});
		}

		it(`may exit in the middle of a ${format} export without a crash or leftovers`, async (test) => {
			const directory = temporaryDirectory(test);
			const out = path.join(directory, "out");
			const job = { directory: largeTelemetry().directory, out, format, way: "exit" };
			const outcome = await runChild("exiting-process.mjs", job);
			assert.deepEqual(outcome, { status: 7, signal: null, stdout: "", stderr: "" });
			assert.deepEqual(readdirSync(directory), []);
		});

		it(`may fail with its own error in the middle of a ${format} export`, async (test) => {
			const directory = temporaryDirectory(test);
			writeFileSync(path.join(directory, "out"), "before");
			const out = path.join(directory, "out");
			const job = { directory: largeTelemetry().directory, out, format, way: "throw" };
			const { status, signal, stderr } = await runChild("exiting-process.mjs", job);
			assert.deepEqual([status, signal], [1, null]);
			assert.match(stderr, /Error: uncaught/);
			assert.deepEqual(readdirSync(directory), ["out"]);
			assert.equal(readFileSync(out, "utf8"), "before");
		});
	}

	it("survives worker threads that are terminated during an export, and can still export", async (test) => {
		const folder = temporaryDirectory(test);
		const { directory } = largeTelemetry();
		const result = await askChild("terminating-process.mjs", { directory, folder, sample, times: 12 });
		const left = ["main", "worker-html", "worker-json", "worker-otlp"];
		assert.deepEqual(result, { fromWorkers: [396, 396, 396], eventCount: 396, left });
	});

	it("has a free event loop while an export runs", async (test) => {
		const { directory, events } = largeTelemetry();
		for (const format of formats) {
			const out = path.join(temporaryDirectory(test), "out");
			const result = await askChild("ticking-process.mjs", { directory, out, format });
			assert.equal(result.eventCount, events);
			// A blocked event loop would fire none, so a tenth of the expected ticks is enough.
			const due = result.elapsed / 5;
			assert.ok(
				result.ticks > due / 10 && result.ticks >= 3,
				`${result.ticks} ticks in ${result.elapsed} ms`,
			);
		}
	});

	it("can export while its only pool thread is busy", async (test) => {
		const job = { directory: sample, out: path.join(temporaryDirectory(test), "out") };
		const surroundings = { env: { UV_THREADPOOL_SIZE: "1" }, input: /** @type {const} */ ("pipe") };
		const child = startChild("blocked-pool.mjs", job, surroundings);
		const [printed] = await once(child.stdout.setEncoding("utf8"), "data");
		child.stdin?.end();
		const [status] = await once(child, "close");
		assert.equal(status, 0);
		assert.deepEqual(JSON.parse(printed), { eventCount: 396, ended: false });
	});
});

describe("several exports at once", () => {
	it("to different files give the same results as separate exports", async (test) => {
		const directory = temporaryDirectory(test);
		const alone = path.join(directory, "alone");
		await exportTelemetry(sample, "allTime", "json", alone);
		const formatOf = (/** @type {number} */ index) => formats[index % formats.length] ?? "json";
		const outs = Array.from({ length: 12 }, (_, index) => path.join(directory, `out-${index}`));
		const summaries = await Promise.all(
			outs.map((out, index) => exportTelemetry(sample, "allTime", formatOf(index), out)),
		);
		for (const [index, out] of outs.entries()) {
			assert.equal(summaries[index]?.eventCount, 396);
			if (formatOf(index) === "json") {
				assert.deepEqual(readFileSync(out), readFileSync(alone));
			} else if (formatOf(index) === "otlp") {
				assert.equal(readZip(out).length, 4);
			} else {
				assert.match(readFileSync(out, "utf8"), /^<!DOCTYPE html>\n.*<\/html>\n$/s);
			}
		}
		assert.equal(readdirSync(directory).length, 13);
	});

	it("to the same file leave one complete export", async (test) => {
		const directory = temporaryDirectory(test);
		const out = path.join(directory, "out");
		const { directory: large } = generatedTelemetry({ bytes: 40e6, days: 2, sessionsPerDay: 4 });
		const sizes = await Promise.all(
			[large, sample, large, sample].map(async (telemetry) => {
				const { bytesWritten } = await exportTelemetry(telemetry, "allTime", "json", out);
				return bytesWritten;
			}),
		);
		assert.deepEqual(readdirSync(directory), ["out"]);
		const content = readFileSync(out);
		assert.ok(sizes.includes(content.length));
		assert.ok(content.subarray(0, 3).equals(Buffer.from("[\n{")));
		assert.ok(content.subarray(-4).equals(Buffer.from("}\n]\n")));
	});

	it("to the same new file with overwrite: false succeed exactly once", async (test) => {
		const directory = temporaryDirectory(test);
		const out = path.join(directory, "out");
		const outcomes = await Promise.allSettled(
			Array.from({ length: 5 }, () => exportTelemetry(sample, "allTime", "json", out, { overwrite: false })),
		);
		const lost = outcomes.filter((outcome) => outcome.status === "rejected");
		assert.equal(lost.length, 4);
		assert.ok(lost.every(({ reason }) => reason.code === "ERR_OUTPUT" && reason.osCode === "EEXIST"));
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
		assert.deepEqual(readdirSync(directory), ["out"]);
	});
});
