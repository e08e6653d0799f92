import { Module } from "node:module";
import * as path from "node:path";
import { vi } from "vitest";

const addon = "coder-telemetry-export";
const addonFront = path.join(import.meta.dirname, "../../../index.js");
const { require: requireModule } = Module.prototype;

/**
 * Lets `require` of the addon find it, as it does in the bundle. Vitest maps imports only.
 *
 * @param load What happens where it is required; by default it loads.
 * @returns how often it was required so far
 */
export function provideAddon(load?: () => unknown): () => number {
	let count = 0;
	vi.spyOn(Module.prototype, "require").mockImplementation(function (this: Module, id: string) {
		if (id !== addon) {
			return requireModule.call(this, id);
		}
		count += 1;
		return load === undefined ? requireModule.call(this, addonFront) : load();
	});
	return () => count;
}
