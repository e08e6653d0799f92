import { Module } from "node:module";
import * as path from "node:path";
import { vi } from "vitest";

const addon = "coder-telemetry-export";
const addonEntry = path.join(import.meta.dirname, "../../../index.js");
const { require: requireModule } = Module.prototype;

/**
 * Makes `require` find the addon, as in the bundle. Vitest maps imports only.
 *
 * @param load Replaces the loading of the addon.
 * @returns a function that returns how often the addon was required
 */
export function provideAddon(load?: () => unknown): () => number {
	let count = 0;
	vi.spyOn(Module.prototype, "require").mockImplementation(function (this: Module, id: string) {
		if (id !== addon) {
			return requireModule.call(this, id);
		}
		count += 1;
		return load === undefined ? requireModule.call(this, addonEntry) : load();
	});
	return () => count;
}
