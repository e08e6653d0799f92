import type { ExportOptions, RedactionLevel } from "coder-telemetry-export";
import { parseByteSize } from "coder-telemetry-export/bin/byte-size.js";
import { optionLimits } from "coder-telemetry-export/bin/option-limits.js";

/** The values of settings by their full names; undefined if a setting has no value. */
export interface Configuration {
	get(setting: string): unknown;
}

/** The validated settings of an export. If a setting is undefined, the exporter's default applies. */
export interface ExportSettings {
	/** As the user wrote it; undefined for the default directory. */
	readonly directory: string | undefined;
	readonly temporality: ExportOptions["temporality"];
	readonly spanName: ExportOptions["spanName"];
	readonly maxRequestBytes: number | undefined;
	readonly graceDays: number | undefined;
	/** The level of every export. If it is `ask`, the user chooses it for each export. */
	readonly redact: RedactionLevel | "ask";
	readonly redactFields: readonly string[] | undefined;
	readonly keepFields: readonly string[] | undefined;
}

/** The full names of the settings that `package.json` contributes. */
export const settingIds = {
	directory: "coder.telemetryExport.directory",
	temporality: "coder.telemetryExport.temporality",
	spanName: "coder.telemetryExport.spanName",
	maxRequestSize: "coder.telemetryExport.maxRequestSize",
	graceDays: "coder.telemetryExport.graceDays",
	redact: "coder.telemetryExport.redact",
	redactFields: "coder.telemetryExport.redactFields",
	keepFields: "coder.telemetryExport.keepFields",
} as const;

/** The setting of the Coder extension that turns recording on and off. */
export const recordingSetting = "coder.telemetry.level";

/** A setting has an invalid value. The message names the setting, its value and the valid values. */
export class SettingError extends Error {
	/** The full name of the setting. */
	readonly setting: string;

	/** @param verb `is` if `value` is the whole value, `has` if it is an entry of a list. */
	constructor(setting: string, value: unknown, expectation: string, verb: "is" | "has" = "is") {
		super(`The setting ${setting} must be ${expectation}; it ${verb} ${JSON.stringify(value)}.`);
		this.name = "SettingError";
		this.setting = setting;
	}
}

/**
 * Reads and validates the settings of an export. The editor does not enforce the limits of `package.json` in a settings
 * file.
 *
 * @throws {SettingError} for the first invalid value
 */
export function readSettings(configuration: Configuration): ExportSettings {
	const read = <Value>(
		setting: string,
		expectation: string,
		parse: (value: unknown) => Value | undefined,
	) => {
		const value = configuration.get(setting);
		if (value === undefined) {
			return undefined;
		}
		const parsed = parse(value);
		if (parsed === undefined) {
			throw new SettingError(setting, value, expectation);
		}
		return parsed;
	};
	const readFields = (setting: string) => {
		const fields = read(setting, fieldsExpectation, parseList);
		checkEntries(setting, fields, fieldsExpectation, isField);
		return fields;
	};
	const redactFields = readFields(settingIds.redactFields);
	const keepFields = readFields(settingIds.keepFields);
	checkEntries(
		settingIds.keepFields,
		keepFields,
		`a list of fields that are not in ${settingIds.redactFields}`,
		(field) => !redactFields?.includes(field),
	);
	return {
		directory: read(settingIds.directory, "a path", parseText) || undefined,
		temporality: read(settingIds.temporality, '"delta" or "cumulative"', oneOf("delta", "cumulative")),
		spanName: read(settingIds.spanName, '"leaf" or "full"', oneOf("leaf", "full")),
		maxRequestBytes: read(settingIds.maxRequestSize, requestSizeExpectation, parseRequestSize),
		graceDays: read(settingIds.graceDays, graceDaysExpectation, parseGraceDays),
		redact:
			read(
				settingIds.redact,
				'"ask", "marked", "unknown" or "none"',
				oneOf("ask", "marked", "unknown", "none"),
			) ?? "ask",
		redactFields,
		keepFields,
	};
}

const requestSizeExpectation = 'a size from 64KiB to 64MiB, such as "3.5MB" or "900kB"';
const graceDaysExpectation = `a whole number from 0 to ${optionLimits.graceDays.max}`;

const fieldsExpectation =
	"a list of fields (context.KEY, row.deployment_url, properties.KEY, error.KEY or other.KEY)";

/** @throws {SettingError} for the first entry that is invalid */
function checkEntries(
	setting: string,
	entries: readonly string[] | undefined,
	expectation: string,
	isValid: (entry: string) => boolean,
): void {
	const invalid = entries?.find((entry) => !isValid(entry));
	if (invalid !== undefined) {
		throw new SettingError(setting, invalid, expectation, "has");
	}
}

function parseList(value: unknown): string[] | undefined {
	return Array.isArray(value) && value.every((entry) => typeof entry === "string") ? value : undefined;
}

/** Follows the exporter, which would refuse the field only after the questions. */
function isField(text: string): boolean {
	return /^(row\.deployment_url|(context|properties|error|other)\..+)$/s.test(text);
}

function parseText(value: unknown): string | undefined {
	return typeof value === "string" ? value.trim() : undefined;
}

function oneOf<Choice extends string>(...choices: Choice[]): (value: unknown) => Choice | undefined {
	return (value) => choices.find((choice) => choice === value);
}

function parseRequestSize(value: unknown): number | undefined {
	const bytes = typeof value === "string" ? parseByteSize(value.trim()) : undefined;
	return bytes !== undefined && isWithin(bytes, optionLimits.maxRequestBytes) ? bytes : undefined;
}

function parseGraceDays(value: unknown): number | undefined {
	return typeof value === "number" && Number.isInteger(value) && isWithin(value, optionLimits.graceDays)
		? value
		: undefined;
}

function isWithin(value: number, { min, max }: { min: number; max: number }): boolean {
	return value >= min && value <= max;
}
