import { describe, expect, it } from "vitest";
import { redactionLevels } from "../../../src/export/redaction.js";
import { settingIds } from "../../../src/settings.js";
import { contributedSettings } from "../../mocks/manifest.js";

describe("the redaction levels", () => {
	it("are the choices of the setting, besides asking", () => {
		const levels = redactionLevels.map(({ level }) => level);
		expect(contributedSettings()[settingIds.redact]?.enum).toEqual(["ask", ...levels]);
	});

	it.each(redactionLevels)("describe $level in one line, and promise nothing", ({ label, detail }) => {
		// A longer line is cut.
		expect(detail.length).toBeLessThanOrEqual(75);
		expect(`${label} ${detail}`).not.toMatch(/\b(safe|clean|anonym)/i);
	});
});
