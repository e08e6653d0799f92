/** The entry point of the package: loads the native binary and exports its functions. */

"use strict";

const { loadFailure } = require("./load-failure.js");
const { loadBinary } = require("./platform-package.js");

/** @type {typeof import("./index.js")} */
const binding = load();

// One line for each name instead of a spread: ES modules can only import names that Node finds in the text of a
// CommonJS module.
module.exports.exportTelemetry = binding.exportTelemetry;
module.exports.listTelemetryFiles = binding.listTelemetryFiles;
module.exports.resolveRange = binding.resolveRange;
module.exports.suggestedFileName = binding.suggestedFileName;
module.exports.validateDate = binding.validateDate;

/**
 * @returns the functions of the native binary
 * @throws {Error} if it does not load; the message has the reason and a remedy
 */
function load() {
	try {
		return loadBinary();
	} catch (cause) {
		throw loadFailure(/** @type {NodeJS.ErrnoException} */ (cause));
	}
}
