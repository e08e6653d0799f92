/**
 * `npm run check:platforms`: lints the code for systems that this machine cannot run, so that it compiles there without a
 * warning. It needs no linker, and no files of those systems. Debian x64 only.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endOnFailure, repository, run } from "./set-up.mjs";
import { debianRustEnvironment, installDebianRust, withStandardLibrary } from "./testing/debian-rust.mjs";

/** One for each system, and one for a processor on which characters of C have no sign. */
const targets = ["x86_64-pc-windows-gnu", "aarch64-apple-darwin", "aarch64-unknown-linux-gnu"];

const linter = "/usr/bin/cargo-clippy";
const folder = path.join(repository, "target", "platforms");
/** Without the standard library they take seconds. */
const timeout = 20 * 60_000;

function checkPlatforms() {
	installDebianRust([{ file: linter, name: "rust-web-clippy" }]);
	mkdirSync(folder, { recursive: true });
	// napi-build looks for this file if the target is Windows. Nothing is linked, so that it can be empty.
	writeFileSync(path.join(folder, "libnode.dll"), "");
	run(
		linter,
		[
			...["clippy", "--locked", "--all-targets", ...withStandardLibrary],
			...targets.flatMap((target) => ["--target", target]),
			...["--", "-D", "warnings"],
		],
		{ env: { ...debianRustEnvironment(), CARGO_TARGET_DIR: folder, LIBNODE_PATH: folder }, timeout },
	);
	console.log(`No warnings for ${targets.join(", ")}`);
}

endOnFailure(checkPlatforms);
