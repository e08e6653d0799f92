import type * as vscode from "vscode";

/** A double of `vscode.EventEmitter`. */
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

	get hasListeners(): boolean {
		return this.#listeners.size > 0;
	}
}
