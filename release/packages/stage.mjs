/**
 * The npm packages as folders, ready to be packed: the main package, and one for the binary of each target. They are
 * gathered in a folder of their own, so that nothing but what is named here can get in.
 */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";
import { runNapi } from "../napi.mjs";
import { manifest, releaseTargets } from "../targets.mjs";

/** @typedef {import("../targets.mjs").ReleaseTarget} ReleaseTarget */

/** What `package.json` says for development only; it is private, lest the folder itself be published. */
const developmentMembers = ["private", "workspaces", "napi", "scripts", "devDependencies", "overrides"];

/** What npm packs without being told. */
const documents = ["README.md", "LICENSE"];
/** The licences of what is linked into each binary. */
const thirdPartyLicences = "THIRD-PARTY-LICENSES.txt";

/**
 * @param {object} plan
 * @param {string} plan.artifacts the folder of the binaries
 * @param {ReleaseTarget[]} plan.targets those whose packages are made
 * @param {string} plan.folder what it held is removed
 * @param {string} [plan.repositoryUrl] of the sources: provenance is checked against it, and links start there
 * @returns {string[]} the folders to be packed, the main package's last
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
 * Adds what napi does not know of.
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

/** @returns {Record<string, unknown>} the manifest that users get, which asks for the binaries of the same version */
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
