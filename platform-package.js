/** Which prebuilt binary is for a machine: each is an npm package of its own, called after a platform. */

"use strict";

/** The platforms that have one, as in the names of the packages. */
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

/** @returns {string} the platform of this process, whether there is a binary for it or not */
function ownPlatform() {
	const machine = `${process.platform}-${process.arch}`;
	switch (process.platform) {
		case "linux":
			return `${machine}-${usesMusl() ? "musl" : "gnu"}`;
		case "win32":
			return `${machine}-msvc`;
		default:
			return machine;
	}
}

/** @returns {boolean} whether Node runs on musl, whose report, unlike glibc's, names no C library version */
function usesMusl() {
	const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
	return report.header.glibcVersionRuntime === undefined;
}

/**
 * @param {string} platform
 * @returns {string} the npm package that holds the binary for it
 */
function packageOf(platform) {
	return `coder-telemetry-export-${platform}`;
}
