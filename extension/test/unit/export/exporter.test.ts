import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { loadExporter } from "../../../src/export/exporter.js";

describe("the exporter", () => {
	it("is the addon, where that loads", () => {
		expect(loadExporter(() => addon)).toBe(addon);
	});

	it("says where and why the addon does not load, and the way out", () => {
		const cause = new Error("no binary", { cause: new Error("wrong ELF class") });
		const load = () =>
			loadExporter(() => {
				throw cause;
			});
		expect(load).toThrow(
			expect.objectContaining({
				message:
					`The native exporter does not load on ${process.platform}-${process.arch}: wrong ELF class. ` +
					"Install the package of this extension that is made for this machine's platform.",
				cause,
			}),
		);
	});
});
