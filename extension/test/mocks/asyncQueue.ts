/** A queue whose reader can wait for the next value. */
export class AsyncQueue<Value> {
	readonly #values: Value[] = [];
	readonly #waiting: ((value: Value) => void)[] = [];

	push(value: Value): void {
		const resolve = this.#waiting.shift();
		if (resolve === undefined) {
			this.#values.push(value);
		} else {
			resolve(value);
		}
	}

	/** Takes the next value, and waits for it if there is none. */
	next(): Promise<Value> {
		const value = this.#values.shift();
		return value === undefined
			? new Promise((resolve) => {
					this.#waiting.push(resolve);
				})
			: Promise.resolve(value);
	}

	/** The number of values that have not been taken. */
	get size(): number {
		return this.#values.length;
	}
}
