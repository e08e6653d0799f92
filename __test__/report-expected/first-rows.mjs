/** Tables with rows in order of first appearance, up to a limit. */

/**
 * @template Row
 */
export class FirstRows {
	#limit;
	#begin;
	/** @type {Map<string, Row>} */
	#rows = new Map();
	/** @type {Row | undefined} */
	other;

	/**
	 * @param {number} limit
	 * @param {(names: string[]) => Row} begin makes a row; the row for the rest has no names
	 */
	constructor(limit, begin) {
		this.#limit = limit;
		this.#begin = begin;
	}

	/**
	 * @param {string[]} names key of the row
	 * @returns {Row}
	 */
	row(...names) {
		const key = JSON.stringify(names);
		const found = this.#rows.get(key);
		if (found !== undefined) {
			return found;
		}
		if (this.#rows.size === this.#limit) {
			this.other ??= this.#begin([]);
			return this.other;
		}
		const row = this.#begin(names);
		this.#rows.set(key, row);
		return row;
	}

	/** @returns {Row[]} in order of first appearance, without the row for the rest */
	get rows() {
		return [...this.#rows.values()];
	}
}

/**
 * Compares numbers for sorting in descending order.
 *
 * @param {bigint} one
 * @param {bigint} other
 */
export function descending(one, other) {
	return one === other ? 0 : one > other ? -1 : 1;
}
