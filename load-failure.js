/** Explains why the native binary does not load, and what the user can do. */

"use strict";

const {
	binaryBeside,
	namedBinary,
	ownPlatform,
	packageOf,
	prebuiltPlatforms,
} = require("./platform-package.js");

/**
 * @typedef {object} Explanation
 * @property {string} problem why the binary does not load, in words that follow "coder-telemetry-export"
 * @property {string} [remedy] what to do; absent if another binary is needed
 */

/**
 * @param {NodeJS.ErrnoException} cause the error of Node or the system
 * @returns {Error & Explanation} the error for the user; its message contains problem and remedy
 */
function loadFailure(cause) {
	const explanation = explain(cause);
	const { problem, remedy = otherBinary() } = explanation;
	return Object.assign(new Error(`coder-telemetry-export ${problem}. ${remedy}`, { cause }), explanation);
}

/** @returns {string} how to get a binary that loads */
function otherBinary() {
	const platform = ownPlatform();
	const build = "in a clone of the repository, with stable Rust, npm run build";
	if (namedBinary() !== undefined) {
		return `Unset it, or build it from source: ${build}`;
	}
	if (!prebuiltPlatforms.includes(platform)) {
		return `Run it where it has one (${prebuiltPlatforms.join(", ")}), or build it from source: ${build}`;
	}
	const install = `npm install ${packageOf(platform)}@${require("./package.json").version}`;
	const beside = binaryBeside();
	if (beside !== undefined) {
		return `Build it anew: ${build}; or remove ${beside} and install the package: ${install}`;
	}
	const anew = isInstalled(packageOf(platform)) ? " anew" : "";
	return `Install it${anew}: ${install}, or build it from source: ${build}`;
}

/**
 * @param {NodeJS.ErrnoException} cause
 * @returns {Explanation}
 */
function explain(cause) {
	const said = (cause.message.split("\n", 1)[0] ?? "").replace(/\.$/, "");
	const reason = said + (hints.find(([pattern]) => pattern.test(said))?.[1] ?? "");
	const named = namedBinary();
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
		? `needs the binary of the package ${packageOf(platform)}, which is not in it`
		: `needs the package ${packageOf(platform)}, which is not installed; npm leaves it out with ` +
				"--omit=optional, and with a lock file that was made on another platform";
}

/**
 * @param {string} name
 * @returns {boolean} whether the package is installed, even if its binary is missing
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
 * Remedies by the messages of the system's loader: that of glibc, musl, macOS or Windows.
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
		/Cannot allocate memory|not enough memory/i,
		"Close programs, or raise the limits of the process, and try again",
	],
	[
		/failed to map segment|Operation not permitted/i,
		"Its file system (noexec) or a security policy forbids running code: install the package on another file system, or allow it",
	],
	[/Permission denied|Access is denied/i, "This user may not read or run the file: change its permissions"],
];

/**
 * Explanations of loader messages that do not explain themselves.
 *
 * @type {[RegExp, string][]}
 */
const hints = [
	// The file exists, but glibc ignores libraries for other processors.
	[
		/\.node: cannot open shared object file: No such file|wrong ELF class|incompatible architecture/,
		" (it is built for another kind of machine)",
	],
	[/musl\S*: cannot open shared object file/, " (it is built for musl, and this system has glibc)"],
	[/Error loading shared library ld-linux/, " (it is built for glibc, and this system has musl)"],
];

/** A missing library of the system. A missing C library does not count: it means that the binary is for the other one. */
const missingLibrary =
	/^(?:Error loading shared library )?((?!\S*(?:musl|ld-linux))[^\s/:]+): (?:cannot open shared object file: )?No such file/;

/**
 * @param {string | undefined} code
 * @param {string} reason
 * @returns {string | undefined} what to do; nothing if another binary is needed
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
	const without = "without --no-addons (it may stand in NODE_OPTIONS)";
	const allowed = "with --allow-addons, since its permission model is on";
	if (!isRestricted) {
		return `Start Node ${without}`;
	}
	return options.includes("--no-addons") ? `Start Node ${allowed}, and ${without}` : `Start Node ${allowed}`;
}

module.exports = { loadFailure };
