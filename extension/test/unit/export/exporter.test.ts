import * as addon from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { loadExporter } from "../../../src/export/exporter.js";

describe("the exporter", () => {
	it("is the addon", () => {
		expect(loadExporter(() => addon)).toBe(addon);
	});

	it("has the remedy of the addon in its error", () => {
		const system = "Cannot load native addon because loading addons is disabled.";
		const cause = Object.assign(new Error("it does not load", { cause: new Error(system) }), {
			remedy: "Start Node without --no-addons",
		});
		const load = () =>
			loadExporter(() => {
				throw cause;
			});
		expect(load).toThrow(
			`The native exporter does not load on ${process.platform}-${process.arch}: ` +
				"Cannot load native addon because loading addons is disabled. Start Node without --no-addons.",
		);
	});

	it("has only the first line of the system's message, whichever line end follows", () => {
		const path = "C:\\extension\\dist\\native\\coder-telemetry-export.win32-x64-msvc.node";
		for (const lineEnd of ["\n", "\r\n"]) {
			const load = () =>
				loadExporter(() => {
					throw new Error(`The specified module could not be found.${lineEnd}\\\\?\\${path}`);
				});
			expect(load).toThrow(/: The specified module could not be found\. Install the package/);
		}
	});

	it("names the platform, the cause and a remedy if the addon does not load", () => {
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
