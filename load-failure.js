/** Explains why the native binary does not load, and what to do. */

"use strict";

const {
	adjacentBinary,
	binaryFromEnvironment,
	ownPlatform,
	packageOf,
	prebuiltPlatforms,
} = require("./platform-package.js");

/**
 * @typedef {object} Explanation
 * @property {string} problem in words that follow "coder-telemetry-export"
 * @property {string} [remedy] what to do; left out if the user needs another binary
 */

/**
 * @param {NodeJS.ErrnoException} cause the error of `loadBinary`
 * @returns {Error & Explanation} an error whose message has the problem and the remedy
 */
function loadFailure(cause) {
	const explanation = explain(cause);
	const { problem, remedy = getOtherBinary() } = explanation;
	return Object.assign(new Error(`coder-telemetry-export ${problem}. ${remedy}`, { cause }), explanation);
}

/** @returns {string} how to get a binary that loads */
function getOtherBinary() {
	const platform = ownPlatform();
	const build = "in a clone of the repository, with stable Rust, npm run build";
	if (binaryFromEnvironment() !== undefined) {
		return `Unset it, or build it from source: ${build}`;
	}
	if (!prebuiltPlatforms.includes(platform)) {
		return `Run it on a platform that has one (${prebuiltPlatforms.join(", ")}), or build it from source: ${build}`;
	}
	const install = `npm install ${packageOf(platform)}@${require("./package.json").version}`;
	const adjacent = adjacentBinary();
	if (adjacent !== undefined) {
		return `Build it again: ${build}; or remove ${adjacent} and install the package: ${install}`;
	}
	const again = isInstalled(packageOf(platform)) ? " again" : "";
	return `Install it${again}: ${install}, or build it from source: ${build}`;
}

/**
 * @param {NodeJS.ErrnoException} cause
 * @returns {Explanation}
 */
function explain(cause) {
	const systemReason = systemReasonOf(cause.message);
	const reason = systemReason + (hints.find(([pattern]) => pattern.test(systemReason))?.[1] ?? "");
	const named = binaryFromEnvironment();
	const platform = ownPlatform();
	if (cause.code === "MODULE_NOT_FOUND") {
		return {
			problem: named === undefined ? absence(platform) : `${cannotLoad(named)}: there is no such file`,
		};
	}
	const problem =
		named === undefined
			? `has a binary for ${platform} that does not load: ${reason}`
			: `${cannotLoad(named)}: ${reason}`;
	const remedy = remedyFor(cause.code, reason);
	return remedy === undefined ? { problem } : { problem, remedy };
}

/**
 * On Windows the message has two lines: what the system says, which may lack the path, and the path.
 *
 * @param {string} message of the error of `require`
 * @returns {string} one line without a full stop
 */
function systemReasonOf(message) {
	const [firstLine = "", path = ""] = message.split(/\r?\n/).map(withoutLongPathPrefix);
	const reason = firstLine.replace(/\.$/, "");
	return path.endsWith(".node") && !reason.includes(path) ? `${path}: ${reason}` : reason;
}

/** @param {string} text in which Node has put `\\\\?\\` before the path */
function withoutLongPathPrefix(text) {
	return text.replaceAll("\\\\?\\UNC\\", "\\\\").replaceAll("\\\\?\\", "");
}

/** @param {string} named */
function cannotLoad(named) {
	return `cannot load ${named}, which NAPI_RS_NATIVE_LIBRARY_PATH names`;
}

/**
 * @param {string} platform
 * @returns {string} why there is no binary
 */
function absence(platform) {
	if (!prebuiltPlatforms.includes(platform)) {
		return `has no prebuilt binary for ${platform}`;
	}
	return isInstalled(packageOf(platform))
		? `needs the package ${packageOf(platform)}, which is installed without its binary`
		: `needs the package ${packageOf(platform)}, which is not installed; npm leaves it out if --omit=optional ` +
				"is given, or if the lock file was made on another platform";
}

/**
 * @param {string} name
 * @returns {boolean} whether the package is installed, with or without its binary
 */
function isInstalled(name) {
	try {
		require.resolve(`${name}/package.json`);
		return true;
	} catch {
		return false;
	}
}

/**
 * What to do about each message of a system's loader (glibc, musl, macOS, Windows). Windows in another language gets the
 * general advice.
 *
 * @type {[RegExp, string][]}
 */
const remedies = [
	[
		/GLIBC\w*_[\d.]+' not found/,
		"The C library of this system is older than the binary needs: run it on a newer system, or build it from source " +
			"here, in a clone of the repository, with stable Rust, npm run build",
	],
	[/Too many open files/i, "Close files, or raise the limit of the process (ulimit -n), and try again"],
	[
		/Cannot allocate memory|not enough memory|paging file is too small/i,
		"Close programs, or raise the limits of the process, and try again",
	],
	[
		/failed to map segment|Operation not permitted/i,
		"Its file system (noexec) or a security policy forbids running code: install the package on another file system, or allow it",
	],
	[
		/blocked by group policy|policy has blocked|verify the digital signature|virus or potentially unwanted/i,
		"A security policy or a virus scanner of this system blocks the file: allow it there",
	],
	[
		/specified (?:module|procedure) could not be found/,
		"This Windows lacks a library or a function that the binary needs: run it on a newer Windows, or build it from " +
			"source here, in a clone of the repository, with stable Rust, npm run build",
	],
	[/being used by another process/, "Another program, such as a virus scanner, has the file open: try again"],
	[/Permission denied|Access is denied/i, "This user may not read or run the file: change its permissions"],
];

/**
 * What a message of a loader means, if it does not say so itself.
 *
 * @type {[RegExp, string][]}
 */
const hints = [
	// glibc also says this if the file exists but is built for another processor.
	[
		/\.node: cannot open shared object file: No such file|wrong ELF class|incompatible architecture/,
		" (it is built for another kind of machine)",
	],
	[/is not a valid Win32 application/, " (it is damaged, or built for another kind of machine)"],
	[/musl\S*: cannot open shared object file/, " (it is built for musl, and this system has glibc)"],
	[/Error loading shared library ld-linux/, " (it is built for glibc, and this system has musl)"],
];

/** A missing library. It must not be a C library, because then the binary is for another system. */
const missingLibrary =
	/^(?:Error loading shared library )?((?!\S*(?:musl|ld-linux))[^\s/:]+): (?:cannot open shared object file: )?No such file/;

/**
 * @param {string | undefined} code
 * @param {string} reason
 * @returns {string | undefined} what to do; undefined if the user needs another binary
 */
function remedyFor(code, reason) {
	if (code === "ERR_DLOPEN_DISABLED") {
		return allowAddons();
	}
	if (code === "ERR_ACCESS_DENIED") {
		return "Node's permission model is on: start Node with --allow-fs-read for the folder of the package";
	}
	const [, library] = missingLibrary.exec(reason) ?? [];
	if (library !== undefined) {
		return `Install the library ${library} on this system`;
	}
	return remedies.find(([pattern]) => pattern.test(reason))?.[1];
}

/** @returns {string} how to start Node so that it loads addons */
function allowAddons() {
	const options = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? "").split(/\s+/)];
	const isRestricted = "permission" in process && process.permission !== undefined;
	const without = "without --no-addons (NODE_OPTIONS may have it)";
	const allowed = "with --allow-addons, since its permission model is on";
	if (!isRestricted) {
		return `Start Node ${without}`;
	}
	return options.includes("--no-addons") ? `Start Node ${allowed}, and ${without}` : `Start Node ${allowed}`;
}

module.exports = { loadFailure };
