/**
 * Exports are unpacked into a folder that the Collector watches: every part must come out as one record whose body is the
 * file's line. With the decoder, which the other scenarios try by POST, that is all that `otlp_json_file` does.
 */

import assert from "node:assert/strict";
import {
	appendFileSync,
	closeSync,
	fstatSync,
	mkdirSync,
	openSync,
	readSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { recordsOf, signals } from "../../../scripts/testing/otlp-export.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { until } from "../../../scripts/testing/waiting.mjs";
import { Collector } from "../collector/collector.mjs";
import { makeExport } from "../delivery.mjs";
import { linesOf } from "../expected/received.mjs";
import { partSizes, telemetrySets } from "../telemetry/sets.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Part} Part */
/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Signal} Signal */

/** Much longer than a receiver that is left to its default waits for the end of a line. */
const pauseMs = 2000;

/** Much longer than reading 100 MB takes on two busy cores. */
const readTimeoutMs = 180_000;

const scratch = path.join(scratchFolder(), "watched-folder");
mkdirSync(scratch);

for (const [index, set] of telemetrySets.entries()) {
	for (const { size, maxRequestBytes } of partSizes) {
		describe(`${set.name}, parts of ${size}, dropped into a folder`, () => {
			const folder = path.join(scratch, `${index}-${maxRequestBytes ?? "default"}`);
			/** @type {Part[]} */
			let parts;

			before(async () => {
				({ parts } = await makeExport({ directory: set.directory(scratch), folder, maxRequestBytes }));
			});

			for (const hasDefaultFingerprint of [false, true]) {
				const told = hasDefaultFingerprint ? "by their first 1,000 bytes" : "as configured";
				it(`comes out as the lines of its files, told apart ${told}`, async () => {
					const collectorFolder = path.join(folder, hasDefaultFingerprint ? "default" : "configured");
					const collector = await Collector.start({ folder: collectorFolder, hasDefaultFingerprint });
					try {
						for (const { file, content } of parts) {
							writeFileSync(path.join(collector.watched, file), content());
						}
						await untilRead(collector, parts);
						await collector.end();
						await assertAllRead(collector, parts);
					} finally {
						collector.kill();
						rmSync(collectorFolder, { recursive: true, maxRetries: 10, retryDelay: 100 });
					}
				});
			}
		});
	}
}

describe("a part that is copied slowly", () => {
	it("comes out whole", async () => {
		const folder = path.join(scratch, "slowly");
		const [set] = telemetrySets;
		assert.ok(set !== undefined);
		const { parts } = await makeExport({ directory: set.directory(scratch), folder });
		const part = parts.find(({ signal }) => signal === "traces");
		assert.ok(part !== undefined);
		const content = part.content();
		const collector = await Collector.start({ folder });
		try {
			const file = path.join(collector.watched, part.file);
			writeFileSync(file, content.subarray(0, content.length / 2));
			await sleep(pauseMs);
			appendFileSync(file, content.subarray(content.length / 2));
			await untilRead(collector, [part]);
			await collector.end();
			const lines = [];
			for await (const line of watchedLines(collector, "traces")) {
				lines.push(line);
			}
			assert.deepEqual(lines, [content.toString("utf8").trimEnd()]);
		} finally {
			collector.kill();
		}
	});
});

/**
 * @param {Collector} collector
 * @param {Part[]} parts
 */
async function assertAllRead(collector, parts) {
	for (const signal of signals) {
		const sent = parts.filter((part) => part.signal === signal);
		assert.ok(sent.length > 0);
		let position = 0;
		for await (const line of watchedLines(collector, signal)) {
			const part = sent[position];
			assert.ok(
				part?.content().equals(Buffer.from(`${line}\n`)),
				`${part?.file} is ${signal} line ${position}`,
			);
			position += 1;
		}
		assert.equal(position, sent.length, signal);
	}
}

/**
 * Waits until the last part of each signal has come out.
 *
 * @param {Collector} collector
 * @param {Part[]} parts
 */
async function untilRead(collector, parts) {
	for (const signal of signals) {
		const last = parts.findLast((part) => part.signal === signal);
		// Each record names its file at its end.
		await until(
			`${last?.file} to be read`,
			() => last === undefined || endOf(watchedFile(collector, signal)).includes(`"${last.file}"`),
			readTimeoutMs,
		);
	}
}

/**
 * @param {string} file
 * @returns {string} its last 200 bytes
 */
function endOf(file) {
	const descriptor = openSync(file, "r");
	try {
		const { size } = fstatSync(descriptor);
		const end = Buffer.alloc(Math.min(size, 200));
		readSync(descriptor, end, 0, end.length, size - end.length);
		return end.toString("utf8");
	} finally {
		closeSync(descriptor);
	}
}

/**
 * @param {Collector} collector
 * @param {Signal} signal
 * @returns {AsyncGenerator<string, void>} the body of each record
 */
async function* watchedLines(collector, signal) {
	for await (const line of linesOf(watchedFile(collector, signal))) {
		for (const { record } of recordsOf("logs", JSON.parse(line))) {
			yield record.body.stringValue;
		}
	}
}

/**
 * @param {Collector} collector
 * @param {Signal} signal
 */
function watchedFile(collector, signal) {
	return path.join(collector.received, `watched-${signal}.jsonl`);
}
