/**
 * The front of the addon: exports what `binding.js`, the generated loader, finds in the native binary, and says
 * what to do where there is none.
 */

"use strict";

const { ownPlatform, packageOf, prebuiltPlatforms } = require("./platform-package.js");

/** @type {typeof import("./index.js")} */
const binding = loadBinding();

// One line each, not a spread: Node reads the names of a CommonJS module's exports from its text, and only names
// that stand there can be imported by an ES module.
module.exports.exportTelemetry = binding.exportTelemetry;
module.exports.listTelemetryFiles = binding.listTelemetryFiles;
module.exports.resolveRange = binding.resolveRange;
module.exports.suggestedFileName = binding.suggestedFileName;
module.exports.validateDate = binding.validateDate;
// Which kind of binary was loaded: napi declares it beside our own functions, so it has to be there.
module.exports.__napiBindingTarget = binding.__napiBindingTarget;

/**
 * @returns the functions of the native binary
 * @throws {Error} when no binary for this machine can be loaded; `cause` is what the loader met
 */
function loadBinding() {
	try {
		return require("./binding.js");
	} catch (cause) {
		const advice = "build it from source: in a clone of the repository, with stable Rust, npm run build";
		throw new Error(`coder-telemetry-export ${whatIsWrong(cause)}, or ${advice}`, { cause });
	}
}

/**
 * @param {unknown} cause
 * @returns {string} why there is no binary, and what may help; to be continued with the other way, a build
 */
function whatIsWrong(cause) {
	const named = process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
	const refusal = refusalToLoad(cause instanceof Error ? cause.cause : undefined);
	const reason = refusal === undefined ? "" : `: ${refusal}`;
	if (named) {
		return `cannot load ${named}, which NAPI_RS_NATIVE_LIBRARY_PATH names${reason}. Unset it`;
	}
	const platform = ownPlatform();
	if (!prebuiltPlatforms.includes(platform)) {
		return `has no prebuilt binary for ${platform}. Run it where it has one (${prebuiltPlatforms.join(", ")})`;
	}
	const name = packageOf(platform);
	const install = `npm install ${name}@${require("./package.json").version}`;
	return isThere(name) || isThere(`./coder-telemetry-export.${platform}.node`)
		? `has a binary for ${platform} that does not load${reason}. Install it anew: ${install}`
		: `needs the package ${name}, which is not installed; npm leaves it out with --omit=optional, and with ` +
				`a lock file that was made on another platform. Install it: ${install}`;
}

/**
 * @param {string} module a package, or a file beside this one
 * @returns {boolean} whether it can be found, however packages are installed
 */
function isThere(module) {
	try {
		require.resolve(module);
		return true;
	} catch {
		return false;
	}
}

/**
 * @param {unknown} error what the loader met at one place, and as its cause at the place before; texts are all that it
 * keeps of them
 * @returns {string | undefined} what the system said of a binary that is there
 */
function refusalToLoad(error) {
	if (!(error instanceof Error)) {
		return undefined;
	}
	const isAbsent = error.message.startsWith("Cannot find module ");
	return isAbsent ? refusalToLoad(error.cause) : error.message;
}
