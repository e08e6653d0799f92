import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../scripts/set-up.mjs";
import { askChild } from "./child-process.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
/** Where files are in memory, so that thousands of exports do not wait for a disk. */
const memoryBacked = "/dev/shm";
const warmUp = 500;
/** Node's own heap may gain or lose this many mappings. A leak of one per call would be a thousand. */
const mappingsOfNode = 60;
/** The same for resident memory. A thread that is never joined costs about 25 KiB a call. */
const bytesOfNode = 12 * 2 ** 20;

describe("a process that makes many calls", {
	skip: process.platform !== "linux" && "reads /proc",
	concurrency: 2,
}, () => {
	for (const [kind, calls] of /** @type {const} */ ([
		["export", 2000],
		["otlp", 1000],
		["list", 2000],
		["failed export", 1000],
		["wrong argument", 1000],
		["failed list", 1000],
		["aborted export", 1000],
		["throwing onProgress", 1000],
	])) {
		it(`does not leak after ${calls} calls: ${kind}`, async (test) => {
			const folder = mkdtempSync(path.join(memoryBacked, "coder-telemetry-export-"));
			test.after(() => rmSync(folder, { recursive: true, force: true }));
			const job = { kind, directory: sample, out: path.join(folder, "out"), warmUp, calls };
			const { before, after } = await askChild("repeated-calls.mjs", job, {
				// With several, each keeps some memory of its own for a long time.
				env: { MALLOC_ARENA_MAX: "1" },
				nodeOptions: ["--expose-gc", "--max-semi-space-size=1"],
			});
			test.diagnostic(`${JSON.stringify(before)} → ${JSON.stringify(after)}`);
			assert.equal(after.descriptors, before.descriptors);
			assert.equal(after.threads, before.threads);
			assert.ok(after.maps - before.maps < mappingsOfNode, `${after.maps - before.maps} mappings more`);
			const grown = after.residentBytes - before.residentBytes;
			assert.ok(grown < bytesOfNode, `${grown} bytes more`);
		});
	}
});
