/**
 * `node release/packages/publish.mjs [--packages FOLDER] [--platforms NAME,…] [--registry URL] [--provenance]`: publishes
 * the packed packages. The platform packages come first, so that the main package never depends on one that is missing.
 * Packages that the registry already has are skipped if they are the same, so a failed release can be repeated.
 *
 * Uses no installed package, because no other code should run with the permission to publish.
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
 * @param {string[]} plan.platforms to publish packages for
 * @param {string[]} plan.npmOptions for each call of npm
 * @param {boolean} plan.provenance whether to publish with provenance
 * @throws {Error} if a package is missing; then nothing is published
 */
export function publishPackages({ packages, platforms, npmOptions, provenance }) {
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
		publish(name, file, npmOptions, provenance);
	}
}

/**
 * @param {string} name
 * @param {string} file
 * @param {string[]} npmOptions
 * @param {boolean} provenance
 */
function publish(name, file, npmOptions, provenance) {
	const release = `${name}@${manifest.version}`;
	const published = publishedIntegrity(release, npmOptions);
	if (published === undefined) {
		npm(
			["publish", file, "--access", "public", ...(provenance ? ["--provenance"] : []), ...npmOptions],
			"inherit",
		);
		console.log(`published  ${release}`);
	} else if (published === integrityOf(file)) {
		console.log(`unchanged  ${release}`);
	} else {
		throw new Error(
			`The registry has a different ${release} than ${file}. A version can be published only once: release the next one.`,
		);
	}
}

/**
 * @param {string} release
 * @param {string[]} npmOptions
 * @returns {string | undefined} `undefined` if the registry does not have it
 */
function publishedIntegrity(release, npmOptions) {
	const { status, stdout, stderr } = npm(
		["view", release, "dist.integrity", "--json", ...npmOptions],
		"pipe",
	);
	if (status !== 0 && !/\bE404\b/.test(`${stdout}${stderr}`)) {
		throw new Error(`npm view ${release} failed: ${stderr}`);
	}
	// If the registry has only other versions of the package, npm prints nothing.
	return status === 0 && stdout.trim() !== "" ? JSON.parse(stdout) : undefined;
}

/** @param {string} file */
function integrityOf(file) {
	return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
}

/**
 * @param {string[]} args
 * @param {"inherit" | "pipe"} output
 */
function npm(args, output) {
	const result = spawnSync("npm", args, {
		encoding: "utf8",
		stdio: ["ignore", output, output],
		shell: needsShell("npm"),
	});
	if (result.error !== undefined || (output === "inherit" && result.status !== 0)) {
		throw new Error(`npm ${args.join(" ")} failed`, { cause: result.error });
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
			npmOptions: registry === undefined ? [] : ["--registry", registry],
			provenance,
		});
	});
}
