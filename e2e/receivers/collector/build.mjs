/**
 * Builds the Collector from `manifest.yaml`, unless it is already built. The first build takes minutes; with Go's caches
 * it takes seconds. It can be run as a script, in the background of other work.
 *
 * Uses only Node itself, because a fresh clone has no packages yet.
 */

import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isProgram } from "../../../scripts/programs.mjs";
import { endOnFailure, run } from "../../../scripts/set-up.mjs";
import { goEnvironment } from "../../../scripts/testing/go.mjs";

const folder = path.dirname(fileURLToPath(import.meta.url));
const manifest = path.join(folder, "manifest.yaml");
const dist = {
	name: setting("name"),
	version: setting("version"),
	output: path.join(folder, setting("output_path")),
};
/** A copy of the manifest of the last completed build. */
const builtManifest = path.join(dist.output, "manifest.yaml");

/** The built Collector. */
export const collectorProgram = path.join(dist.output, dist.name);

/** A first build takes about five minutes, and longer beside other work. */
const timeout = 30 * 60_000;

/**
 * Builds the Collector if needed. Go prints to standard error.
 *
 * @throws {Error} if Go or a module is not available, or the build fails
 */
export function buildCollector() {
	if (isBuilt()) {
		return;
	}
	console.error(`Building the Collector, version ${dist.version}…`);
	rmSync(builtManifest, { force: true });
	const started = performance.now();
	const builder = `go.opentelemetry.io/collector/cmd/builder@v${dist.version}`;
	run("go", ["run", builder, "--config=manifest.yaml"], { cwd: folder, env: goEnvironment(), timeout });
	copyFileSync(manifest, builtManifest);
	console.error(`Built the Collector in ${Math.round((performance.now() - started) / 1000)} s.`);
}

/**
 * @param {string} name
 * @returns {string} its value in the manifest's `dist`
 */
function setting(name) {
	const value = new RegExp(`^  ${name}: (.*)$`, "m").exec(readFileSync(manifest, "utf8"))?.[1];
	if (value === undefined) {
		throw new Error(`${manifest} has no ${name}`);
	}
	return value;
}

function isBuilt() {
	return (
		existsSync(collectorProgram) &&
		existsSync(builtManifest) &&
		readFileSync(builtManifest, "utf8") === readFileSync(manifest, "utf8")
	);
}

if (isProgram(import.meta.url)) {
	endOnFailure(buildCollector);
}
