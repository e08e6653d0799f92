/** Finds the crates in the addon's binary, from what cargo resolves for each target. */

import { spawnSync } from "node:child_process";
import { repository } from "../../scripts/set-up.mjs";

/** @typedef {import("./policy.mjs").Skip} Skip */

/**
 * A package in the output of `cargo metadata`, with the members used here.
 *
 * @typedef {object} Crate
 * @property {string} id
 * @property {string} name
 * @property {string} version
 * @property {string | null} license
 * @property {string | null} license_file
 * @property {string | null} repository
 * @property {string} manifest_path
 * @property {{ kind: string[] }[]} targets
 */

/**
 * The output of `cargo metadata`, with the members used here.
 *
 * @typedef {object} Metadata
 * @property {Crate[]} packages
 * @property {{ root: string, nodes: { id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }[] }} resolve
 */

/**
 * Downloads missing crates, also those for other platforms.
 *
 * @param {readonly string[]} targets
 * @returns {Map<string, Crate[]>} the crates that ship for each target
 * @throws {Error} if cargo fails
 */
export function readShippedCrates(targets) {
	return new Map(targets.map((target) => [target, shippedCrates(readMetadata(target))]));
}

/**
 * @param {string} target
 * @returns {Metadata}
 */
function readMetadata(target) {
	const { error, status, stdout } = spawnSync(
		"cargo",
		["metadata", "--format-version", "1", "--locked", "--filter-platform", target],
		{
			cwd: repository,
			encoding: "utf8",
			maxBuffer: 1 << 28,
			stdio: ["ignore", "pipe", "inherit"],
		},
	);
	if (error !== undefined || status !== 0) {
		throw new Error(`cargo metadata for ${target} failed: ${error?.message ?? `exit code ${status}`}`);
	}
	return JSON.parse(stdout);
}

/**
 * Follows normal dependencies from our own crate. Build and test dependencies are left out, and so are procedural macros
 * with their dependencies, because they run in the compiler.
 *
 * Unlike a build, `cargo metadata` does not separate the features of tests. A crate that only a test's features need is
 * counted as shipped, so there may be a notice too many, but never one too few.
 *
 * @param {Metadata} metadata for one target
 * @returns {Crate[]} without our own
 */
export function shippedCrates({ packages, resolve }) {
	const crates = new Map(packages.map((crate) => [crate.id, crate]));
	const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
	/** @type {Set<Crate>} */
	const shipped = new Set();
	const waiting = [resolve.root];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		const crate = crates.get(id);
		if (crate === undefined || shipped.has(crate) || isProceduralMacro(crate)) {
			continue;
		}
		shipped.add(crate);
		const dependencies = nodes.get(id)?.deps ?? [];
		waiting.push(...dependencies.filter(isNormal).map(({ pkg }) => pkg));
	}
	return [...shipped].filter(({ id }) => id !== resolve.root);
}

/** @param {Crate} crate */
function isProceduralMacro({ targets }) {
	return targets.some(({ kind }) => kind.includes("proc-macro"));
}

/** @param {{ dep_kinds: { kind: string | null }[] }} dependency */
function isNormal({ dep_kinds: kinds }) {
	return kinds.some(({ kind }) => kind === null);
}

/**
 * @param {Iterable<readonly Crate[]>} shipped
 * @returns {Crate[]} without repetitions
 */
export function eachOnce(shipped) {
	const crates = [...shipped].flat();
	return [...new Map(crates.map((crate) => [crate.id, crate])).values()];
}

/**
 * @param {readonly Crate[]} crates of one target
 * @param {readonly Skip[]} skip crates that may have several versions
 * @returns {string[]} crates with several versions, each with its versions
 */
export function duplicates(crates, skip) {
	/** @type {Map<string, string[]>} */
	const versions = new Map();
	for (const { name, version } of crates) {
		const isSkipped = skip.some(
			(entry) => entry.name === name && (entry.version === undefined || entry.version === version),
		);
		if (!isSkipped) {
			versions.set(name, [...(versions.get(name) ?? []), version]);
		}
	}
	return [...versions]
		.filter(([, found]) => found.length > 1)
		.map(([name, found]) => `${name} ${found.sort().join(" and ")}`);
}
