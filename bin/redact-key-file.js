/** Reads the key of the pseudonyms from a file. */

"use strict";

const { closeSync, openSync, readSync } = require("node:fs");
const { UsageError } = require("./command-error.js");
const { messageOf } = require("./message-of.js");
const { escapeForTerminal } = require("./terminal-text.js");

/** The longest key, a line end, and a byte more that shows that the key is too long. */
const bytesAtMost = 4096 + 2 + 1;

/**
 * @param {string} file
 * @returns {Uint8Array} the file's bytes, without one line end at their end
 * @throws {UsageError} if the file cannot be read
 */
function readKeyFile(file) {
	const bytes = Buffer.alloc(bytesAtMost);
	let length = 0;
	try {
		const descriptor = openSync(file, "r");
		try {
			let read;
			do {
				read = readSync(descriptor, bytes, length, bytes.length - length, null);
				length += read;
			} while (read > 0 && length < bytes.length);
		} finally {
			closeSync(descriptor);
		}
	} catch (cause) {
		throw new UsageError(`--redact-key-file: ${escapeForTerminal(messageOf(cause))}`, { cause });
	}
	if (bytes[length - 1] === 0x0a) {
		length -= bytes[length - 2] === 0x0d ? 2 : 1;
	}
	return bytes.subarray(0, length);
}

module.exports = { readKeyFile };
