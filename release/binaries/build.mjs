/**
 * `npm run build:release -- [--target TRIPLE] [--artifacts FOLDER]`: builds the addon for one target as it is released,
 * by default this machine's, into `FOLDER/bindings-TRIPLE`. On Linux it is linked by Zig, on any Linux for any; macOS
 * and Windows build their own.
 */

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure } from "../../scripts/set-up.mjs";
import { artifactsFolder, bindingsFolder } from "../folders.mjs";
import { runNapi } from "../napi.mjs";
import { ownTarget, targetOf } from "../targets.mjs";
import { oldestGlibc } from "./machine.mjs";
import { zigEnvironment } from "./zig.mjs";

/** @typedef {import("../targets.mjs").ReleaseTarget} ReleaseTarget */

/** What napi writes beside a binary. */
const declarations = "index.d.ts";

/**
 * @param {ReleaseTarget} target
 * @param {string} artifacts
 * @returns {string} the folder with its binary, and nothing else of an earlier build
 */
export function buildAddon(target, artifacts) {
	const folder = bindingsFolder(artifacts, target);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const isLinux = target.operatingSystem === "linux";
	runNapi(
		[
			...["build", "--platform", "--release", "--no-js", "--output-dir", folder, "--dts", declarations],
			...["--target", isLinux && target.abi === "gnu" ? `${target.triple}.${oldestGlibc}` : target.triple],
			...(isLinux ? ["--cross-compile"] : []),
			...["--", "--locked"],
		],
		isLinux ? { env: zigEnvironment() } : {},
	);
	// No part of an artefact: those of the repository are checked against a build of their own.
	rmSync(path.join(folder, declarations));
	return folder;
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => {
		const { target, artifacts } = parseArgs({
			options: {
				target: { type: "string" },
				artifacts: { type: "string", default: artifactsFolder },
			},
		}).values;
		buildAddon(target === undefined ? ownTarget() : targetOf(target), path.resolve(artifacts));
	});
}
