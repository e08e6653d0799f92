/** Things that come one after another, and tests that wait for the next one. */
export class Arrivals<Value> {
	readonly #arrived: Value[] = [];
	readonly #waiting: ((value: Value) => void)[] = [];

	push(value: Value): void {
		const resolve = this.#waiting.shift();
		if (resolve === undefined) {
			this.#arrived.push(value);
		} else {
			resolve(value);
		}
	}

	/** @returns the next one that nobody has taken yet, once it comes */
	next(): Promise<Value> {
		const value = this.#arrived.shift();
		return value === undefined
			? new Promise((resolve) => {
					this.#waiting.push(resolve);
				})
			: Promise.resolve(value);
	}

	/** How many came that nobody has taken. */
	get left(): number {
		return this.#arrived.length;
	}
}
