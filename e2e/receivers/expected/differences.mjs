/** Assertions about what is too much to be shown whole where it differs. */

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** How many of the differences a message tells. */
const shown = 5;

/** Sums of many doubles differ in their last digits with the order of adding. */
const tolerance = 1e-9;

/**
 * Holds one map to another. Numbers in their values may differ by what adding in another order does.
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
