/**
 * `npm run package -- [--target TARGET]`: makes the VSIX for one platform, by default this machine's, from an addon
 * that is built already. Everything that goes in is gathered in a folder of its own first, so that nothing else can.
 */

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
		throw new Error(`${addon} is missing: build it for ${target} first (npm run build)`);
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
	copy(path.join(extensionFolder, manifest.icon), path.join(folder, path.dirname(manifest.icon)));
	copy(path.join(repository, "LICENSE"), folder);
	writeManifest(folder);
	// Tells vsce that all of the folder is meant.
	writeFileSync(path.join(folder, ".vscodeignore"), "");
	return folder;
}

/**
 * @param {string} source a file or a folder
 * @param {string} folder
 */
function copy(source, folder) {
	mkdirSync(folder, { recursive: true });
	cpSync(source, path.join(folder, path.basename(source)), { recursive: true });
}

/** @param {string} folder */
function writeManifest(folder) {
	const shipped = Object.fromEntries(
		Object.entries(manifest).filter(([name]) => !developmentMembers.includes(name)),
	);
	writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(shipped, null, "\t")}\n`);
}

/**
 * @param {Target} target
 * @param {string} folder
 * @returns {string} the VSIX
 */
function makePackage(target, folder) {
	const vsix = path.join(extensionFolder, `${manifest.name}-${target}-${manifest.version}.vsix`);
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
			"--no-rewrite-relative-links",
		],
		{ cwd: folder, stdio: "inherit" },
	);
	if (status !== 0) {
		throw new Error(`vsce ended with exit code ${status}`);
	}
	return vsix;
}

const { target } = parseArgs({ options: { target: { type: "string", default: ownTarget() } } }).values;
if (!isTarget(target)) {
	throw new Error(`no VSIX is made for ${target}; targets are ${Object.keys(addonPlatforms).join(", ")}`);
}
makePackage(target, await stage(target));
