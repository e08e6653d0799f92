/** Finds the npm packages in the extension's bundle, and those that are installed with the main package. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle } from "../../extension/scripts/bundle.mjs";

/**
 * @typedef {object} NodePackage
 * @property {string} name
 * @property {string} version
 * @property {string | undefined} license
 * @property {string | undefined} repository
 * @property {string} folder
 */

/**
 * Our own packages with binaries are allowed. Any other dependency would need a notice.
 *
 * @param {Record<string, any>} manifest of the main package
 * @returns {string[]} dependencies that are not ours
 */
export function foreignDependencies({ name, dependencies, optionalDependencies, peerDependencies }) {
	const installed = { ...dependencies, ...optionalDependencies, ...peerDependencies };
	return Object.keys(installed).filter((dependency) => !dependency.startsWith(`${name}-`));
}

/** @returns {Promise<NodePackage[]>} the packages whose code is in the extension's bundle */
export async function readBundledPackages() {
	const folder = mkdtempSync(path.join(os.tmpdir(), "licences-"));
	try {
		const inputs = await bundle(folder);
		return packageFolders(inputs).map(readPackage);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * @param {readonly string[]} inputs files of a bundle
 * @returns {string[]} the folders of their installed packages, without repetitions
 */
export function packageFolders(inputs) {
	const folders = inputs.map((input) => {
		// The last `node_modules`, because packages may be installed inside packages.
		const match = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input.replaceAll("\\", "/"));
		return match?.[0];
	});
	return [...new Set(folders)].filter((folder) => folder !== undefined);
}

/**
 * @param {string} folder
 * @returns {NodePackage}
 */
function readPackage(folder) {
	const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
	const { name, version, license, repository } = manifest;
	return { name, version, license, repository: repository?.url ?? repository, folder };
}
