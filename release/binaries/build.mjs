/**
 * `npm run build:release -- [--target TRIPLE] [--artifacts FOLDER]`: builds the addon for a release into
 * `FOLDER/bindings-TRIPLE`. The default target is this machine's. Zig links the Linux binaries, so any Linux can build for
 * every Linux target. Binaries for macOS and Windows are built on those systems.
 */

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure } from "../../scripts/set-up.mjs";
import { artifactsFolder, bindingsFolder } from "../folders.mjs";
import { runNapi } from "../napi.mjs";
import { ownTarget, targetOf } from "../targets.mjs";
import { oldestGlibc } from "./platform.mjs";
import { zigEnvironment } from "./zig.mjs";

/** @typedef {import("../targets.mjs").ReleaseTarget} ReleaseTarget */

/** Written by napi beside the binary. */
const declarations = "index.d.ts";

/**
 * @param {ReleaseTarget} target
 * @param {string} artifacts
 * @returns {string} the folder, which contains only the binary
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
	// Not released from here: the package has the committed declarations.
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
