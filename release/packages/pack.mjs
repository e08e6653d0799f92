/**
 * `node release/packages/pack.mjs [--artifacts FOLDER] [--targets TRIPLE,…] [--out FOLDER] [--repository URL]`: packs
 * the main package and a package for each target, and lists their contents.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isProgram, needsShell } from "../../scripts/programs.mjs";
import { endOnFailure } from "../../scripts/set-up.mjs";
import { artifactsFolder, packagesFolder } from "../folders.mjs";
import { targetsOf } from "../targets.mjs";
import { stagePackages } from "./stage.mjs";

/**
 * @typedef {object} PackedPackage from `npm pack --json`
 * @property {string} name
 * @property {string} version
 * @property {string} filename
 * @property {number} size packed, in bytes
 * @property {number} unpackedSize in bytes
 * @property {{ path: string, size: number }[]} files
 */

/**
 * @param {object} plan
 * @param {string} plan.artifacts the folder of the binaries
 * @param {import("../targets.mjs").ReleaseTarget[]} plan.targets to make packages for
 * @param {string} plan.folder output; emptied first
 * @param {string} [plan.repositoryUrl] of the sources
 * @returns {PackedPackage[]} the main package last, because it is published after those it depends on
 */
export function packPackages({ folder, ...plan }) {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const stage = path.join(folder, "stage");
	const packed = stagePackages({ ...plan, folder: stage }).map((staged) => pack(staged, folder));
	rmSync(stage, { recursive: true });
	return packed;
}

/**
 * @param {string} staged a package's folder
 * @param {string} folder
 * @returns {PackedPackage}
 */
function pack(staged, folder) {
	const npmArguments = [
		"pack",
		"--ignore-scripts",
		"--json",
		"--loglevel=error",
		"--pack-destination",
		folder,
	];
	const { error, status, stdout, stderr } = spawnSync("npm", npmArguments, {
		cwd: staged,
		encoding: "utf8",
		shell: needsShell("npm"),
	});
	if (error !== undefined || status !== 0) {
		throw new Error(`npm pack failed in ${staged}: ${error?.message ?? stderr}`, { cause: error });
	}
	// npm 11 prints a list, npm 12 an object with names as keys.
	return /** @type {PackedPackage} */ (Object.values(JSON.parse(stdout))[0]);
}

function main() {
	const {
		artifacts,
		targets,
		out,
		repository: repositoryUrl,
	} = parseArgs({
		options: {
			artifacts: { type: "string", default: artifactsFolder },
			targets: { type: "string" },
			out: { type: "string", default: packagesFolder },
			repository: { type: "string" },
		},
	}).values;
	const packed = packPackages({
		artifacts,
		targets: targetsOf(targets),
		folder: path.resolve(out),
		...(repositoryUrl === undefined ? {} : { repositoryUrl }),
	});
	for (const { filename, size, files } of packed) {
		console.log(`${filename}  ${size} bytes`);
		for (const file of files) {
			console.log(`  ${file.path}  ${file.size} bytes`);
		}
	}
}

if (isProgram(import.meta.url)) {
	endOnFailure(main);
}
