/**
 * Debian's Rust, which compiles for other systems. Its sources of the standard library are where cargo looks for them, so
 * cargo can build that library for any target.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { installDebianPackages } from "./debian-packages.mjs";

const rustc = "/usr/bin/rustc";

/** @typedef {import("./debian-packages.mjs").DebianPackage} DebianPackage */

/** @type {DebianPackage[]} */
const rustPackages = [
	{ file: rustc, name: "rustc-web" },
	{ file: "/usr/lib/rustlib/src/rust/library/std/Cargo.toml", name: "rust-web-src" },
];

/** Options of cargo that build the standard library, and the library of its test harness. */
export const withStandardLibrary = ["-Z", "build-std=std,panic_unwind,test"];

/** @returns {NodeJS.ProcessEnv} an environment in which cargo uses Debian's compiler */
export function debianRustEnvironment() {
	// RUSTC_BOOTSTRAP allows `-Z build-std` in a stable compiler.
	return { ...process.env, RUSTC: rustc, RUSTC_BOOTSTRAP: "1" };
}

/**
 * Installs what is missing of Debian's Rust and of other packages.
 *
 * @param {DebianPackage[]} otherPackages
 * @throws {Error} if one cannot be installed, or if /usr/bin/rustc is another compiler
 */
export function installDebianRust(otherPackages) {
	const { status } = spawnSync("dpkg-query", ["--show", "rustc-web"], { stdio: "ignore" });
	if (existsSync(rustc) && status !== 0) {
		// The installation of rustc-web would remove it.
		throw new Error(
			`Tests for other systems need Debian's rustc-web, but another package has installed ${rustc}. Remove that ` +
				"package; for the repository itself, Rust from https://rustup.rs is enough.",
		);
	}
	installDebianPackages([...rustPackages, ...otherPackages]);
}
