/** Compares large maps of numbers, and shows only the first differences. */

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** Number of differences in a message. */
const shown = 5;

/** The last digits of a sum of doubles depend on the order of adding. */
const tolerance = 1e-9;

/**
 * Asserts that two maps have the same entries. Numbers may differ by rounding.
 *
 * @template {Record<string, number>} Value
 * @param {Map<string, Value>} actual
 * @param {Map<string, Value>} expected not empty
 */
export function assertSameEntries(actual, expected) {
	assert.ok(expected.size > 0, "there is something to compare");
	const differences = [];
	for (const key of new Set([...actual.keys(), ...expected.keys()])) {
		const [is, should] = [actual.get(key), expected.get(key)];
		if (is === undefined || should === undefined || !areClose(is, should)) {
			differences.push({ key, is, should });
		}
	}
	const text = JSON.stringify(differences.slice(0, shown), null, 2);
	assert.equal(differences.length, 0, `${differences.length} of ${expected.size} differ, such as ${text}`);
}

/**
 * Replaces the labels of each series, except the metric's name, by a number. The series of a metric are numbered in the
 * order of their values. So two results are the same if each metric has as many series with the same values, whatever
 * their labels say.
 *
 * @template {Record<string, number>} Value
 * @param {Map<string, Value>} series by `seriesKey`
 * @returns {Map<string, Value>}
 */
export function withoutLabels(series) {
	/** @type {Map<string, Value[]>} */
	const metrics = new Map();
	for (const [key, value] of series) {
		const { __name__: name } = Object.fromEntries(JSON.parse(key));
		const values = metrics.get(name) ?? [];
		metrics.set(name, values);
		values.push(value);
	}
	const numbered = Array.from(metrics, ([name, values]) =>
		values.sort(byRowsThenValue).map((value, index) => /** @type {const} */ ([`${name} ${index}`, value])),
	);
	return new Map(numbered.flat());
}

/**
 * Compares the number of rows first, because it is exact.
 *
 * @param {Record<string, number>} left
 * @param {Record<string, number>} right
 */
function byRowsThenValue({ rows: leftRows = 0, ...left }, { rows: rightRows = 0, ...right }) {
	return leftRows - rightRows || (Object.values(left)[0] ?? 0) - (Object.values(right)[0] ?? 0);
}

/**
 * @param {Record<string, number>} is
 * @param {Record<string, number>} should
 */
function areClose(is, should) {
	const names = Object.keys(should);
	return (
		isDeepStrictEqual(Object.keys(is).sort(), names.sort()) &&
		names.every((name) => {
			const [left, right] = [is[name] ?? Number.NaN, should[name] ?? Number.NaN];
			return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
		})
	);
}
