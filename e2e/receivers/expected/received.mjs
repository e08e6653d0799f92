/** Holds what a Collector wrote to the requests that it was sent. */

import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { Random } from "../../../scripts/telemetry/random.mjs";
import { recordsOf } from "../../../scripts/testing/otlp-export.mjs";

/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Part} Part */
/** @typedef {import("../../../scripts/testing/otlp-export.mjs").Signal} Signal */

/**
 * Counts the records of a signal, and compares some of them field by field, each with its resource and scope. A
 * Collector without a batcher writes a line for each request with a record in it, in the order in which they came.
 *
 * @param {object} plan
 * @param {Signal} plan.signal
 * @param {Part[]} plan.parts those that were sent
 * @param {string} plan.received the folder that the Collector wrote into
 * @param {number} plan.compared how many records are compared: that many at random, or all if there are fewer
 * @returns {Promise<{ records: number, compared: number }>} how many records it wrote
 */
export async function compareReceived({ signal, parts, received, compared }) {
	const sent = parts.filter((part) => part.signal === signal && part.records > 0);
	const total = sent.reduce((sum, { records }) => sum + records, 0);
	const chosen = chooseIndexes(total, compared);
	const lines = linesOf(path.join(received, `${signal}.jsonl`));
	let index = 0;
	for (const part of sent) {
		const { value: line = "{}" } = await lines.next();
		const ours = [...recordsOf(signal, JSON.parse(part.content().toString("utf8")))];
		const theirs = [...recordsOf(signal, JSON.parse(line))];
		assert.equal(theirs.length, ours.length, `records of ${part.file}`);
		for (const [position, record] of ours.entries()) {
			if (chosen.has(index)) {
				const where = `${part.file}, record ${position}`;
				assert.deepEqual(withoutDefaults(theirs[position]), withoutDefaults(record), where);
			}
			index += 1;
		}
	}
	assert.equal((await lines.next()).done, true, `${signal}: no further records`);
	return { records: index, compared: chosen.size };
}

/**
 * @param {number} total
 * @param {number} count
 * @returns {Set<number>} of the numbers below `total`
 */
function chooseIndexes(total, count) {
	if (total <= count) {
		return new Set(Array(total).keys());
	}
	const random = new Random(total);
	const chosen = new Set();
	while (chosen.size < count) {
		chosen.add(random.integer(0, total - 1));
	}
	return chosen;
}

/**
 * In OTLP an empty text and the time 0 mean the same as none, save in a value that may be one of several types.
 *
 * @param {any} value
 * @returns {any}
 */
function withoutDefaults(value) {
	if (Array.isArray(value)) {
		return value.map(withoutDefaults);
	}
	if (typeof value !== "object" || value === null) {
		return value;
	}
	const members = Object.entries(value).filter(([key, member]) => {
		return key === "stringValue" || member !== (key.endsWith("UnixNano") ? "0" : "");
	});
	return Object.fromEntries(members.map(([key, member]) => [key, withoutDefaults(member)]));
}

/**
 * @param {string} file
 * @returns {AsyncGenerator<string, void>} its lines
 */
export async function* linesOf(file) {
	yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
