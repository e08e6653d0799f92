/**
 * Preloaded with `--require`. Gives `fs.writeSync` the behaviour of a non-blocking pipe on Windows: it takes nothing unless
 * it has room for everything. The reader makes room for 1,000 bytes after each write that found no room for a byte.
 */

"use strict";

const fs = require("node:fs");

const { writeSync } = fs;
let room = 1_000;

fs.writeSync = /** @type {typeof writeSync} */ (
	(/** @type {number} */ descriptor, /** @type {Buffer} */ bytes) => {
		if (bytes.length <= room) {
			room -= bytes.length;
			return writeSync(descriptor, bytes);
		}
		if (bytes.length === 1) {
			room = 1_000;
		}
		return 0;
	}
);
