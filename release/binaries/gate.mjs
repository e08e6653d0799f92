/**
 * `node release/binaries/gate.mjs [--artifacts FOLDER] [--receipts FOLDER] [--targets TRIPLE,…]`: decides whether the
 * binaries may be released. Each target must have a binary for its platform, and every supported major version of Node must
 * have loaded exactly this file.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isProgram } from "../../scripts/programs.mjs";
import { artifactsFolder, bindingsFolder } from "../folders.mjs";
import { targetsOf } from "../targets.mjs";
import { checksum } from "./load.mjs";
import { faultsOfBinary } from "./platform.mjs";

/**
 * @typedef {import("./load.mjs").Receipt} Receipt
 * @typedef {import("../targets.mjs").ReleaseTarget} ReleaseTarget
 */

/** Major versions of Node that must have loaded each binary. */
export const supportedNodeVersions = [20, 22, 24];

/**
 * Finds the reasons why a target may not be released.
 *
 * @param {ReleaseTarget} target
 * @param {string} artifacts the folder of all binaries
 * @param {Receipt[]} receipts of all targets
 * @returns {string[]} empty if it may be released
 */
export function faultsOfTarget(target, artifacts, receipts) {
	const file = path.join(bindingsFolder(artifacts, target), target.addon);
	if (!existsSync(file)) {
		return [
			`${target.triple}: ${file} is missing. Build it: npm run build:release -- --target ${target.triple}`,
		];
	}
	const sha256 = checksum(readFileSync(file));
	return [
		...faultsOfBinary(file, target).map((fault) => `${target.triple}: ${file} ${fault}`),
		...faultsOfReceipts(
			receipts.filter(({ triple }) => triple === target.triple),
			sha256,
		).map((fault) => `${target.triple}: ${fault}`),
	];
}

/**
 * @param {Receipt[]} receipts of one target
 * @param {string} sha256 of its binary
 * @returns {string[]}
 */
function faultsOfReceipts(receipts, sha256) {
	const others = receipts.filter((receipt) => receipt.sha256 !== sha256);
	const loadedBy = receipts
		.filter((receipt) => receipt.sha256 === sha256 && receipt.runtime === "node" && receipt.events > 0)
		.map(({ version }) => Number.parseInt(version, 10));
	return [
		...others.map(({ runtime, version }) => `${runtime} ${version} loaded a different binary`),
		...supportedNodeVersions
			.filter((version) => !loadedBy.includes(version))
			.map((version) => `there is no receipt that Node ${version} loaded it`),
	];
}

/**
 * @param {string} folder searched with its subfolders
 * @returns {Receipt[]}
 */
function readReceipts(folder) {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".json"))
		.map((name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")));
}

function main() {
	const { artifacts, receipts, targets } = parseArgs({
		options: {
			artifacts: { type: "string", default: artifactsFolder },
			receipts: { type: "string", default: "receipts" },
			targets: { type: "string" },
		},
	}).values;
	const all = readReceipts(receipts);
	let isOpen = true;
	for (const target of targetsOf(targets)) {
		const faults = faultsOfTarget(target, artifacts, all);
		isOpen &&= faults.length === 0;
		console.log(
			faults.length === 0 ? `passed  ${target.triple}` : faults.map((fault) => `FAILED  ${fault}`).join("\n"),
		);
	}
	process.exitCode = isOpen ? 0 : 1;
}

if (isProgram(import.meta.url)) {
	main();
}
