import { resolveRange, suggestedFileName } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { formats } from "../../../src/export/formats.js";

describe("the formats", () => {
	it("are one to read, one for a backend and one to look at, in this order, and say what they are for", () => {
		expect(formats).toMatchObject([
			{ format: "json", label: "JSON array", detail: expect.stringMatching(/^To read, /) },
			{
				format: "otlp",
				label: "OTLP/JSON zip",
				detail: expect.stringMatching(/^For an OpenTelemetry backend/),
			},
			{ format: "html", label: "HTML report", detail: expect.stringMatching(/^To look at in a browser/) },
		]);
	});

	it.each(formats)(
		"have the extension that the exporter suggests for $format",
		({ format, fileExtension }) => {
			const fileName = suggestedFileName(resolveRange("allTime"), format);
			expect(fileName.split(".").at(-1)).toBe(fileExtension);
		},
	);
});
