/**
 * Prepares the folders of the npm packages: the main package, and one with the binary of each target. They are staged in a
 * separate folder, so that they contain only the files that are named here.
 */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";
import { runNapi } from "../napi.mjs";
import { manifest, releaseTargets } from "../targets.mjs";

/** @typedef {import("../targets.mjs").ReleaseTarget} ReleaseTarget */

/** Members of `package.json` for development. `private` prevents publishing the repository itself. */
const developmentMembers = ["private", "workspaces", "napi", "scripts", "devDependencies", "overrides"];

/** Files that npm always packs. */
const documents = ["README.md", "LICENSE"];
/** The licences of everything linked into the binaries. */
const thirdPartyLicences = "THIRD-PARTY-LICENSES.txt";

/**
 * @param {object} plan
 * @param {string} plan.artifacts the folder of the binaries
 * @param {ReleaseTarget[]} plan.targets to make packages for
 * @param {string} plan.folder output; emptied first
 * @param {string} [plan.repositoryUrl] of the sources; provenance is checked against it, and links are relative to it
 * @returns {string[]} the folders of the packages, the main package last
 */
export function stagePackages({ artifacts, targets, folder, repositoryUrl }) {
	rmSync(folder, { recursive: true, force: true });
	stageFiles(folder);
	writeManifest(folder, {
		...manifest,
		napi: { ...manifest.napi, targets: targets.map(({ triple }) => triple) },
	});
	runNapi(["create-npm-dirs", "--cwd", folder]);
	runNapi(["artifacts", "--cwd", folder, "--output-dir", path.resolve(artifacts)]);
	const platformFolders = targets.map((target) => path.join(folder, "npm", target.platform));
	for (const platformFolder of platformFolders) {
		finishPlatformPackage(platformFolder, repositoryUrl);
	}
	writeManifest(folder, { ...shippedManifest(), ...repositoryMember(repositoryUrl) });
	return [...platformFolders, folder];
}

/** @param {string} folder */
function stageFiles(folder) {
	for (const name of [...documents, ...manifest.files]) {
		cpSync(path.join(repository, name), path.join(folder, name), { recursive: true });
	}
}

/**
 * Adds the licence files and the repository, which napi does not add.
 *
 * @param {string} folder
 * @param {string | undefined} repositoryUrl
 */
function finishPlatformPackage(folder, repositoryUrl) {
	const platformManifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
	for (const name of ["LICENSE", thirdPartyLicences]) {
		cpSync(path.join(repository, name), path.join(folder, name));
	}
	writeManifest(folder, {
		...platformManifest,
		files: [...platformManifest.files, thirdPartyLicences],
		...repositoryMember(repositoryUrl),
	});
}

/** @returns {Record<string, unknown>} the published manifest, which depends on the binaries of the same version */
function shippedManifest() {
	const members = Object.entries(manifest).filter(([name]) => !developmentMembers.includes(name));
	return {
		...Object.fromEntries(members),
		optionalDependencies: Object.fromEntries(
			releaseTargets.map(({ packageName }) => [packageName, manifest.version]),
		),
	};
}

/** @param {string | undefined} url */
function repositoryMember(url) {
	return url === undefined ? {} : { repository: { type: "git", url: `git+${url}.git` } };
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} content
 */
function writeManifest(folder, content) {
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(content, null, "\t")}\n`);
}
