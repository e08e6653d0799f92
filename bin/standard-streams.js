/**
 * What the command prints on standard output and standard error.
 *
 * Node makes a pipe non-blocking as soon as anyone reads `process.stdout` or `process.stderr`, even to ask for `isTTY`.
 * Every process that shares the pipe shares that mode, and so does the addon while it writes events. So the command writes
 * to the descriptors itself, and reads those two properties only where they stand for a terminal.
 */

"use strict";

const { writeSync } = require("node:fs");
const { isatty } = require("node:tty");
const { CommandError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");

const standardOutput = 1;
const standardError = 2;

/** How long to wait before a full pipe that does not block is tried again. */
const patienceMs = 5;

/** Codes of a write to a pipe or a socket that nobody reads any more. Windows has `EOF` for some of them. */
const readerIsGoneCodes = new Set(["EPIPE", "ECONNRESET", "EOF"]);

/**
 * A text to print.
 *
 * @typedef {object} Message
 * @property {string} name what it is, such as `the summary`
 * @property {string} text without the line end
 * @property {typeof standardOutput | typeof standardError} descriptor
 */

/**
 * A message that could not be printed.
 *
 * @typedef {object} Unprinted
 * @property {string} name
 * @property {unknown} cause what the system said
 */

/**
 * Prints a line. It is no failure if nobody reads it any more, as behind `head`.
 *
 * @param {Message["descriptor"]} descriptor
 * @param {string} text
 * @throws {Error} if the system refuses it otherwise
 */
function printLine(descriptor, text) {
	try {
		writeWhole(descriptor, `${text}\n`);
	} catch (error) {
		if (!readerIsGone(error)) {
			throw error;
		}
	}
}

/**
 * Prints messages one after another, the later ones also if an earlier one fails.
 *
 * @param {Message[]} messages
 * @returns {Unprinted[]} those that failed
 */
function printEach(messages) {
	/** @type {Unprinted[]} */
	const unprinted = [];
	for (const { name, text, descriptor } of messages) {
		try {
			printLine(descriptor, text);
		} catch (cause) {
			unprinted.push({ name, cause });
		}
	}
	return unprinted;
}

/**
 * Prints what the user asked for.
 *
 * @param {string} name
 * @param {string} text
 * @param {Message["descriptor"]} [descriptor]
 * @throws {CommandError} if it cannot be printed
 */
function print(name, text, descriptor = standardOutput) {
	throwUnprinted(printEach([{ name, text, descriptor }]), "");
}

/**
 * @param {Unprinted[]} unprinted
 * @param {string} before what was done all the same, in words that fit before "the summary could not be printed"
 * @throws {CommandError} if there is anything unprinted
 */
function throwUnprinted(unprinted, before) {
	const [first] = unprinted;
	if (first !== undefined) {
		const names = unprinted.map(({ name }) => name).join(" and ");
		const message = `${before}${names} could not be printed: ${reasonOf(first.cause)}`;
		throw new CommandError(message, exitCode.failure, { cause: first.cause });
	}
}

/**
 * Says on standard error why the command ends. There is nothing left to say it on if that fails.
 *
 * @param {string} text
 */
function printReason(text) {
	try {
		printLine(standardError, text);
	} catch {
		// The exit code still tells.
	}
}

/** @param {unknown} cause */
function reasonOf(cause) {
	// Node adds the name of the system call.
	return cause instanceof Error ? cause.message.replace(/, write$/, "") : String(cause);
}

/**
 * @param {unknown} error of a write, by Node or by the addon
 * @returns {boolean} whether nobody reads what was written
 */
function readerIsGone(error) {
	const { code, osCode = code } = /** @type {{ code?: string, osCode?: string }} */ (error);
	return osCode !== undefined && readerIsGoneCodes.has(osCode);
}

/**
 * @param {number} descriptor
 * @param {string} text
 */
function writeWhole(descriptor, text) {
	if (process.platform === "win32" && isatty(descriptor)) {
		// A console takes Unicode from Node's stream only; bytes it reads in a code page of its own.
		(descriptor === standardOutput ? process.stdout : process.stderr).write(text);
		return;
	}
	let rest = Buffer.from(text);
	while (rest.length > 0) {
		try {
			rest = rest.subarray(writeSync(descriptor, rest));
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EAGAIN") {
				throw error;
			}
			// Another process made the pipe non-blocking, and it is full.
			sleep(patienceMs);
		}
	}
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, milliseconds);
}

module.exports = {
	standardOutput,
	standardError,
	print,
	printEach,
	printReason,
	readerIsGone,
	throwUnprinted,
};
