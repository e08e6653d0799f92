/**
 * Prints to standard output and standard error.
 *
 * Node makes a pipe non-blocking as soon as anyone reads `process.stdout` or `process.stderr`, even to ask for `isTTY`.
 * This affects every process that shares the pipe, and the addon while it writes events. So the command writes to the
 * descriptors itself, and reads these two properties only if they are terminals.
 */

"use strict";

const { writeSync } = require("node:fs");
const { isatty } = require("node:tty");
const { CommandError } = require("./command-error.js");
const { exitCode } = require("./exit-code.js");
const { messageOf } = require("./message-of.js");

const standardOutput = 1;
const standardError = 2;

/** How long to wait before the next write to a full non-blocking pipe. */
const retryDelayMs = 5;

/** Error codes of a write to a pipe or socket that has lost its reader. Windows has `EOF` for some of them. */
const readerIsGoneCodes = new Set(["EPIPE", "ECONNRESET", "EOF"]);

/**
 * A text to print.
 *
 * @typedef {object} Message
 * @property {string} name for error messages, such as `the summary`
 * @property {string} text without the final line break
 * @property {typeof standardOutput | typeof standardError} descriptor
 */

/**
 * A message that could not be printed.
 *
 * @typedef {object} Unprinted
 * @property {string} name
 * @property {unknown} cause
 */

/**
 * Prints a line. A reader that has gone away, such as `head`, is not an error.
 *
 * @param {Message["descriptor"]} descriptor
 * @param {string} text
 * @throws {Error} if the write fails for any other reason
 */
function printLine(descriptor, text) {
	try {
		writeWhole(descriptor, `${text}\n`);
	} catch (error) {
		if (!isReaderGone(error)) {
			throw error;
		}
	}
}

/**
 * Prints all messages, even if one of them fails.
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
 * Prints a message.
 *
 * @param {string} name
 * @param {string} text
 * @param {Message["descriptor"]} [descriptor]
 * @throws {CommandError} if it cannot be printed
 */
function print(name, text, descriptor = standardOutput) {
	throwIfUnprinted(printEach([{ name, text, descriptor }]), "");
}

/**
 * @param {Unprinted[]} unprinted
 * @param {string} prefix what was done, in words that fit before "the summary could not be printed"
 * @throws {CommandError} if any message is unprinted
 */
function throwIfUnprinted(unprinted, prefix) {
	const [first] = unprinted;
	if (first !== undefined) {
		const names = unprinted.map(({ name }) => name).join(" and ");
		const message = `${prefix}${names} could not be printed: ${reasonOf(first.cause)}`;
		throw new CommandError(message, exitCode.failure, { cause: first.cause });
	}
}

/**
 * Prints to standard error why the command ends. If that fails, only the exit code is left.
 *
 * @param {string} text
 */
function printReason(text) {
	try {
		printLine(standardError, text);
	} catch {}
}

/** @param {unknown} cause */
function reasonOf(cause) {
	// Node appends the name of the system call.
	return messageOf(cause).replace(/, write$/, "");
}

/**
 * @param {unknown} error of a write by Node or the addon
 * @returns {boolean}
 */
function isReaderGone(error) {
	const { code, osCode = code } = /** @type {{ code?: string, osCode?: string }} */ (error);
	return osCode !== undefined && readerIsGoneCodes.has(osCode);
}

/**
 * @param {number} descriptor
 * @param {string} text
 */
function writeWhole(descriptor, text) {
	if (process.platform === "win32" && isatty(descriptor)) {
		// Node's stream writes Unicode to a console. Bytes would be read in the console's code page.
		(descriptor === standardOutput ? process.stdout : process.stderr).write(text);
		return;
	}
	let rest = Buffer.from(text);
	let size = rest.length;
	while (rest.length > 0) {
		const written = writeSome(descriptor, rest.subarray(0, size));
		rest = rest.subarray(written);
		if (written === 0 && size > 1) {
			// A non-blocking pipe of Windows takes nothing unless it has room for everything.
			size = Math.ceil(size / 2);
		} else if (written === 0) {
			sleep(retryDelayMs);
			size = rest.length;
		}
	}
}

/**
 * @param {number} descriptor
 * @param {Buffer} bytes
 * @returns {number} how many bytes were written; 0 if another process made the pipe non-blocking, and the pipe is full
 */
function writeSome(descriptor, bytes) {
	try {
		return writeSync(descriptor, bytes);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === "EAGAIN") {
			return 0;
		}
		throw error;
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
	isReaderGone,
	throwIfUnprinted,
};
