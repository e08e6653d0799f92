import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { loadExporter } from "../../../src/export/exporter.js";

describe("the exporter", () => {
	it("is the addon, where that loads", () => {
		expect(loadExporter(() => addon)).toBe(addon);
	});

	it("names the platform and the way out where the addon does not load, and why it does not", () => {
		const cause = new Error("wrong ELF class");
		const load = () =>
			loadExporter(() => {
				throw cause;
			});
		expect(load).toThrow(
			expect.objectContaining({
				message:
					`The native exporter does not load on ${process.platform}-${process.arch}. ` +
					"This copy of the extension was probably made for another platform: " +
					"install the one for this machine.",
				cause,
			}),
		);
	});
});
