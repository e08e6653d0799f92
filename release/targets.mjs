/** The targets in package.json. Each has a binary, an npm package and a VSIX. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { parseTriple } from "@napi-rs/cli";
import { targetOfPlatform } from "../extension/scripts/targets.mjs";
import { ownPlatform, packageOf } from "../platform-package.js";
import { repository } from "../scripts/set-up.mjs";

/**
 * @typedef {object} ReleaseTarget
 * @property {string} triple Rust's name: `x86_64-unknown-linux-gnu`
 * @property {string} platform napi's name: `linux-x64-gnu`
 * @property {string} operatingSystem Node's name: `linux`
 * @property {string} architecture Node's name: `x64`
 * @property {string | null} abi of the C library: `gnu`, `musl`, `msvc`
 * @property {string} addon file name of the binary
 * @property {string} packageName npm package with the binary
 * @property {string} codeTarget VS Code's name: `linux-x64`
 */

/** The manifest of the main package. */
export const manifest = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));

/** @type {ReleaseTarget[]} */
export const releaseTargets = manifest.napi.targets.map(describe);

/**
 * @param {string} triple
 * @returns {ReleaseTarget}
 */
function describe(triple) {
	const {
		platform: operatingSystem,
		arch: architecture,
		abi,
		platformArchABI: platform,
	} = parseTriple(triple);
	return {
		triple,
		platform,
		operatingSystem,
		architecture,
		abi,
		addon: `${manifest.napi.binaryName}.${platform}.node`,
		packageName: packageOf(platform),
		codeTarget: codeTargetOf(platform),
	};
}

/** @param {string} platform */
function codeTargetOf(platform) {
	const name = targetOfPlatform(platform);
	if (name === undefined) {
		throw new Error(`No VSIX is made for ${platform}: add it to extension/scripts/targets.mjs`);
	}
	return name;
}

/**
 * @param {string} triple
 * @returns {ReleaseTarget}
 * @throws {Error} if nothing is released for it
 */
export function targetOf(triple) {
	return found(
		releaseTargets.find((target) => target.triple === triple),
		triple,
	);
}

/**
 * @returns {ReleaseTarget} the target of this machine
 * @throws {Error} if nothing is released for it
 */
export function ownTarget() {
	return found(
		releaseTargets.find(({ platform }) => platform === ownPlatform()),
		ownPlatform(),
	);
}

/**
 * Reads a list of targets from a command line.
 *
 * @param {string | undefined} triples separated by commas; default: all targets
 * @returns {ReleaseTarget[]}
 */
export function targetsOf(triples) {
	return triples === undefined ? releaseTargets : triples.split(",").map(targetOf);
}

/**
 * @param {ReleaseTarget | undefined} target
 * @param {string} name
 */
function found(target, name) {
	if (target === undefined) {
		const names = releaseTargets.map(({ triple }) => triple).join(", ");
		throw new Error(`Nothing is released for ${name}. Targets are ${names}.`);
	}
	return target;
}
