/**
 * `npm run check:platforms`: lints the code for systems that this machine cannot run, so that it compiles there without a
 * warning. It needs no linker, and no files of those systems. Debian x64 only.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endOnFailure, repository, run } from "./set-up.mjs";
import { debianRustEnvironment, installDebianRust, withStandardLibrary } from "./testing/debian-rust.mjs";

/** For Windows also the tests, since they have much that only Windows compiles. */
const checks = [
	{ what: ["--all-targets"], targets: ["x86_64-pc-windows-gnu"] },
	{ what: ["--lib"], targets: ["aarch64-apple-darwin", "aarch64-unknown-linux-gnu"] },
];

const linter = "/usr/bin/cargo-clippy";
const folder = path.join(repository, "target", "platforms");
/** The first time takes about three minutes, and longer beside other work. */
const timeout = 20 * 60_000;

function checkPlatforms() {
	installDebianRust([{ file: linter, name: "rust-web-clippy" }]);
	mkdirSync(folder, { recursive: true });
	// napi-build looks for this file if the target is Windows. Nothing is linked, so that it can be empty.
	writeFileSync(path.join(folder, "libnode.dll"), "");
	const env = { ...debianRustEnvironment(), CARGO_TARGET_DIR: folder, LIBNODE_PATH: folder };
	for (const { what, targets } of checks) {
		const options = targets.flatMap((target) => ["--target", target]);
		const words = ["clippy", "--locked", ...what, ...options, ...withStandardLibrary, "--", "-D", "warnings"];
		// This lint does not see the `const` of thread_local! on MinGW's targets.
		words.push("-A", "clippy::missing_const_for_thread_local");
		run(linter, words, { env, timeout });
		console.log(`No warnings for ${targets.join(" and ")}`);
	}
}

endOnFailure(checkPlatforms);
