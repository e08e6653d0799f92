/** The front of the addon: exports what the native binary has. */

"use strict";

const { loadFailure } = require("./load-failure.js");
const { loadBinary } = require("./platform-package.js");

/** @type {typeof import("./index.js")} */
const binding = load();

// One line each, not a spread: Node reads the names of a CommonJS module's exports from its text, and only names
// that stand there can be imported by an ES module.
module.exports.exportTelemetry = binding.exportTelemetry;
module.exports.listTelemetryFiles = binding.listTelemetryFiles;
module.exports.resolveRange = binding.resolveRange;
module.exports.suggestedFileName = binding.suggestedFileName;
module.exports.validateDate = binding.validateDate;

/**
 * @returns what the native binary exports
 * @throws {Error} if it does not load: why, and what to do
 */
function load() {
	try {
		return loadBinary();
	} catch (cause) {
		throw loadFailure(/** @type {NodeJS.ErrnoException} */ (cause));
	}
}
