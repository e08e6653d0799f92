/** Finds and loads the native binary for this platform: the file beside this one, or the npm package of the platform. */

"use strict";

const { closeSync, fstatSync, openSync, readSync } = require("node:fs");

/** The platforms that have an npm package, as its name spells them. */
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
module.exports.binaryFromEnvironment = binaryFromEnvironment;
module.exports.adjacentBinary = adjacentBinary;
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
 * Reads the diagnostic report of the process. The report excludes the network, because Node would look up the host
 * names of all connections.
 *
 * @returns {boolean} whether Node runs on musl; only on glibc does the report name the version of the C library
 */
function usesMusl() {
	const settings = /** @type {{ excludeNetwork?: boolean } | undefined} */ (process.report);
	if (settings === undefined) {
		// Another runtime than Node, without reports.
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
 * @returns {string} the name of its npm package
 */
function packageOf(platform) {
	return `coder-telemetry-export-${platform}`;
}

/** @returns {string | undefined} the binary that an environment variable names; every addon of napi-rs heeds it */
function binaryFromEnvironment() {
	return process.env.NAPI_RS_NATIVE_LIBRARY_PATH || undefined;
}

/** @returns {string | undefined} the binary in the folder of this file, if there is one */
function adjacentBinary() {
	return resolve(`./coder-telemetry-export.${ownPlatform()}.node`);
}

/**
 * Loads the first of these that exists: the binary that the environment variable names, the binary beside this file
 * (where a build puts it), the binary of the npm package. If it does not load, no other is tried.
 *
 * @returns {any} the exports of the binary
 * @throws {Error} the error of Node or the system; `MODULE_NOT_FOUND` if no binary exists
 */
function loadBinary() {
	const named = binaryFromEnvironment();
	if (named !== undefined) {
		return requireComplete(require.resolve(named));
	}
	return requireComplete(adjacentBinary() ?? require.resolve(packageOf(ownPlatform())));
}

/**
 * @param {string} module
 * @returns {string | undefined} its file, if there is one
 */
function resolve(module) {
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
 * @returns {any} its exports
 * @throws {Error} if the file is truncated, or does not load
 */
function requireComplete(file) {
	if (isTruncated(file)) {
		throw new Error(`${file}: file too short`);
	}
	return require(file);
}

/**
 * Linux maps a truncated binary without an error, and kills the process when it touches the missing part.
 *
 * @param {string} file
 * @returns {boolean} whether it is a 64-bit ELF file that lacks a part of the section table, which is at its end
 */
function isTruncated(file) {
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
		// If it cannot be read, require() throws the reason.
		return false;
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}
