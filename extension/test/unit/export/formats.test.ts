import { resolveRange, suggestedFileName } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { formats } from "../../../src/export/formats.js";
import { redactionLevels } from "../../../src/export/redaction.js";

describe("the formats", () => {
	it.each(formats)(
		"have the extension that the exporter suggests for $format",
		({ format, fileExtension }) => {
			for (const { level } of redactionLevels) {
				const fileName = suggestedFileName(resolveRange("allTime"), format, level);
				expect(fileName.split(".").at(-1)).toBe(fileExtension);
			}
		},
	);
});
