/**
 * `node release/packages/publish.mjs [--packages FOLDER] [--platforms NAME,…] [--registry URL] [--provenance]`: publishes
 * the packed packages, those of all platforms or of the named ones first, so that the main package never asks for one
 * that is not there. What the registry has already is left alone if it is the same, so that a release that broke off
 * can be run again.
 *
 * Uses no installed package: what may publish shall run no other code.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { packageOf, prebuiltPlatforms } from "../../platform-package.js";
import { isProgram, needsShell } from "../../scripts/programs.mjs";
import { endOnFailure, repository } from "../../scripts/set-up.mjs";
import { packagesFolder } from "../folders.mjs";

const manifest = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));

/**
 * @param {object} plan
 * @param {string} plan.packages the folder of the packed packages
 * @param {string[]} plan.platforms those whose packages must be there
 * @param {string[]} plan.words for each call of npm
 * @param {boolean} plan.provenance whether the registry shall be told what they were built of
 * @throws {Error} where a package is missing; nothing is published then
 */
export function publishPackages({ packages, platforms, words, provenance }) {
	const releases = [...platforms.map(packageOf), manifest.name].map((name) => ({
		name,
		file: path.join(packages, `${name}-${manifest.version}.tgz`),
	}));
	const missing = releases.map(({ file }) => file).filter((file) => !existsSync(file));
	if (missing.length > 0) {
		throw new Error(
			`Nothing is published: ${missing.join(", ")} missing. Run release/packages/pack.mjs first.`,
		);
	}
	for (const { name, file } of releases) {
		publish(name, file, words, provenance);
	}
}

/**
 * @param {string} name
 * @param {string} file
 * @param {string[]} words
 * @param {boolean} provenance
 */
function publish(name, file, words, provenance) {
	const release = `${name}@${manifest.version}`;
	const published = publishedIntegrity(release, words);
	if (published === undefined) {
		npm(
			["publish", file, "--access", "public", ...(provenance ? ["--provenance"] : []), ...words],
			"inherit",
		);
		console.log(`published  ${release}`);
	} else if (published === integrityOf(file)) {
		console.log(`was there  ${release}`);
	} else {
		throw new Error(
			`The registry has another ${release} than ${file}. A version is published once only: release the next one.`,
		);
	}
}

/**
 * @param {string} release
 * @param {string[]} words
 * @returns {string | undefined} nothing where the registry does not have it
 */
function publishedIntegrity(release, words) {
	const { status, stdout, stderr } = npm(["view", release, "dist.integrity", "--json", ...words], "pipe");
	if (status !== 0 && !/\bE404\b/.test(`${stdout}${stderr}`)) {
		throw new Error(`npm view ${release} failed: ${stderr}`);
	}
	// A package that is there in other versions only gives no text at all.
	return status === 0 && stdout.trim() !== "" ? JSON.parse(stdout) : undefined;
}

/** @param {string} file */
function integrityOf(file) {
	return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
}

/**
 * @param {string[]} words
 * @param {"inherit" | "pipe"} output
 */
function npm(words, output) {
	const result = spawnSync("npm", words, {
		encoding: "utf8",
		stdio: ["ignore", output, output],
		shell: needsShell("npm"),
	});
	if (result.error !== undefined || (output === "inherit" && result.status !== 0)) {
		throw new Error(`npm ${words.join(" ")} failed`, { cause: result.error });
	}
	return result;
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => {
		const { packages, platforms, registry, provenance } = parseArgs({
			options: {
				packages: { type: "string", default: packagesFolder },
				platforms: { type: "string", default: prebuiltPlatforms.join(",") },
				registry: { type: "string" },
				provenance: { type: "boolean", default: false },
			},
		}).values;
		publishPackages({
			packages: path.resolve(packages),
			platforms: platforms.split(","),
			words: registry === undefined ? [] : ["--registry", registry],
			provenance,
		});
	});
}
