/** The command line, read into what it asks for. */

"use strict";

const { parseArgs } = require("node:util");
const { parseByteSize } = require("./byte-size.js");
const { UsageError } = require("./command-error.js");
const { escapeForTerminal } = require("./terminal-text.js");

/** @typedef {import("../index.js").ExportFormat} ExportFormat */
/** @typedef {import("../index.js").ExportOptions} ExportOptions */

/**
 * Write an export.
 *
 * @typedef {object} ExportRequest
 * @property {"export"} command
 * @property {string | undefined} directory nothing: the standard place
 * @property {string} range
 * @property {ExportFormat} format
 * @property {string | undefined} out a file, `-` for standard output, nothing for the suggested name
 * @property {boolean} open show the page in the browser
 * @property {boolean} json print the summary as JSON
 * @property {boolean} strict tell by the exit code when anything was left out
 * @property {ExportOptions} options passed on to the addon
 */

/**
 * List what a directory holds.
 *
 * @typedef {object} ListRequest
 * @property {"list"} command
 * @property {string | undefined} directory
 * @property {string} range
 * @property {number | undefined} graceDays
 * @property {boolean} json
 */

/** @typedef {ExportRequest | ListRequest | { command: "help" } | { command: "version" }} Request */

/** Every option, as `parseArgs` takes them. */
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
	strict: { type: "boolean", default: false },
	json: { type: "boolean", default: false },
	help: { type: "boolean", short: "h", default: false },
	version: { type: "boolean", short: "V", default: false },
});

/** What `ls` understands. */
const listOptions = new Set(["range", "grace-days", "json", "help", "version"]);

/** Limits of the numeric options, both ends included; the addon has the same. */
const limits = {
	maxRequestBytes: { least: 65_536, most: 67_108_864 },
	compressionLevel: { least: 0, most: 9 },
	graceDays: { least: 0, most: 7 },
	threads: { least: 1, most: 2 ** 16 },
};

/**
 * Reads the command line. Nothing outside it is looked at: whether the range makes sense is the addon's to say.
 *
 * @param {string[]} commandLine without the names of Node and of the script
 * @returns {Request}
 * @throws {UsageError} on an option or a value that does not exist, or two that contradict each other
 */
function parseCommandLine(commandLine) {
	const { values, positionals, tokens } = split(commandLine);
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
		return listRequest(values, onlyDirectory(positionals.slice(1)));
	}
	return exportRequest(values, onlyDirectory(positionals));
}

/**
 * @param {string[]} commandLine
 * @throws {UsageError} on an option that does not exist, a value that is missing, or one that is too many
 */
function split(commandLine) {
	const config = /** @type {const} */ ({ options: optionTypes, allowPositionals: true, tokens: true });
	const { tokens } = parseArgs({ ...config, args: commandLine, strict: false });
	try {
		return parseArgs({ ...config, args: tokens.flatMap(unambiguousWord) });
	} catch (cause) {
		const message = cause instanceof Error ? cause.message : String(cause);
		// What follows the first sentence is advice of Node's about options in general.
		const [whatIsWrong = ""] = message.split(/\.? To specify|\.?\n/, 1);
		throw new UsageError(escapeForTerminal(whatIsWrong), { cause });
	}
}

/**
 * A part of the command line, as `parseArgs` takes it apart.
 *
 * @typedef {{ kind: "option", index: number, name: string, rawName: string, value?: string, inlineValue?: boolean }
 *   | { kind: "positional", index: number, value: string }
 *   | { kind: "option-terminator", index: number }} Token
 */

/**
 * Spells a part of the command line such that `parseArgs` can only read it one way: each value in the word of its option.
 *
 * @param {Token} token
 * @param {number} at
 * @param {Token[]} tokens
 * @returns {string}
 * @throws {UsageError} if an option stands where a value has to, or a value where there can be none
 */
function unambiguousWord(token, at, tokens) {
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
			if (!inlineValue && isSpelledAsOption(value)) {
				const example = escapeForTerminal(`--${name}=${value}`);
				throw new UsageError(
					`${rawName} needs a value, and ${escapeForTerminal(value)} is an option; write ${example} if it is the value`,
				);
			}
			// The = of -o=FILE separates, as that of --out=FILE does.
			const isShort = !rawName.startsWith("--");
			return `--${name}=${isShort && inlineValue ? value.replace(/^=/, "") : value}`;
		}
	}
}

/** One letter for each short option that is on or off, and one for each that takes a value. */
const shortOptions = Object.values(optionTypes).flatMap((option) => ("short" in option ? [option] : []));
const shortLetters = (/** @type {"boolean" | "string"} */ wanted) =>
	shortOptions.flatMap(({ type, short }) => (type === wanted ? [short] : [])).join("");

/** Short options alone or together, the last one perhaps with its value: `-f`, `-fo`, `-omay.json`. */
const shortOptionWord = new RegExp(
	`^-(?:[${shortLetters("boolean")}]+|[${shortLetters("boolean")}]*[${shortLetters("string")}].*)$`,
	"s",
);

/**
 * @param {string} word behind an option that takes a value
 * @returns {boolean} whether it rather is the next option: `--json` and `-f`, but neither `-1` nor `-may.json`
 */
function isSpelledAsOption(word) {
	return word.startsWith("--") || shortOptionWord.test(word);
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

/** @typedef {ReturnType<typeof split>["values"]} Values */

/**
 * @param {Values} values
 * @param {string | undefined} directory
 * @returns {ListRequest}
 */
function listRequest(values, directory) {
	const graceDays = wholeNumber("--grace-days", values["grace-days"], limits.graceDays);
	return { command: "list", directory, range: values.range, graceDays, json: values.json };
}

/**
 * @param {Values} values
 * @param {string | undefined} directory
 * @returns {ExportRequest}
 */
function exportRequest(values, directory) {
	const { range, out, open, json, strict } = values;
	const format = oneOf("--format", values.format, ["json", "otlp", "html"]) ?? "json";
	if (out === "") {
		throw new UsageError("--out takes the name of a file, or - for standard output");
	}
	if (out === "-" && format !== "json") {
		throw new UsageError(`--out - streams the JSON array only; --format ${format} needs a file`);
	}
	if (out === "-" && json) {
		throw new UsageError("--json prints the summary where --out - prints the events; use one of them");
	}
	if (open && format !== "html") {
		throw new UsageError(
			"--open shows a page, which only --format html writes; add that, or leave --open out",
		);
	}
	if (values.force && values["no-overwrite"]) {
		throw new UsageError("--force and --no-overwrite contradict each other");
	}
	return {
		command: "export",
		directory,
		range,
		format,
		out,
		open,
		json,
		strict,
		options: {
			temporality: oneOf("--temporality", values.temporality, ["delta", "cumulative"]),
			spanName: oneOf("--span-name", values["span-name"], ["leaf", "full"]),
			maxRequestBytes: byteSize("--max-request-bytes", values["max-request-bytes"], limits.maxRequestBytes),
			compressionLevel: wholeNumber(
				"--compression-level",
				values["compression-level"],
				limits.compressionLevel,
			),
			graceDays: wholeNumber("--grace-days", values["grace-days"], limits.graceDays),
			// A file that the user named may be replaced, one that only we named may not.
			overwrite: values.force || (out !== undefined && !values["no-overwrite"]),
			threads: wholeNumber("--threads", values.threads, limits.threads),
		},
	};
}

/**
 * @template {string} Choice
 * @param {string} option
 * @param {string | undefined} text
 * @param {Choice[]} choices
 * @returns {Choice | undefined} nothing where the option was not given
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
 * @param {{ least: number, most: number }} limit
 * @returns {number | undefined} nothing where the option was not given
 */
function wholeNumber(option, text, { least, most }) {
	if (text === undefined) {
		return undefined;
	}
	const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!(number >= least && number <= most)) {
		throw new UsageError(`${option} takes a whole number from ${least} to ${most}, not ${quoted(text)}`);
	}
	return number;
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {{ least: number, most: number }} limit
 * @returns {number | undefined} nothing where the option was not given
 */
function byteSize(option, text, { least, most }) {
	if (text === undefined) {
		return undefined;
	}
	const bytes = parseByteSize(text);
	if (bytes === undefined || bytes < least || bytes > most) {
		const between = `from ${least} bytes (64KiB) to ${most} (64MiB)`;
		throw new UsageError(`${option} takes a size such as 900kB or 4MiB, ${between}, not ${quoted(text)}`);
	}
	return bytes;
}

/** @param {string} text */
function quoted(text) {
	return `"${escapeForTerminal(text)}"`;
}

module.exports = { optionTypes, parseCommandLine };
