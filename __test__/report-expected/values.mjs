/** Expected values of cells, and their precision. */

/**
 * @typedef {{ kind: "exact", number: bigint }} Exact a count, or nanoseconds
 * @typedef {{ kind: "rounded", number: number }} Rounded a sum of floats, whose last digits depend on the order
 * @typedef {{ kind: "near", number: number }} Near a percentile of many values
 * @typedef {{ kind: "same", number: number }} Same a percentile of few values
 * @typedef {{ kind: "time", time: string }} Time
 * @typedef {{ kind: "text", text: string }} Text the whole text of the input
 * @typedef {{ kind: "list", texts: string[] }} List texts of the input
 * @typedef {{ name: string, events: bigint }} NameWithEvents
 * @typedef {{ kind: "names", names: NameWithEvents[], otherEvents: bigint }} Names of events
 * @typedef {{ kind: "picture" }} Picture a drawing without text
 * @typedef {{ kind: "empty" }} Empty
 * @typedef {Exact | Rounded | Near | Same | Time | Text | List | Names | Picture | Empty} ExpectedCell
 *
 * @typedef {Record<string, ExpectedCell>} ExpectedRow by column title
 *
 * @typedef {object} ExpectedGroup
 * @property {string} [name] missing in tables without groups, and in the group for everything else
 * @property {bigint} [events] shown beside the name
 * @property {ExpectedRow[]} rows
 * @property {ExpectedRow} [other] known cells of the row for the rest
 *
 * @typedef {object} ExpectedTable
 * @property {string} id
 * @property {string} [caption] if it has information that no cell has
 * @property {string[]} titles
 * @property {ExpectedGroup[]} groups
 * @property {bigint} [more] number of rows that are never shown
 */

/** Up to so many values, percentiles are exact. */
const exactAtMost = 1_000;
/** With fewer values, there is no 99th percentile. */
const fewestFor99th = 20;
/** Largest relative error of a percentile of more values, as stated on the page, plus half a millionth for rounding. */
export const percentileError = 0.0075 * (1 + 5e-7);
/** A larger value counts as this one. */
const largest = 2e19;

/** @type {Empty} */
export const empty = { kind: "empty" };

/**
 * @param {bigint | number} number a whole one
 * @returns {Exact}
 */
export function exact(number) {
	return { kind: "exact", number: BigInt(number) };
}

/**
 * @param {string} text
 * @returns {Text | Empty}
 */
export function text(text) {
	return text === "" ? empty : { kind: "text", text };
}

/**
 * @param {string} time
 * @returns {Time}
 */
export function time(time) {
	return { kind: "time", time };
}

/**
 * Returns the values of rank ⌈percent / 100 · n⌉, counted from 1.
 *
 * @param {ArrayLike<number>} values
 * @param {number[]} percents
 * @returns {(Near | Same | Empty)[]}
 */
export function percentiles(values, percents) {
	const sorted = Float64Array.from(values, (value) => Math.min(Math.max(value, 0), largest)).sort();
	const kind = sorted.length > exactAtMost ? "near" : "same";
	return percents.map((percent) => {
		// The first index at which at least so many percent of the values are reached.
		const number = sorted.find((_, index) => 100 * (index + 1) >= percent * sorted.length);
		const isMissing = number === undefined || (percent === 99 && sorted.length < fewestFor99th);
		return isMissing ? empty : { kind, number };
	});
}
