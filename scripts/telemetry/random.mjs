/** Random numbers that depend only on the seed, not on the machine. */

/** The four hexadecimal digits of every 16-bit number, to make ids quickly. */
const hexQuads = Array.from({ length: 0x10000 }, (_, number) => number.toString(16).padStart(4, "0"));

/**
 * A small fast generator (sfc32). It uses only 32-bit integers and exact floating-point operations, so a seed gives the
 * same telemetry on every version of Node.
 */
export class Random {
	#a;
	#b;
	#c;
	#counter = 1;

	/**
	 * @param {number} seed any 32-bit integer
	 * @param {number} [stream] selects one of several independent sequences of a seed
	 */
	constructor(seed, stream = 0) {
		this.#a = seed | 0;
		this.#b = stream | 0;
		this.#c = 0x9e3779b9 | 0;
		// The initial state has few bits set, so the first draws are not random enough.
		for (let draw = 0; draw < 15; draw++) {
			this.bits();
		}
	}

	/** @returns {number} a whole number from 0 up to 2³² */
	bits() {
		const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
		this.#counter = (this.#counter + 1) | 0;
		this.#a = this.#b ^ (this.#b >>> 9);
		this.#b = (this.#c + (this.#c << 3)) | 0;
		this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
		return result >>> 0;
	}

	/** @returns {number} a fraction, at least 0 and less than 1 */
	fraction() {
		return this.bits() / 2 ** 32;
	}

	/**
	 * @param {number} probability
	 * @returns {boolean} true with this probability
	 */
	chance(probability) {
		return this.fraction() < probability;
	}

	/**
	 * @param {number} least
	 * @param {number} most
	 * @returns {number} a whole number, both ends included
	 */
	integer(least, most) {
		return least + Math.floor(this.fraction() * (most - least + 1));
	}

	/**
	 * A positive number around a typical value, with the long tail that durations and transfer rates have.
	 *
	 * @param {number} typical
	 * @returns {number}
	 */
	around(typical) {
		const tail = this.fraction();
		return typical * (0.3 + this.fraction() + 5 * tail * tail * tail * tail);
	}

	/**
	 * @template T
	 * @param {readonly T[]} values at least one
	 * @returns {T}
	 */
	pick(values) {
		return /** @type {T} */ (values[this.integer(0, values.length - 1)]);
	}

	/**
	 * @template T
	 * @param {readonly T[]} values
	 * @returns {T[]} the same values in another order
	 */
	shuffle(values) {
		const shuffled = [...values];
		for (let last = shuffled.length - 1; last > 0; last--) {
			const other = this.integer(0, last);
			[shuffled[last], shuffled[other]] = [
				/** @type {T} */ (shuffled[other]),
				/** @type {T} */ (shuffled[last]),
			];
		}
		return shuffled;
	}

	/**
	 * @param {8 | 16 | 32 | 64} digits
	 * @returns {string} an id of that many hexadecimal digits
	 */
	hex(digits) {
		let text = "";
		for (let length = 0; length < digits; length += 8) {
			const bits = this.bits();
			text += /** @type {string} */ (hexQuads[bits >>> 16]) + hexQuads[bits & 0xffff];
		}
		return text;
	}
}
