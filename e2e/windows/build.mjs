/**
 * Builds for Windows: the addon, the core's tests, and the programs of the scenarios. cargo rebuilds only what changed. It
 * can be run as a script, in the background of other work; it then also installs the tools.
 *
 * Uses only Node itself, because a fresh clone has no packages yet.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure, repository, run } from "../../scripts/set-up.mjs";
import { debianRustEnvironment, withStandardLibrary } from "../../scripts/testing/debian-rust.mjs";
import { cacheFolder, installTools, windowsFolder, windowsGcc } from "./tools.mjs";
import { makePrefix } from "./wine.mjs";

const target = "x86_64-pc-windows-gnu";
/** For the name of the addon, see `platform-package.js`. It is the MSVC build that is released for this platform. */
const addon = path.join(repository, "coder-telemetry-export.win32-x64-msvc.node");
const librariesFolder = path.join(cacheFolder, "libraries");

/** The built programs of `programs`. */
export const programsFolder = path.join(cacheFolder, "programs");

/** Crates that do most of the work in tests and are soon compiled. */
const optimized = [
	"crc32fast",
	"hashbrown",
	"itoa",
	"libz-rs-sys",
	"memchr",
	"serde_json",
	"sha2",
	"simdutf8",
	"zlib-rs",
];

/** A first build takes two minutes, and longer beside other work. */
const timeout = 20 * 60_000;

/**
 * @typedef {object} TestProgram
 * @property {string} name as `cargo test` has it, such as `reading`
 * @property {string} file
 */

/**
 * Makes all that the tests need, where it is not current. Installers and compilers print to standard error.
 *
 * @returns {TestProgram[]} the core's tests
 * @throws {Error} if something cannot be installed or built
 */
export function buildForWindows() {
	installTools();
	makePrefix();
	buildPrograms();
	return buildCrate();
}

/** Compiles each `programs/NAME.c`. It takes less than a second. */
function buildPrograms() {
	mkdirSync(programsFolder, { recursive: true });
	const sources = path.join(windowsFolder, "programs");
	for (const source of readdirSync(sources).filter((name) => name.endsWith(".c"))) {
		const program = path.join(programsFolder, `${path.basename(source, ".c")}.exe`);
		run(windowsGcc, ["-O1", "-Wall", "-Wextra", "-Werror", "-o", program, path.join(sources, source)]);
	}
}

/**
 * Builds the core's tests and the addon, and puts the addon beside `index.js`.
 *
 * Only the library that the addon and the tests of `tests/` use is optimized. The unit tests are built from all sources once
 * more, and to optimize them would take longer than they save.
 *
 * @returns {TestProgram[]}
 */
function buildCrate() {
	console.error("Building for Windows…");
	const units = cargoBuild(["--lib"]);
	const optimizedCrate = ["--config", 'profile.dev.package."coder-telemetry-export".opt-level=1'];
	const others = cargoBuild(["--test", "*", ...optimizedCrate]);
	const library = others
		.flatMap(({ filenames }) => filenames)
		.find((file) => path.basename(file) === "coder_telemetry_export.dll");
	const tests = [units, others].map((artifacts) =>
		artifacts.flatMap(({ executable, profile, target: { name } }) =>
			executable !== null && profile.test ? [{ name, file: executable }] : [],
		),
	);
	if (library === undefined || tests.some((programs) => programs.length === 0)) {
		throw new Error("cargo has built no addon or no tests for Windows");
	}
	copyFileSync(library, addon);
	return tests.flat();
}

/**
 * A line of cargo's output about something that it built, as far as it is used here.
 *
 * @typedef {object} Artifact
 * @property {string} reason `compiler-artifact`
 * @property {string[]} filenames
 * @property {string | null} executable
 * @property {{ test: boolean }} profile
 * @property {{ name: string }} target
 */

/**
 * @param {string[]} what which tests, and options
 * @returns {Artifact[]} what was built, now or before
 */
function cargoBuild(what) {
	const { status, error, stdout } = spawnSync(
		"cargo",
		[
			...["test", "--no-run", "--locked", "--target", target, ...what],
			// Debian has no standard library for this target.
			...withStandardLibrary,
			...optimized.flatMap((name) => ["--config", `profile.dev.package.${name}.opt-level=3`]),
			"--message-format=json-render-diagnostics",
		],
		{
			cwd: repository,
			env: buildEnvironment(),
			encoding: "utf8",
			maxBuffer: 2 ** 26,
			stdio: ["ignore", "pipe", process.stderr],
			timeout,
			killSignal: "SIGKILL",
		},
	);
	if (error !== undefined || status !== 0) {
		throw new Error(`Building for Windows failed: ${error?.message ?? `exit code ${status}`}`, {
			cause: error,
		});
	}
	return stdout
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line))
		.filter(({ reason }) => reason === "compiler-artifact");
}

/** @returns {NodeJS.ProcessEnv} */
function buildEnvironment() {
	return {
		...debianRustEnvironment(),
		CARGO_TARGET_DIR: path.join(cacheFolder, "target"),
		CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER: windowsGcc,
		// Smaller, and faster to link.
		CARGO_PROFILE_DEV_DEBUG: "0",
		CARGO_INCREMENTAL: "0",
		LIBNODE_PATH: makeEmptyNodeLibrary(),
	};
}

/**
 * napi-build links with `libnode.dll`. The addon takes nothing from it: it finds Node's functions when it is loaded.
 *
 * @returns {string} the folder of an empty library of that name
 */
function makeEmptyNodeLibrary() {
	mkdirSync(librariesFolder, { recursive: true });
	run(windowsGcc, [
		"-shared",
		"-nostdlib",
		"-x",
		"c",
		"/dev/null",
		"-Wl,--entry=0",
		"-o",
		path.join(librariesFolder, "libnode.dll"),
	]);
	return librariesFolder;
}

if (isProgram(import.meta.url)) {
	endOnFailure(buildForWindows);
}
