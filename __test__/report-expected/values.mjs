/** Expected values of cells, and their precision. */

/**
 * @typedef {{ kind: "exact", number: bigint }} Exact a count, or nanoseconds
 * @typedef {{ kind: "rounded", number: number }} Rounded a sum of floats, whose last digits depend on the order
 * @typedef {{ kind: "near", number: number }} Near a percentile
 * @typedef {{ kind: "time", time: string }} Time
 * @typedef {{ kind: "text", text: string }} Text the whole text of the input
 * @typedef {{ kind: "list", texts: string[] }} List texts of the input
 * @typedef {{ kind: "empty" }} Empty
 * @typedef {Exact | Rounded | Near | Time | Text | List | Empty} ExpectedCell
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

/** Largest relative error of a percentile, as stated on the page, plus half a millionth for rounding. */
export const percentileError = 0.0075 * (1 + 5e-7);
/** The sketch does not distinguish larger numbers. */
const largestInSketch = 2e19;

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
 * Returns the values of rank ⌊share · (n − 1)⌋, counted from 0.
 *
 * @param {ArrayLike<number>} values
 * @param {number[]} shares
 * @returns {(Near | Empty)[]}
 */
export function percentiles(values, shares) {
	const sorted = Float64Array.from(values, (value) => Math.min(Math.max(value, 0), largestInSketch)).sort();
	return shares.map((share) => {
		const number = sorted[Math.floor(share * (sorted.length - 1))];
		return number === undefined ? empty : { kind: "near", number };
	});
}
