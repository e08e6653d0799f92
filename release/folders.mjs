/** Where what is released is gathered; git ignores it. Needs no installed package, like those who publish from here. */

import path from "node:path";
import { repository } from "../scripts/set-up.mjs";

/** Everything that is made for a release. */
export const artifactsFolder = path.join(repository, "artifacts");

/** The packed npm packages, by default. */
export const packagesFolder = path.join(artifactsFolder, "packages");

/** The packed extensions, by default. */
export const extensionsFolder = path.join(artifactsFolder, "extension");

/**
 * @param {string} artifacts
 * @param {{ triple: string }} target
 * @returns {string} where the binary of the target is
 */
export function bindingsFolder(artifacts, { triple }) {
	return path.join(artifacts, `bindings-${triple}`);
}
