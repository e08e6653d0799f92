/** The entry point of the package: exports the functions of the native binary. */

"use strict";

const { loadFailure } = require("./load-failure.js");
const { loadBinary } = require("./platform-package.js");

/** @type {typeof import("./index.js")} */
const binding = load();

// One line each, not a spread: an ES module can import only the names that Node finds in the text of this file.
module.exports.exportTelemetry = binding.exportTelemetry;
module.exports.listTelemetryFiles = binding.listTelemetryFiles;
module.exports.resolveRange = binding.resolveRange;
module.exports.suggestedFileName = binding.suggestedFileName;
module.exports.validateDate = binding.validateDate;

/**
 * @returns the exports of the native binary
 * @throws {Error} if it does not load; the message says why, and what to do
 */
function load() {
	try {
		return loadBinary();
	} catch (cause) {
		throw loadFailure(/** @type {NodeJS.ErrnoException} */ (cause));
	}
}
