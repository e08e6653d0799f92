import { describe, expect, it } from "vitest";
import { readSettings, SettingError, settingIds } from "../../src/settings.js";
import { contributedSettings } from "../mocks/manifest.js";

type SettingKey = keyof typeof settingIds;

/** Reads the settings if only one has a value. */
function readOne(key: SettingKey, value: unknown) {
	return readSettings(new Map([[settingIds[key], value]]));
}

describe("settings without values", () => {
	it("use the defaults", () => {
		expect(readSettings(new Map())).toEqual({
			directory: undefined,
			temporality: undefined,
			spanName: undefined,
			maxRequestBytes: undefined,
			graceDays: undefined,
		});
	});
});

describe("valid values", () => {
	it.each([
		{ key: "directory", value: " ~/telemetry ", read: { directory: "~/telemetry" } },
		{ key: "directory", value: "", read: { directory: undefined } },
		{ key: "directory", value: "  ", read: { directory: undefined } },
		{ key: "temporality", value: "delta", read: { temporality: "delta" } },
		{ key: "temporality", value: "cumulative", read: { temporality: "cumulative" } },
		{ key: "spanName", value: "leaf", read: { spanName: "leaf" } },
		{ key: "spanName", value: "full", read: { spanName: "full" } },
		{ key: "maxRequestSize", value: "3.5MB", read: { maxRequestBytes: 3_500_000 } },
		{ key: "maxRequestSize", value: " 900 kB ", read: { maxRequestBytes: 900_000 } },
		{ key: "maxRequestSize", value: "64KiB", read: { maxRequestBytes: 65_536 } },
		{ key: "maxRequestSize", value: "64MiB", read: { maxRequestBytes: 67_108_864 } },
		{ key: "graceDays", value: 0, read: { graceDays: 0 } },
		{ key: "graceDays", value: 7, read: { graceDays: 7 } },
	] satisfies { key: SettingKey; value: unknown; read: object }[])(
		"$key may be $value",
		({ key, value, read }) => {
			expect(readOne(key, value)).toMatchObject(read);
		},
	);
});

const sizes = 'a size from 64KiB to 64MiB, such as "3.5MB" or "900kB"';
const days = "a whole number from 0 to 7";

describe("invalid values", () => {
	it.each([
		{ key: "directory", value: 7, expectation: "a path" },
		{ key: "directory", value: null, expectation: "a path" },
		{ key: "temporality", value: "Delta", expectation: '"delta" or "cumulative"' },
		{ key: "temporality", value: true, expectation: '"delta" or "cumulative"' },
		{ key: "spanName", value: "", expectation: '"leaf" or "full"' },
		{ key: "maxRequestSize", value: "3.5 miles", expectation: sizes },
		{ key: "maxRequestSize", value: "65535", expectation: sizes },
		{ key: "maxRequestSize", value: "67108865", expectation: sizes },
		{ key: "maxRequestSize", value: 3_500_000, expectation: sizes },
		{ key: "graceDays", value: -1, expectation: days },
		{ key: "graceDays", value: 8, expectation: days },
		{ key: "graceDays", value: 1.5, expectation: days },
		{ key: "graceDays", value: "1", expectation: days },
	] satisfies { key: SettingKey; value: unknown; expectation: string }[])(
		"$key may not be $value, and the message says what it may be",
		({ key, value, expectation }) => {
			const setting = settingIds[key];
			const error = catchError(() => readOne(key, value));
			expect(error).toBeInstanceOf(SettingError);
			expect(error).toMatchObject({
				name: "SettingError",
				setting,
				message: `The setting ${setting} must be ${expectation}; it is ${JSON.stringify(value)}.`,
			});
		},
	);
});

function catchError(action: () => unknown): unknown {
	try {
		return action();
	} catch (error) {
		return error;
	}
}

describe("package.json", () => {
	const settings = contributedSettings();

	it("contributes the settings that are read, and no others", () => {
		expect(Object.keys(settings).sort()).toEqual(Object.values(settingIds).sort());
	});

	it("describes each of them, and gives each a scope that a workspace cannot set", () => {
		for (const [id, { markdownDescription, scope }] of Object.entries(settings)) {
			expect(markdownDescription, id).toMatch(/\S.*\.$/s);
			expect(["application", "machine"], id).toContain(scope);
		}
	});

	it("gives the directory the scope machine, because a path is for one machine", () => {
		expect(settings[settingIds.directory]?.scope).toBe("machine");
	});

	it("describes each choice of a setting that has choices", () => {
		const choices = Object.values(settings).filter((setting) => setting.enum !== undefined);
		expect(choices).toHaveLength(2);
		for (const setting of choices) {
			expect(setting.markdownEnumDescriptions).toHaveLength(setting.enum?.length ?? 0);
		}
	});

	it("offers only valid choices", () => {
		for (const [id, setting] of Object.entries(settings)) {
			for (const choice of setting.enum ?? []) {
				expect(() => readSettings(new Map([[id, choice]]))).not.toThrow();
			}
		}
	});

	it("has valid defaults that equal those of the exporter", () => {
		const defaults = new Map(Object.entries(settings).map(([id, setting]) => [id, setting.default]));
		expect(readSettings(defaults)).toEqual({
			directory: undefined,
			temporality: "delta",
			spanName: "leaf",
			maxRequestBytes: 3_500_000,
			graceDays: 0,
		});
	});

	it("allows the valid grace days", () => {
		expect(settings[settingIds.graceDays]).toMatchObject({ type: "integer", minimum: 0, maximum: 7 });
	});

	it.each([
		{ size: "3.5MB", isGood: true },
		{ size: " 900 kb ", isGood: true },
		{ size: "1048576", isGood: true },
		{ size: "1MiB", isGood: true },
		{ size: "3,5MB", isGood: false },
		{ size: "large", isGood: false },
		{ size: "1TB", isGood: false },
	])("validates $size as readSettings() does", ({ size, isGood }) => {
		const pattern = settings[settingIds.maxRequestSize]?.pattern ?? "";
		expect(new RegExp(pattern, "u").test(size)).toBe(isGood);
		expect(catchError(() => readOne("maxRequestSize", size)) instanceof SettingError).toBe(!isGood);
	});
});
