/** Finds the native binary for this machine: beside this file, or in the npm package of the platform. */

"use strict";

const { closeSync, fstatSync, openSync, readSync } = require("node:fs");

/** The platforms that have a package, spelled as in its name. */
const prebuiltPlatforms = [
	"darwin-arm64",
	"darwin-x64",
	"linux-arm64-gnu",
	"linux-arm64-musl",
	"linux-x64-gnu",
	"linux-x64-musl",
	"win32-arm64-msvc",
	"win32-x64-msvc",
];

module.exports.prebuiltPlatforms = prebuiltPlatforms;
module.exports.ownPlatform = ownPlatform;
module.exports.packageOf = packageOf;
module.exports.namedBinary = namedBinary;
module.exports.binaryBeside = binaryBeside;
module.exports.loadBinary = loadBinary;

/** @type {string | undefined} */
let knownPlatform;

/** @returns {string} the platform of this process, even if there is no binary for it */
function ownPlatform() {
	knownPlatform ??= findPlatform();
	return knownPlatform;
}

function findPlatform() {
	const machine = `${process.platform}-${process.arch}`;
	switch (process.platform) {
		case "linux": {
			const library = usesMusl() ? "musl" : "gnu";
			return `${machine}-${library}${process.arch === "arm" ? "eabihf" : ""}`;
		}
		case "win32":
			return `${machine}-msvc`;
		default:
			return machine;
	}
}

/**
 * Reads Node's diagnostic report, without its network section, for which Node would look up the names of all connections.
 *
 * @returns {boolean} whether Node runs on musl; only on glibc does the report contain the version of the C library
 */
function usesMusl() {
	const settings = /** @type {{ excludeNetwork?: boolean } | undefined} */ (process.report);
	if (settings === undefined) {
		// Not Node, but a runtime that imitates it.
		return false;
	}
	const before = settings.excludeNetwork;
	settings.excludeNetwork = true;
	try {
		const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
		return report.header.glibcVersionRuntime === undefined;
	} finally {
		settings.excludeNetwork = before;
	}
}

/**
 * @param {string} platform
 * @returns {string} the npm package that holds the binary for it
 */
function packageOf(platform) {
	return `coder-telemetry-export-${platform}`;
}

/** @returns {string | undefined} the binary that the environment names instead of ours, as for other napi-rs addons */
function namedBinary() {
	return process.env.NAPI_RS_NATIVE_LIBRARY_PATH || undefined;
}

/** @returns {string | undefined} the path of the binary beside this file, if there is one */
function binaryBeside() {
	return resolved(`./coder-telemetry-export.${ownPlatform()}.node`);
}

/**
 * Loads the first binary that exists: the one that the environment names, the one that a build puts beside this file, or
 * the one in the platform's package. If it does not load, the others are not tried.
 *
 * @returns {any} what the binary exports
 * @throws {Error} if there is none (`MODULE_NOT_FOUND`), or if it does not load: the error of Node or the system
 */
function loadBinary() {
	const named = namedBinary();
	if (named !== undefined) {
		return loadWhole(require.resolve(named));
	}
	return loadWhole(binaryBeside() ?? require.resolve(packageOf(ownPlatform())));
}

/**
 * @param {string} module
 * @returns {string | undefined} its path; nothing if it does not exist
 */
function resolved(module) {
	try {
		return require.resolve(module);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === "MODULE_NOT_FOUND") {
			return undefined;
		}
		throw error;
	}
}

/**
 * @param {string} file
 * @returns {any} what it exports
 */
function loadWhole(file) {
	if (isCutOff(file)) {
		throw new Error(`${file}: file too short`);
	}
	return require(file);
}

/**
 * Linux maps a truncated binary without complaint, and kills the process when it touches the missing part.
 *
 * @param {string} file
 * @returns {boolean} whether it is a 64-bit ELF file without its end, which is its table of sections
 */
function isCutOff(file) {
	if (process.platform !== "linux" || !file.endsWith(".node")) {
		return false;
	}
	let descriptor;
	try {
		descriptor = openSync(file, "r");
		const header = Buffer.alloc(64);
		if (
			readSync(descriptor, header) < header.length ||
			header.toString("latin1", 0, 6) !== "\x7fELF\x02\x01"
		) {
			return false;
		}
		const tableEnd = header.readBigUInt64LE(40) + BigInt(header.readUInt16LE(58) * header.readUInt16LE(60));
		return BigInt(fstatSync(descriptor).size) < tableEnd;
	} catch {
		// Loading the file will report why it cannot be read.
		return false;
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}
