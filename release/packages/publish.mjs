/**
 * `node release/packages/publish.mjs [--packages FOLDER] [--registry URL] [--provenance]`: publishes packed packages,
 * those of the platforms first, so that the main package never asks for one that is not there. What the registry has
 * already is left alone if it is the same, so that a release that broke off can be run again.
 *
 * Uses nothing but Node itself and npm: what may publish shall run no other code.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { endOnFailure, repository } from "../../scripts/set-up.mjs";

const manifest = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));

/**
 * @param {object} plan
 * @param {string} plan.packages the folder of the packed packages
 * @param {string[]} plan.words for each call of npm
 * @param {boolean} plan.provenance whether the registry shall be told what they were built of
 */
export function publishPackages({ packages, words, provenance }) {
	for (const file of inOrder(packages)) {
		publish(file.slice(0, -fileEnding.length), path.join(packages, file), words, provenance);
	}
}

/** What the files of packed packages of this version end in. */
const fileEnding = `-${manifest.version}.tgz`;

/**
 * @param {string} packages
 * @returns {string[]} the packed packages that are there, the main one last
 * @throws {Error} where that is not there
 */
function inOrder(packages) {
	const main = `${manifest.name}${fileEnding}`;
	const files = readdirSync(packages).filter((name) => name.endsWith(fileEnding));
	if (!files.includes(main)) {
		throw new Error(`${main} is not in ${packages}. Run release/packages/pack.mjs first.`);
	}
	return [...files.filter((name) => name !== main).sort(), main];
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
		// npm is a script on Windows, which only a shell can start.
		shell: process.platform === "win32",
	});
	if (result.error !== undefined || (output === "inherit" && result.status !== 0)) {
		throw new Error(`npm ${words.join(" ")} failed`, { cause: result.error });
	}
	return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	endOnFailure(() => {
		const { packages, registry, provenance } = parseArgs({
			options: {
				packages: { type: "string", default: path.join(repository, "artifacts", "packages") },
				registry: { type: "string" },
				provenance: { type: "boolean", default: false },
			},
		}).values;
		publishPackages({
			packages: path.resolve(packages),
			words: registry === undefined ? [] : ["--registry", registry],
			provenance,
		});
	});
}
