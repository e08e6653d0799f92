/**
 * `npm run package -- [--target TARGET] [--addons FOLDER] [--out FOLDER] [--images-url URL] [--repository URL]`: makes
 * the VSIX for one platform, by default this machine's. The addon must already be built, at the top of the repository or
 * in the folder `--addons`. The contents are copied to a staging folder first, so that nothing else gets into the VSIX.
 *
 * Editors and marketplaces show the pictures of the README only from the web. A release gives the URL of this folder with
 * `--images-url`; without it, the README shows the pictures' descriptions. A release also gives its `--repository`, for
 * the links beside the README.
 */

import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";
import { addonFolder, bundle } from "./bundle.mjs";
import { extensionFolder, repository } from "./folders.mjs";
import { addonPlatforms, isTarget, ownTarget } from "./targets.mjs";

/** @typedef {import("./targets.mjs").Target} Target */

/** The members of `package.json` that are only for development. */
const developmentMembers = ["private", "scripts", "devDependencies"];

const manifest = JSON.parse(readFileSync(path.join(extensionFolder, "package.json"), "utf8"));

/**
 * @param {Target} target
 * @param {string} addons the folder of the addon's files
 * @returns {string} the addon for the target
 * @throws {Error} if it is missing
 */
function findAddon(target, addons) {
	const addon = path.join(addons, `coder-telemetry-export.${addonPlatforms[target]}.node`);
	if (!existsSync(addon)) {
		throw new Error(`${addon} is missing. Build the addon for ${target} first.`);
	}
	return addon;
}

/**
 * Copies the contents of the VSIX to a staging folder.
 *
 * @param {Target} target
 * @param {string} addon
 * @param {string | undefined} repositoryUrl
 * @returns {Promise<string>} the folder
 */
async function stage(target, addon, repositoryUrl) {
	const folder = path.join(extensionFolder, "dist", target);
	rmSync(folder, { recursive: true, force: true });
	const bundleFolder = path.join(folder, "dist");
	await bundle(bundleFolder);
	stageAddon(addon, path.join(bundleFolder, addonFolder));
	for (const name of ["README.md", "CHANGELOG.md"]) {
		copy(path.join(extensionFolder, name), folder);
	}
	const media = path.join(extensionFolder, "media");
	for (const picture of readdirSync(media).filter((name) => name.endsWith(".png"))) {
		copy(path.join(media, picture), path.join(folder, "media"));
	}
	for (const name of ["LICENSE", "THIRD-PARTY-LICENSES.txt"]) {
		copy(path.join(repository, name), folder);
	}
	writeManifest(folder, shippedManifest(repositoryUrl));
	// Makes vsce include the whole folder.
	writeFileSync(path.join(folder, ".vscodeignore"), "");
	return folder;
}

/**
 * Stages the addon as a package with its entry point and its binary.
 *
 * @param {string} addon
 * @param {string} folder
 */
function stageAddon(addon, folder) {
	copy(addon, folder);
	for (const name of ["index.js", "load-failure.js", "platform-package.js"]) {
		copy(path.join(repository, name), folder);
	}
	const { name, version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
	writeManifest(folder, { name, version, main: "index.js" });
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} content
 */
function writeManifest(folder, content) {
	writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(content, null, "\t")}\n`);
}

/**
 * @param {string} file
 * @param {string} folder made if missing
 */
function copy(file, folder) {
	mkdirSync(folder, { recursive: true });
	copyFileSync(file, path.join(folder, path.basename(file)));
}

/**
 * @param {string | undefined} repositoryUrl
 * @returns {Record<string, unknown>} `package.json` without the development members
 */
function shippedManifest(repositoryUrl) {
	const shipped = Object.entries(manifest).filter(([name]) => !developmentMembers.includes(name));
	const source = repositoryUrl === undefined ? {} : { repository: { type: "git", url: repositoryUrl } };
	return { ...Object.fromEntries(shipped), ...source };
}

/**
 * @param {Target} target
 * @param {string} folder the staging folder
 * @param {string} outputFolder
 * @param {string | undefined} imagesUrl the URL of the pictures; undefined to keep relative links
 */
function makePackage(target, folder, outputFolder, imagesUrl) {
	const vsix = path.join(outputFolder, `${manifest.name}-${target}-${manifest.version}.vsix`);
	const vsce = createRequire(import.meta.url).resolve("@vscode/vsce/vsce");
	const { status } = spawnSync(
		process.execPath,
		[
			vsce,
			"package",
			...["--target", target],
			...["--out", vsix],
			"--no-dependencies",
			"--allow-missing-repository",
			...(imagesUrl === undefined ? ["--no-rewrite-relative-links"] : ["--baseImagesUrl", imagesUrl]),
		],
		{ cwd: folder, stdio: "inherit" },
	);
	if (status !== 0) {
		throw new Error(`vsce ended with exit code ${status}`);
	}
}

async function main() {
	const {
		target,
		addons,
		out,
		"images-url": imagesUrl,
		repository: repositoryUrl,
	} = parseArgs({
		options: {
			target: { type: "string", default: ownTarget() },
			addons: { type: "string", default: repository },
			out: { type: "string", default: extensionFolder },
			"images-url": { type: "string" },
			repository: { type: "string" },
		},
	}).values;
	if (!isTarget(target)) {
		throw new Error(`No VSIX is made for ${target}. Targets are ${Object.keys(addonPlatforms).join(", ")}.`);
	}
	const addon = findAddon(target, addons);
	makePackage(target, await stage(target, addon, repositoryUrl), path.resolve(out), imagesUrl);
}

try {
	await main();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
