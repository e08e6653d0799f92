/** Measurements: a number for each case and round. */

/** Cases are compared round by round, because a disturbance of the machine affects all cases of a round. */
export class Samples {
	/** @type {Map<string, Map<number, number>>} */
	#byCase = new Map();

	/**
	 * @param {string} name of the case
	 * @param {number} round
	 * @param {number | undefined} value `undefined` if it could not be measured
	 */
	add(name, round, value) {
		if (value === undefined) {
			return;
		}
		const rounds = this.#byCase.get(name) ?? new Map();
		rounds.set(round, value);
		this.#byCase.set(name, rounds);
	}

	/** @param {string} name */
	count(name) {
		return this.#byCase.get(name)?.size ?? 0;
	}

	/**
	 * @param {string} name
	 * @returns {number | undefined} `undefined` without samples
	 */
	median(name) {
		return median([...(this.#byCase.get(name)?.values() ?? [])]);
	}

	/**
	 * @param {string} name
	 * @param {string} base
	 * @param {number} [floor] subtracted from both values first
	 * @returns {number | undefined} the median quotient of the rounds that have both cases
	 */
	ratio(name, base, floor = 0) {
		const bases = this.#byCase.get(base);
		const quotients = [];
		for (const [round, value] of this.#byCase.get(name) ?? []) {
			const divisor = bases?.get(round);
			if (divisor !== undefined) {
				quotients.push((value - floor) / (divisor - floor));
			}
		}
		return median(quotients);
	}

	/**
	 * @param {string} name
	 * @param {string} base
	 * @returns {number | undefined} the quotient of the two medians; `undefined` if one is missing
	 */
	ratioOfMedians(name, base) {
		const [value, divisor] = [this.median(name), this.median(base)];
		return value === undefined || divisor === undefined ? undefined : value / divisor;
	}
}

/**
 * @param {number[]} values
 * @returns {number | undefined} `undefined` without values
 */
export function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle];
	return sorted.length % 2 === 1 || upper === undefined ? upper : (upper + Number(sorted[middle - 1])) / 2;
}
