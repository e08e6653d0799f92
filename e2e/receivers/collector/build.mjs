/**
 * Builds the Collector of `manifest.yaml`: minutes the first time, seconds once Go has its modules and objects in its
 * caches, nothing where it is built already. Run as a script it does just that, in the background of other work.
 *
 * Uses nothing but Node itself, because in a fresh clone there is nothing else yet.
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
/** A copy of the manifest of the last build that was finished. */
const builtManifest = path.join(dist.output, "manifest.yaml");

/** The Collector's program, once it is built. */
export const collectorProgram = path.join(dist.output, dist.name);

/** From nothing and beside other work; alone it takes about five minutes. */
const timeout = 30 * 60_000;

/**
 * Builds the Collector unless it is there. What Go prints goes to standard error.
 *
 * @throws {Error} where Go or a module cannot be had, or the build fails
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
 * @returns {string} of the manifest's `dist`
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
