/** That the other scenarios can fail, and are about what they say. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { readStoredEvents } from "../../../scripts/testing/stored-events.mjs";
import { assertSameEntries } from "../expected/differences.mjs";
import { increments, keptMetrics } from "../expected/kept-metrics.mjs";
import { writeOverlapping } from "../telemetry/overlapping.mjs";

/** @param {number[]} values */
function samples(values) {
	return values.map((value, time) => ({ time, value }));
}

describe("the telemetry of sessions that overlap", () => {
	it("has three to eight sessions at any moment", () => {
		const directory = writeOverlapping(path.join(scratchFolder(), "tests-themselves"));
		const times = new Map();
		for (const name of readdirSync(directory)) {
			for (const { timestamp, context } of readStoredEvents(path.join(directory, name))) {
				const time = Date.parse(timestamp);
				const { start, end } = times.get(context.session_id) ?? { start: time, end: time };
				times.set(context.session_id, { start: Math.min(start, time), end: Math.max(end, time) });
			}
		}
		const sessions = [...times.values()];
		const first = Math.min(...sessions.map(({ start }) => start));
		const last = Math.max(...sessions.map(({ end }) => end));
		const running = [];
		const minuteMs = 60_000;
		// Generated sessions begin with a moment of silence.
		for (let moment = first + 5 * minuteMs; moment < last - 5 * minuteMs; moment += minuteMs) {
			running.push(sessions.filter(({ start, end }) => start <= moment && moment <= end).length);
		}
		assert.equal(Math.min(...running), 3);
		assert.equal(Math.max(...running), 8);
	});
});

describe("what a running total has counted since its first sample", () => {
	it("is the sum of its differences, and after a reset all of the next value", () => {
		assert.equal(increments(samples([0, 1, 4, 4, 9])), 9);
		assert.equal(increments(samples([5, 2, 3, 0, 7])), 2 + 1 + 7);
		assert.equal(increments(samples([5])), 0);
		assert.equal(increments(samples([])), 0);
	});

	it("lacks the first count unless a zero stands before it", () => {
		const labels = { __name__: "http_requests_count_2xx_total" };
		/** @param {number[]} values */
		const total = (values) => {
			const { counters } = keptMetrics([{ labels, samples: samples(values) }], "cumulative");
			return [...counters.values()].map((counter) => counter.total);
		};
		assert.deepEqual(total([0, 5, 7]), [7]);
		assert.deepEqual(total([5, 7]), [2]);
	});
});

describe("a comparison", () => {
	const expected = new Map([["series", { total: 3, rows: 2 }]]);

	it("is passed by the same entries", () => {
		assertSameEntries(new Map([["series", { rows: 2, total: 3 + 1e-12 }]]), expected);
	});

	for (const [what, actual] of /** @type {const} */ ([
		["a number that differs", new Map([["series", { total: 2, rows: 2 }]])],
		["a member that is missing", new Map([["series", { total: 3 }]])],
		["an entry that is missing", new Map()],
		["an entry too many", new Map([...expected, ["other", { total: 0, rows: 0 }]])],
	])) {
		it(`is failed by ${what}`, () => {
			assert.throws(() => assertSameEntries(new Map(actual), expected), /1 of 1 differ/);
		});
	}

	it("is failed where there is nothing to compare", () => {
		assert.throws(() => assertSameEntries(new Map(), new Map()), /something to compare/);
	});
});
