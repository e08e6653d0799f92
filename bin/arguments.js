/** Parses the command line. */

"use strict";

const { parseArgs } = require("node:util");
const { parseByteSize } = require("./byte-size.js");
const { UsageError } = require("./command-error.js");
const { messageOf } = require("./message-of.js");
const { optionLimits } = require("./option-limits.js");
const { escapeForTerminal } = require("./terminal-text.js");

/** @typedef {import("../index.js").ExportFormat} ExportFormat */
/** @typedef {import("../index.js").ExportOptions} ExportOptions */

/**
 * The arguments of an export.
 *
 * @typedef {object} ExportArguments
 * @property {"export"} command
 * @property {string | undefined} directory if undefined, the default directory of an editor
 * @property {string} range
 * @property {ExportFormat} format
 * @property {string | undefined} out a file, or `-` for standard output; if undefined, the suggested name
 * @property {boolean} open open the report in the browser
 * @property {boolean} json print the summary as JSON
 * @property {boolean} strict exit with a code of its own if anything was left out
 * @property {string} [redactKeyFile] the file with the key of the pseudonyms
 * @property {ExportOptions} options passed on to the addon
 */

/**
 * The arguments of `ls`.
 *
 * @typedef {object} ListArguments
 * @property {"list"} command
 * @property {string | undefined} directory
 * @property {string} range
 * @property {number | undefined} graceDays
 * @property {boolean} json
 */

/** @typedef {ExportArguments | ListArguments | { command: "help" } | { command: "version" }} CommandLine */

/** The options, in the form that `parseArgs` expects. */
const optionTypes = /** @type {const} */ ({
	range: { type: "string", default: "allTime" },
	format: { type: "string", default: "json" },
	out: { type: "string", short: "o" },
	force: { type: "boolean", short: "f", default: false },
	"no-overwrite": { type: "boolean", default: false },
	open: { type: "boolean", default: false },
	temporality: { type: "string" },
	"span-name": { type: "string" },
	"max-request-bytes": { type: "string" },
	"compression-level": { type: "string" },
	"grace-days": { type: "string" },
	threads: { type: "string" },
	redact: { type: "boolean", default: false },
	"redact-unknown": { type: "boolean", default: false },
	"redact-field": { type: "string", multiple: true },
	"keep-field": { type: "string", multiple: true },
	"redact-key-file": { type: "string" },
	strict: { type: "boolean", default: false },
	json: { type: "boolean", default: false },
	help: { type: "boolean", short: "h", default: false },
	version: { type: "boolean", short: "V", default: false },
});

/** The options that `ls` takes. */
const listOptions = new Set(["range", "grace-days", "json", "help", "version"]);

/**
 * Parses the command line. The range is passed on as it is: the addon checks it.
 *
 * @param {string[]} args without the names of Node and of the script
 * @returns {CommandLine}
 * @throws {UsageError} if an option or value is unknown, or two options contradict each other
 */
function parseCommandLine(args) {
	const { values, positionals, tokens } = parseOptions(args);
	if (values.help) {
		return { command: "help" };
	}
	if (values.version) {
		return { command: "version" };
	}
	if (positionals[0] === "ls") {
		for (const token of tokens) {
			if (token.kind === "option" && !listOptions.has(token.name)) {
				throw new UsageError(`ls does not take --${token.name}`);
			}
		}
		return listArguments(values, onlyDirectory(positionals.slice(1)));
	}
	return exportArguments(values, onlyDirectory(positionals));
}

/**
 * @param {string[]} args
 * @throws {UsageError} if an option is unknown, lacks its value, or has a value that it does not take
 */
function parseOptions(args) {
	const config = /** @type {const} */ ({ options: optionTypes, allowPositionals: true, tokens: true });
	const { tokens } = parseArgs({ ...config, args, strict: false });
	try {
		return parseArgs({ ...config, args: tokens.map(unambiguousArg) });
	} catch (cause) {
		// After the first sentence, Node adds general advice about options.
		const [firstSentence = ""] = messageOf(cause).split(/\.? To specify|\.?\n/, 1);
		throw new UsageError(escapeForTerminal(firstSentence), { cause });
	}
}

/**
 * A token of `parseArgs`.
 *
 * @typedef {{ kind: "option", index: number, name: string, rawName: string, value?: string, inlineValue?: boolean }
 *   | { kind: "positional", index: number, value: string }
 *   | { kind: "option-terminator", index: number }} Token
 */

/**
 * Rewrites a token so that `parseArgs` can read it in one way only: an option and its value become `--name=value`.
 *
 * @param {Token} token
 * @param {number} at
 * @param {Token[]} tokens
 * @returns {string}
 * @throws {UsageError} if an option follows instead of a value, or a flag is given a value
 */
function unambiguousArg(token, at, tokens) {
	switch (token.kind) {
		case "positional":
			return token.value;
		case "option-terminator":
			return "--";
		case "option": {
			const { name, rawName, value, inlineValue } = token;
			const before = tokens[at - 1];
			if (rawName === "-=" && before?.kind === "option" && before.index === token.index) {
				throw new UsageError(`Option '${before.rawName}' does not take an argument`);
			}
			if (value === undefined) {
				return rawName;
			}
			if (!inlineValue && looksLikeOption(value)) {
				const example = escapeForTerminal(`--${name}=${value}`);
				throw new UsageError(
					`${rawName} needs a value, and ${escapeForTerminal(value)} is an option; write ${example} if it is the value`,
				);
			}
			// In -o=FILE, the = is a separator, as in --out=FILE.
			const isShort = !rawName.startsWith("--");
			return `--${name}=${isShort && inlineValue ? value.replace(/^=/, "") : value}`;
		}
	}
}

const shortOptions = Object.values(optionTypes).flatMap((option) => ("short" in option ? [option] : []));
const lettersOf = (/** @type {"boolean" | "string"} */ wanted) =>
	shortOptions.flatMap(({ type, short }) => (type === wanted ? [short] : [])).join("");

/** One or more short options, of which the last may have a value: `-f`, `-fo`, `-omay.json`. */
const shortOptionGroup = new RegExp(
	`^-(?:[${lettersOf("boolean")}]+|[${lettersOf("boolean")}]*[${lettersOf("string")}].*)$`,
	"s",
);

/**
 * @param {string} arg the argument after an option that takes a value
 * @returns {boolean} whether it looks like the next option: `--json` and `-f` do, `-1` and `-may.json` do not
 */
function looksLikeOption(arg) {
	return arg.startsWith("--") || shortOptionGroup.test(arg);
}

/**
 * @param {string[]} positionals
 * @returns {string | undefined}
 */
function onlyDirectory(positionals) {
	if (positionals.length > 1) {
		throw new UsageError(
			`one directory at a time, not also ${escapeForTerminal(positionals.slice(1).join(", "))}`,
		);
	}
	if (positionals[0] === "") {
		throw new UsageError("the directory's name is empty");
	}
	return positionals[0];
}

/** @typedef {ReturnType<typeof parseOptions>["values"]} Values */

/**
 * @param {Values} values
 * @param {string | undefined} directory
 * @returns {ListArguments}
 */
function listArguments(values, directory) {
	const graceDays = wholeNumber("--grace-days", values["grace-days"], optionLimits.graceDays);
	return { command: "list", directory, range: values.range, graceDays, json: values.json };
}

/**
 * @param {Values} values
 * @param {string | undefined} directory
 * @returns {ExportArguments}
 */
function exportArguments(values, directory) {
	const { range, out, open, json, strict } = values;
	const format = oneOf("--format", values.format, ["json", "otlp", "html"]) ?? "json";
	if (out === "") {
		throw new UsageError("--out takes the name of a file, or - for standard output");
	}
	if (out === "-" && format !== "json") {
		throw new UsageError(`--out - streams the JSON array only; --format ${format} needs a file`);
	}
	if (out === "-" && json) {
		throw new UsageError("--json and --out - both write to standard output; use one of them");
	}
	if (open && format !== "html") {
		throw new UsageError("--open needs a report: add --format html, or remove --open");
	}
	if (values.force && values["no-overwrite"]) {
		throw new UsageError("--force and --no-overwrite contradict each other");
	}
	const { redactKeyFile, ...redaction } = redactionArguments(values);
	return {
		command: "export",
		directory,
		range,
		format,
		out,
		open,
		json,
		strict,
		...(redactKeyFile === undefined ? {} : { redactKeyFile }),
		options: {
			...redaction,
			temporality: oneOf("--temporality", values.temporality, ["delta", "cumulative"]),
			spanName: oneOf("--span-name", values["span-name"], ["leaf", "full"]),
			maxRequestBytes: byteSize(
				"--max-request-bytes",
				values["max-request-bytes"],
				optionLimits.maxRequestBytes,
			),
			compressionLevel: wholeNumber(
				"--compression-level",
				values["compression-level"],
				optionLimits.compressionLevel,
			),
			graceDays: wholeNumber("--grace-days", values["grace-days"], optionLimits.graceDays),
			// Without --force, replace a file only if the user named it.
			overwrite: values.force || (out !== undefined && !values["no-overwrite"]),
			threads: wholeNumber("--threads", values.threads, optionLimits.threads),
		},
	};
}

/**
 * @param {Values} values
 * @returns {Pick<ExportOptions, "redact" | "redactFields" | "keepFields"> & { redactKeyFile?: string }}
 * @throws {UsageError} if an option is given that needs `--redact`
 */
function redactionArguments(values) {
	const redact = values["redact-unknown"] ? "unknown" : values.redact ? "marked" : undefined;
	const redactFields = values["redact-field"];
	const keepFields = values["keep-field"];
	const redactKeyFile = values["redact-key-file"];
	const given = {
		...(redactFields === undefined ? {} : { redactFields }),
		...(keepFields === undefined ? {} : { keepFields }),
		...(redactKeyFile === undefined ? {} : { redactKeyFile }),
	};
	if (redact === undefined) {
		for (const option of /** @type {const} */ (["redact-field", "keep-field", "redact-key-file"])) {
			if (values[option] !== undefined) {
				throw new UsageError(`--${option} needs --redact or --redact-unknown`);
			}
		}
		return given;
	}
	return { redact, ...given };
}

/**
 * @template {string} Choice
 * @param {string} option
 * @param {string | undefined} text
 * @param {Choice[]} choices
 * @returns {Choice | undefined} undefined if the option was not given
 */
function oneOf(option, text, choices) {
	const choice = choices.find((name) => name === text);
	if (text !== undefined && choice === undefined) {
		const list = `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
		throw new UsageError(`${option} takes ${list}, not ${quoted(text)}`);
	}
	return choice;
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {{ min: number, max: number }} limits
 * @returns {number | undefined} undefined if the option was not given
 */
function wholeNumber(option, text, { min, max }) {
	if (text === undefined) {
		return undefined;
	}
	const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!(number >= min && number <= max)) {
		throw new UsageError(`${option} takes a whole number from ${min} to ${max}, not ${quoted(text)}`);
	}
	return number;
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {{ min: number, max: number }} limits
 * @returns {number | undefined} undefined if the option was not given
 */
function byteSize(option, text, { min, max }) {
	if (text === undefined) {
		return undefined;
	}
	const bytes = parseByteSize(text);
	if (bytes === undefined || bytes < min || bytes > max) {
		const allowed = `from ${min} bytes (64KiB) to ${max} (64MiB)`;
		throw new UsageError(`${option} takes a size such as 900kB or 4MiB, ${allowed}, not ${quoted(text)}`);
	}
	return bytes;
}

/** @param {string} text */
function quoted(text) {
	return `"${escapeForTerminal(text)}"`;
}

module.exports = { optionTypes, parseCommandLine };
