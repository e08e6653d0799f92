import { resolveRange, suggestedFileName } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { formats } from "../../../src/export/formats.js";

describe("the formats", () => {
	it.each(formats)(
		"have the extension that the exporter suggests for $format",
		({ format, fileExtension }) => {
			const fileName = suggestedFileName(resolveRange("allTime"), format);
			expect(fileName.split(".").at(-1)).toBe(fileExtension);
		},
	);
});
