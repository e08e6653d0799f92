/**
 * Runs the extension's tests in Windows' Node, with the addon that was built for Windows.
 *
 * Vitest's own code is that of the repository. Only its native packages are for another system; they are in the cache
 * folder, so that the repository's packages stay as npm installed them.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installNodePackages, repository } from "../../scripts/set-up.mjs";
import { outcomeOf, readEvents } from "./node-tests.mjs";
import { cacheFolder, windowsFolder, windowsNode } from "./tools.mjs";
import { eventsVariable } from "./vitest-events.mjs";
import { runWindowsProgram, windowsPath } from "./wine.mjs";

/** @typedef {import("./outcome.mjs").Outcome} Outcome */

const extensionFolder = path.join(repository, "extension");
const packagesFolder = path.join(cacheFolder, "vitest");
const logsFolder = path.join(cacheFolder, "logs");

/** What Vitest loads on Windows. The repository's lock file has their versions and checksums. */
const nativePackages = ["@rolldown/binding-win32-x64-msvc", "lightningcss-win32-x64-msvc"];

/** The tests take 15 seconds, and a minute beside other work. */
const timeoutMs = 5 * 60_000;

/**
 * Installs Vitest's native packages for Windows, unless those of the repository's lock file are there.
 *
 * @throws {Error} if npm fails
 */
export function installVitestForWindows() {
	mkdirSync(packagesFolder, { recursive: true });
	const { packages } = JSON.parse(readFileSync(path.join(repository, "package-lock.json"), "utf8"));
	/** @type {[string, { version: string, integrity: string }][]} */
	const locked = nativePackages.map((name) => [name, packages[`node_modules/${name}`]]);
	for (const [name, entry] of locked) {
		if (entry === undefined) {
			throw new Error(
				`package-lock.json has no ${name}: extension.mjs must name what Vitest loads on Windows`,
			);
		}
	}
	const manifest = {
		name: "vitest-on-windows",
		private: true,
		optionalDependencies: Object.fromEntries(locked.map(([name, { version }]) => [name, version])),
	};
	const lockedPackages = Object.fromEntries(
		// They are packages for development in the repository, but not here.
		locked.map(([name, entry]) => [`node_modules/${name}`, { ...entry, dev: undefined }]),
	);
	const lock = { name: manifest.name, lockfileVersion: 3, packages: { "": manifest, ...lockedPackages } };
	writeIfChanged(".npmrc", readFileSync(path.join(windowsFolder, ".npmrc"), "utf8"));
	writeIfChanged("package.json", JSON.stringify(manifest));
	writeIfChanged("package-lock.json", JSON.stringify(lock));
	installNodePackages(packagesFolder, "Vitest's native packages for Windows");
	const missing = nativePackages.filter(
		(name) => !existsSync(path.join(packagesFolder, "node_modules", name)),
	);
	if (missing.length > 0) {
		throw new Error(
			`npm did not install ${missing.join(", ")}: it needs a newer npm, which takes "os" from .npmrc`,
		);
	}
}

/**
 * An unchanged file keeps its time, which says whether the packages are current.
 *
 * @param {string} name
 * @param {string} text
 */
function writeIfChanged(name, text) {
	const file = path.join(packagesFolder, name);
	if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
		writeFileSync(file, text);
	}
}

/**
 * Runs the tests. Call {@link installVitestForWindows} first.
 *
 * @returns {Promise<Outcome>}
 */
export async function runExtensionTests() {
	const events = path.join(logsFolder, "extension.jsonl");
	mkdirSync(logsFolder, { recursive: true });
	rmSync(events, { force: true });
	const words = [
		path.relative(extensionFolder, path.join(repository, "node_modules", "vitest", "vitest.mjs")),
		"run",
		// Under Wine, a process for each file takes longer than its tests. The release tests the isolated files on Windows.
		"--no-isolate",
		"--reporter=default",
		`--reporter=${path.relative(extensionFolder, path.join(windowsFolder, "vitest-events.mjs"))}`,
	];
	const { exitCode, output } = await runWindowsProgram(windowsNode, words, {
		cwd: extensionFolder,
		log: path.join(logsFolder, "extension.txt"),
		timeoutMs,
		env: {
			NO_COLOR: "1",
			// Vitest's packages require their native ones, and `require` looks here last.
			NODE_PATH: windowsPath(path.join(packagesFolder, "node_modules")),
			[eventsVariable]: windowsPath(events),
		},
	});
	console.log(output.trim());
	return outcomeOf(testFiles(), readEvents(events), exitCode, timeoutMs);
}

/** @returns {string[]} the names of the test files; no two are the same */
function testFiles() {
	return ["unit", "integration"]
		.flatMap((folder) => {
			const inFolder = path.join(extensionFolder, "test", folder);
			return readdirSync(inFolder, { recursive: true, encoding: "utf8" });
		})
		.filter((file) => file.endsWith(".test.ts"))
		.map((file) => path.basename(file));
}
