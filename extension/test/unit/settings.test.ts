import * as path from "node:path";
import { exportTelemetry } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { readSettings, SettingError, settingIds } from "../../src/settings.js";
import { contributedSettings } from "../mocks/manifest.js";
import { temporaryFolder } from "../mocks/temporaryFolder.js";

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
			redact: "ask",
			redactFields: undefined,
			keepFields: undefined,
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
		{ key: "redact", value: "ask", read: { redact: "ask" } },
		{ key: "redact", value: "marked", read: { redact: "marked" } },
		{ key: "redact", value: "unknown", read: { redact: "unknown" } },
		{ key: "redact", value: "none", read: { redact: "none" } },
		{ key: "redactFields", value: [], read: { redactFields: [] } },
		{
			key: "redactFields",
			value: ["properties.workspace_name", "row.deployment_url"],
			read: { redactFields: ["properties.workspace_name", "row.deployment_url"] },
		},
		{ key: "keepFields", value: ["properties.a.b"], read: { keepFields: ["properties.a.b"] } },
	] satisfies { key: SettingKey; value: unknown; read: object }[])(
		"$key may be $value",
		({ key, value, read }) => {
			expect(readOne(key, value)).toMatchObject(read);
		},
	);
});

const sizes = 'a size from 64KiB to 64MiB, such as "3.5MB" or "900kB"';
const days = "a whole number from 0 to 7";
const levels = '"ask", "marked", "unknown" or "none"';
const fields = "a list of fields (context.KEY, row.deployment_url, properties.KEY, error.KEY or other.KEY)";

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
		{ key: "redact", value: "Marked", expectation: levels },
		{ key: "redact", value: true, expectation: levels },
		{ key: "redactFields", value: "properties.reason", expectation: fields },
		{ key: "keepFields", value: ["properties.reason", 7], expectation: fields },
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

/** Fields, and whether the exporter takes them. */
const namedFields = [
	{ field: "context.machine_id", isGood: true },
	{ field: "properties.workspace.name", isGood: true },
	{ field: "properties. ", isGood: true },
	{ field: "error.message", isGood: true },
	{ field: "other.trace", isGood: true },
	{ field: "row.deployment_url", isGood: true },
	{ field: "row.event_name", isGood: false },
	{ field: "row.deployment_url.host", isGood: false },
	{ field: "measurements.count", isGood: false },
	{ field: "Properties.reason", isGood: false },
	{ field: " properties.reason", isGood: false },
	{ field: "properties.", isGood: false },
	{ field: "properties", isGood: false },
	{ field: "", isGood: false },
];

describe("a list of fields", () => {
	it.each(["redactFields", "keepFields"] as const)("%s is refused with the invalid field", (key) => {
		const setting = settingIds[key];
		expect(catchError(() => readOne(key, ["properties.reason", "measurements.count"]))).toMatchObject({
			name: "SettingError",
			setting,
			message: `The setting ${setting} must be ${fields}; it has "measurements.count".`,
		});
	});

	it("is refused if the other list has one of its fields", () => {
		const { redactFields, keepFields } = settingIds;
		const settings = new Map([
			[redactFields, ["properties.reason", "error.code"]],
			[keepFields, ["properties.cause", "error.code"]],
		]);
		expect(catchError(() => readSettings(settings))).toMatchObject({
			setting: keepFields,
			message:
				`The setting ${keepFields} must be a list of fields that are not in ${redactFields}; ` +
				'it has "error.code".',
		});
	});

	it.each(namedFields)(
		"may have $field: $isGood, as the exporter and package.json say",
		async ({ field, isGood }) => {
			expect(catchError(() => readOne("redactFields", [field])) instanceof SettingError).toBe(!isGood);
			const emptyFolder = temporaryFolder();
			const outcome = await exportTelemetry(
				emptyFolder,
				"allTime",
				"json",
				path.join(emptyFolder, "none.json"),
				{
					redact: "marked",
					redactFields: [field],
				},
			).catch((error: unknown) => error);
			expect(outcome).toMatchObject(isGood ? { eventCount: 0 } : { code: "ERR_INVALID_ARG" });
			for (const id of [settingIds.redactFields, settingIds.keepFields]) {
				const pattern = contributedSettings()[id]?.items?.pattern ?? "";
				expect(new RegExp(pattern, "u").test(field), id).toBe(isGood);
			}
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
		expect(choices).toHaveLength(3);
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
			redact: "ask",
			redactFields: [],
			keepFields: [],
		});
	});

	it("does not promise too much about redaction", () => {
		expect(JSON.stringify(settings)).not.toMatch(/\b(safe|clean|anonym)/i);
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
