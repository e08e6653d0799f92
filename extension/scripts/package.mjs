/**
 * `npm run package -- [--target TARGET] [--out FOLDER] [--images-url URL]`: makes the VSIX for one platform, by default
 * this machine's, from an addon that is built already. Everything that goes in is gathered in a folder of its own
 * first, so that nothing else can.
 *
 * Editors and marketplaces show pictures of a page from the web only. A release says with `--images-url` where this
 * folder can be had; without it, a page shows the descriptions of its pictures instead.
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

/** What `package.json` says for development only. */
const developmentMembers = ["private", "scripts", "devDependencies"];

const manifest = JSON.parse(readFileSync(path.join(extensionFolder, "package.json"), "utf8"));

/**
 * @param {Target} target
 * @returns {string} the file of the addon for it
 * @throws {Error} where it is not there
 */
function findAddon(target) {
	const addon = path.join(repository, `coder-telemetry-export.${addonPlatforms[target]}.node`);
	if (!existsSync(addon)) {
		throw new Error(`${addon} is missing. Build the addon for ${target} first.`);
	}
	return addon;
}

/**
 * Gathers what the VSIX holds.
 *
 * @param {Target} target
 * @returns {Promise<string>} the folder
 */
async function stage(target) {
	const addon = findAddon(target);
	const folder = path.join(extensionFolder, "dist", target);
	rmSync(folder, { recursive: true, force: true });
	const bundleFolder = path.join(folder, "dist");
	await bundle(bundleFolder);
	copy(addon, path.join(bundleFolder, addonFolder));
	for (const name of ["index.js", "binding.js"]) {
		copy(path.join(repository, name), path.join(bundleFolder, addonFolder));
	}
	for (const name of ["README.md", "CHANGELOG.md"]) {
		copy(path.join(extensionFolder, name), folder);
	}
	const media = path.join(extensionFolder, "media");
	for (const picture of readdirSync(media).filter((name) => name.endsWith(".png"))) {
		copy(path.join(media, picture), path.join(folder, "media"));
	}
	copy(path.join(repository, "LICENSE"), folder);
	writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(shippedManifest(), null, "\t")}\n`);
	// Tells vsce that all of the folder is meant.
	writeFileSync(path.join(folder, ".vscodeignore"), "");
	return folder;
}

/**
 * @param {string} file
 * @param {string} folder made if missing
 */
function copy(file, folder) {
	mkdirSync(folder, { recursive: true });
	copyFileSync(file, path.join(folder, path.basename(file)));
}

/** @returns {Record<string, unknown>} `package.json` without what only developers need */
function shippedManifest() {
	return Object.fromEntries(Object.entries(manifest).filter(([name]) => !developmentMembers.includes(name)));
}

/**
 * @param {Target} target
 * @param {string} folder what it holds
 * @param {string} outputFolder
 * @param {string | undefined} imagesUrl where pictures of the page can be had; nothing to leave them as they are
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
		out,
		"images-url": imagesUrl,
	} = parseArgs({
		options: {
			target: { type: "string", default: ownTarget() },
			out: { type: "string", default: extensionFolder },
			"images-url": { type: "string" },
		},
	}).values;
	if (!isTarget(target)) {
		throw new Error(`No VSIX is made for ${target}. Targets are ${Object.keys(addonPlatforms).join(", ")}.`);
	}
	makePackage(target, await stage(target), path.resolve(out), imagesUrl);
}

try {
	await main();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
