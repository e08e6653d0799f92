import type { ExportOptions } from "coder-telemetry-export";
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
}

/** The full names of the settings that `package.json` contributes. */
export const settingIds = {
	directory: "coder.telemetryExport.directory",
	temporality: "coder.telemetryExport.temporality",
	spanName: "coder.telemetryExport.spanName",
	maxRequestSize: "coder.telemetryExport.maxRequestSize",
	graceDays: "coder.telemetryExport.graceDays",
} as const;

/** The setting of the Coder extension that turns recording on and off. */
export const recordingSetting = "coder.telemetry.level";

/** A setting has an invalid value. The message names the setting, its value and the valid values. */
export class SettingError extends Error {
	/** The full name of the setting. */
	readonly setting: string;

	constructor(setting: string, value: unknown, expectation: string) {
		super(`The setting ${setting} must be ${expectation}; it is ${JSON.stringify(value)}.`);
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
	return {
		directory: read(settingIds.directory, "a path", parseText) || undefined,
		temporality: read(settingIds.temporality, '"delta" or "cumulative"', oneOf("delta", "cumulative")),
		spanName: read(settingIds.spanName, '"leaf" or "full"', oneOf("leaf", "full")),
		maxRequestBytes: read(settingIds.maxRequestSize, requestSizeExpectation, parseRequestSize),
		graceDays: read(settingIds.graceDays, graceDaysExpectation, parseGraceDays),
	};
}

const requestSizeExpectation = 'a size from 64KiB to 64MiB, such as "3.5MB" or "900kB"';
const graceDaysExpectation = `a whole number from 0 to ${optionLimits.graceDays.max}`;

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
