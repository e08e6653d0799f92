/**
 * The front of the addon: exports what `binding.js`, the generated loader, finds in the native binary, and says
 * what to install where there is none.
 */

"use strict";

/** @type {typeof import("./index.js")} */
const binding = loadBinding();

// One line each, not a spread: Node reads the names of a CommonJS module's exports from its text, and only names
// that stand there can be imported by an ES module.
module.exports.exportTelemetry = binding.exportTelemetry;
module.exports.listTelemetryFiles = binding.listTelemetryFiles;
module.exports.resolveRange = binding.resolveRange;
module.exports.suggestedFileName = binding.suggestedFileName;
module.exports.validateDate = binding.validateDate;

/**
 * @returns the functions of the native binary
 * @throws {Error} when no binary for this machine can be loaded; `cause` is what the loader met
 */
function loadBinding() {
	try {
		return require("./binding.js");
	} catch (cause) {
		throw new Error(
			`coder-telemetry-export has no native binary for ${process.platform}-${process.arch} that loads. ` +
				`Install the package ${platformPackage()}, ` +
				"or build from source with stable Rust: npm run build",
			{ cause },
		);
	}
}

/** @returns {string} the npm package that holds the binary for this machine */
function platformPackage() {
	const name = `coder-telemetry-export-${process.platform}-${process.arch}`;
	switch (process.platform) {
		case "linux":
			return `${name}-${usesMusl() ? "musl" : "gnu"}`;
		case "win32":
			return `${name}-msvc`;
		default:
			return name;
	}
}

/** @returns {boolean} whether Node runs on musl, whose report, unlike glibc's, names no C library version */
function usesMusl() {
	const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
	return report.header.glibcVersionRuntime === undefined;
}
