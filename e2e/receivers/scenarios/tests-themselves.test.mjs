/** The other scenarios can fail, and their telemetry is as described. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { readStoredEvents } from "../../../scripts/testing/stored-events.mjs";
import { assertSameEntries, withoutLabels } from "../expected/differences.mjs";
import { increase, metricsInPrometheus } from "../expected/prometheus-metrics.mjs";
import { seriesKey } from "../expected/stored-telemetry.mjs";
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
		// Generated sessions begin with a short silence.
		for (let moment = first + 5 * minuteMs; moment < last - 5 * minuteMs; moment += minuteMs) {
			running.push(sessions.filter(({ start, end }) => start <= moment && moment <= end).length);
		}
		assert.equal(Math.min(...running), 3);
		assert.equal(Math.max(...running), 8);
	});
});

describe("the increase of a running total", () => {
	it("is the sum of its differences, and of the next value after a reset", () => {
		assert.equal(increase(samples([0, 1, 4, 4, 9])), 9);
		assert.equal(increase(samples([5, 2, 3, 0, 7])), 2 + 1 + 7);
		assert.equal(increase(samples([5])), 0);
		assert.equal(increase(samples([])), 0);
	});

	it("misses the first count if there is no zero before it", () => {
		const labels = { __name__: "http_requests_count_2xx_total" };
		/** @param {number[]} values */
		const total = (values) => {
			const { counters } = metricsInPrometheus([{ labels, samples: samples(values) }], "cumulative");
			return [...counters.values()].map((counter) => counter.total);
		};
		assert.deepEqual(total([0, 5, 7]), [7]);
		assert.deepEqual(total([5, 7]), [2]);
	});
});

describe("a comparison", () => {
	const expected = new Map([["series", { total: 3, rows: 2 }]]);

	it("accepts the same entries", () => {
		assertSameEntries(new Map([["series", { rows: 2, total: 3 + 1e-12 }]]), expected);
	});

	for (const [what, actual] of /** @type {const} */ ([
		["a number that differs", new Map([["series", { total: 2, rows: 2 }]])],
		["a member that is missing", new Map([["series", { total: 3 }]])],
		["an entry that is missing", new Map()],
		["an entry too many", new Map([...expected, ["other", { total: 0, rows: 0 }]])],
	])) {
		it(`rejects ${what}`, () => {
			assert.throws(() => assertSameEntries(new Map(actual), expected), /1 of 1 differ/);
		});
	}

	it("rejects empty maps", () => {
		assert.throws(() => assertSameEntries(new Map(), new Map()), /something to compare/);
	});
});

describe("a comparison without labels", () => {
	/** @param {[name: string, session: string, total: number][]} series */
	const counters = (series) => {
		const entries = series.map(
			([name, instance, total]) =>
				/** @type {const} */ ([seriesKey({ __name__: name, instance }), { total, rows: 1 }]),
		);
		return withoutLabels(new Map(entries));
	};
	const expected = counters([
		["a", "s", 1],
		["a", "t", 2],
		["b", "s", 2],
	]);

	it("accepts other labels, in another order", () => {
		const actual = counters([
			["a", "session-1", 2],
			["b", "session-1", 2],
			["a", "session-2", 1],
		]);
		assertSameEntries(actual, expected);
	});

	for (const [what, series] of /** @type {[string, [string, string, number][]][]} */ ([
		[
			"series that became one",
			[
				["a", "session-1", 3],
				["b", "session-2", 2],
			],
		],
		[
			"a series that became two",
			[
				["a", "session-1", 1],
				["a", "session-2", 1],
				["a", "session-3", 1],
				["b", "session-2", 2],
			],
		],
		[
			"another sum",
			[
				["a", "session-1", 1],
				["a", "session-2", 3],
				["b", "session-2", 2],
			],
		],
	])) {
		it(`rejects ${what}`, () => {
			assert.throws(() => assertSameEntries(counters(series), expected), /differ/);
		});
	}
});
