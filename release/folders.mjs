/** Folders for the artifacts of a release. Git ignores them. Uses no installed package, because publish.mjs may not. */

import path from "node:path";
import { repository } from "../scripts/set-up.mjs";

/** Everything that a release builds. */
export const artifactsFolder = path.join(repository, "artifacts");

/** Default folder of packed npm packages. */
export const packagesFolder = path.join(artifactsFolder, "packages");

/** Default folder of packed extensions. */
export const extensionsFolder = path.join(artifactsFolder, "extension");

/**
 * @param {string} artifacts
 * @param {{ triple: string }} target
 * @returns {string} the folder of the target's binary
 */
export function bindingsFolder(artifacts, { triple }) {
	return path.join(artifacts, `bindings-${triple}`);
}
