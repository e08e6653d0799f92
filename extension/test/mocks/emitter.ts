import type * as vscode from "vscode";

/** An event and the one who fires it. */
export class Emitter<Value> {
	readonly #listeners = new Set<(value: Value) => unknown>();

	readonly event: vscode.Event<Value> = (listener) => {
		this.#listeners.add(listener);
		return { dispose: () => this.#listeners.delete(listener) };
	};

	fire(value: Value): void {
		for (const listener of [...this.#listeners]) {
			listener(value);
		}
	}

	get isHeard(): boolean {
		return this.#listeners.size > 0;
	}
}
