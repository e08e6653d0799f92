/** What a cell of the page has to say, and how exactly. */

/**
 * @typedef {{ kind: "exact", number: bigint }} Exact a count, or nanoseconds
 * @typedef {{ kind: "rounded", number: number }} Rounded a sum of floats: its last digits depend on the order
 * @typedef {{ kind: "near", number: number }} Near a percentile
 * @typedef {{ kind: "time", time: string }} Time
 * @typedef {{ kind: "text", text: string }} Text of the input, as a whole
 * @typedef {{ kind: "list", texts: string[] }} List of the input's texts
 * @typedef {{ kind: "empty" }} Empty
 * @typedef {Exact | Rounded | Near | Time | Text | List | Empty} ExpectedCell
 *
 * @typedef {Record<string, ExpectedCell>} ExpectedRow by column title
 *
 * @typedef {object} ExpectedGroup
 * @property {string} [name] nothing where the table has no groups, and where all that belongs to none stands
 * @property {bigint} [events] beside the name
 * @property {ExpectedRow[]} rows
 * @property {ExpectedRow} [other] what is known of the row for all others
 *
 * @typedef {object} ExpectedTable
 * @property {string} id
 * @property {string} [caption] where it says what else no cell does
 * @property {string[]} titles
 * @property {ExpectedGroup[]} groups
 * @property {bigint} [more] rows that are never shown, whatever the page's size
 */

/** The most that a percentile is off, which the page states; half a millionth of that for its own rounding. */
export const percentileError = 0.0075 * (1 + 5e-7);
/** A sketch tells no larger numbers apart. */
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
 * The values of rank ⌊share · (n − 1)⌋, from 0.
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
