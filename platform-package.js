/** Which native binary is for a machine, and where it is: beside this file, or in an npm package called after the platform. */

"use strict";

const { closeSync, fstatSync, openSync, readSync } = require("node:fs");

/** The platforms that have a package, as in the names of the packages. */
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

/** @returns {string} the platform of this process, whether there is a binary for it or not */
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
 * Asks the report of the process, which Node writes without the network: for that it would look up the names of all
 * connections.
 *
 * @returns {boolean} whether Node runs on musl, whose report, unlike glibc's, names no C library version
 */
function usesMusl() {
	const settings = /** @type {{ excludeNetwork?: boolean } | undefined} */ (process.report);
	if (settings === undefined) {
		// A program that only looks like Node.
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

/** @returns {string | undefined} the binary that the environment names instead of ours, as for other addons of napi-rs */
function namedBinary() {
	return process.env.NAPI_RS_NATIVE_LIBRARY_PATH || undefined;
}

/** @returns {string | undefined} the file of the binary beside this one, if there is one */
function binaryBeside() {
	return resolved(`./coder-telemetry-export.${ownPlatform()}.node`);
}

/**
 * Loads the binary that the environment names, else the one beside this file, as a build puts it, else that of the
 * package. The first that is there is the one: if it does not load, no other takes its place.
 *
 * @returns {any} what the binary exports
 * @throws {Error} if there is none (`MODULE_NOT_FOUND`), or it does not load: what Node or the system says
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
 * @returns {string | undefined} its file; nothing if there is none
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
 * Linux maps a binary without a look at its length, and kills the process that touches what is missing.
 *
 * @param {string} file
 * @returns {boolean} whether it is a 64-bit ELF file that lacks its end, where its table of sections is
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
		// Why it cannot be read is what loading it tells.
		return false;
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
}
