import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry, resolveRange } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { onWindows } from "../scripts/testing/windows.mjs";
import { askChild } from "./child-process.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");

describe("members of objects", () => {
	it("in results and errors are defined even if prototypes are frozen or have setters", async (test) => {
		const out = path.join(temporaryDirectory(test), "out");
		const job = { directory: sample, out };
		const { results, reports } = await askChild("hostile-prototypes.mjs", job);
		const [summary, files, range, aborted, output, wrongRange, thrownRange, thrownFormat] = results;
		const membersOf = (/** @type {any} */ { members }) => Object.fromEntries(members);
		assert.equal(membersOf(summary).eventCount, 396);
		assert.equal(summary.members.length, 19);
		assert.ok(summary.members.every((/** @type {any[]} */ [, , enumerable]) => enumerable));
		assert.deepEqual(membersOf(files), { 0: "object", 1: "object", length: 2 });
		assert.deepEqual(
			range.members.map((/** @type {string[]} */ [name]) => name),
			["startMs", "endMs", "label", "filenamePart"],
		);
		assert.deepEqual(reports.at(-1), ["phase", "bytesDone", "bytesTotal", "events"]);

		assert.equal(membersOf(aborted).name, "AbortError");
		assert.equal(membersOf(aborted).code, "ABORT_ERR");
		assert.equal(membersOf(aborted).cause, "why");
		assert.equal(membersOf(output).code, "ERR_OUTPUT");
		// Below a file, Windows finds nothing.
		assert.equal(membersOf(output).osCode, onWindows ? "ENOENT" : "ENOTDIR");
		assert.ok(membersOf(output).path.endsWith(path.join("in", "a", "file")));
		assert.equal(membersOf(wrongRange).code, "ERR_INVALID_RANGE");
		assert.equal(membersOf(thrownRange).code, "ERR_INVALID_RANGE");
		assert.equal(membersOf(thrownFormat).code, "ERR_INVALID_ARG");
		for (const error of [aborted, output, wrongRange, thrownRange, thrownFormat]) {
			assert.equal(error.isError, true);
			for (const [name, , enumerable] of error.members) {
				assert.equal(enumerable, ["code", "path", "osCode"].includes(name), name);
			}
		}
	});

	it("in arguments may have a getter that throws: a synchronous function throws the same value", () => {
		for (const thrown of [new Error("own"), "text", undefined, { own: "object" }]) {
			let caught;
			try {
				resolveRange({
					/** @returns {number} */
					get startMs() {
						throw thrown;
					},
				});
				assert.fail("it returned");
			} catch (error) {
				caught = error;
			}
			assert.equal(caught, thrown);
		}
	});

	it("in a signal may throw: an export rejects with the value that addEventListener threw, and leaves no listener", async (test) => {
		const out = path.join(temporaryDirectory(test), "out");
		writeFileSync(out, "before");
		const thrown = { own: "object" };
		let listeners = 0;
		const signal = {
			aborted: false,
			addEventListener() {
				listeners += 1;
				throw thrown;
			},
			removeEventListener() {
				listeners -= 1;
			},
		};
		const promise = exportTelemetry(sample, "allTime", "json", out, { signal: /** @type {any} */ (signal) });
		await assert.rejects(promise, (error) => error === thrown);
		assert.equal(listeners, 0);
	});
});
