/** Makes repositories with versions, changelogs and tags that agree. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryDirectory } from "../../scripts/testing/temporary-directory.mjs";
import { check } from "../versions/check.mjs";

/** @typedef {Record<string, string>} Texts the text of each file */

/** The current time in the tests. */
export const now = new Date("2026-07-01T23:59:00Z");
/** Its day. */
export const today = "2026-07-01";

/** Without variables from a git hook or npm script, which would lead git and npm to another repository. */
export const environment = Object.fromEntries(
	Object.entries(process.env).filter(([name]) => !/^(git|npm)_/i.test(name)),
);
const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
const unsigned = ["-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"];

/**
 * Every file with the version. Each also contains another version, which is always 1.1.0.
 *
 * @returns {Texts}
 */
export function manifests(version = "1.1.0") {
	const entry = (/** @type {string} */ name) =>
		`{\n\t\t\t"name": "${name}",\n\t\t\t"version": "${version}",\n\t\t\t"license": "MIT"\n\t\t}`;
	return {
		"package.json": `{\n\t"name": "it",\n\t"version": "${version}",\n\t"scripts": {\n\t\t"preversion": "node release/versions/move.mjs --trial",\n\t\t"version": "node release/versions/move.mjs"\n\t}\n}\n`,
		"package-lock.json": `{\n\t"name": "it",\n\t"version": "${version}",\n\t"packages": {\n\t\t"": ${entry("it")},\n\t\t"extension": ${entry("it-vscode")},\n\t\t"node_modules/other": {\n\t\t\t"name": "other",\n\t\t\t"version": "1.1.0"\n\t\t}\n\t}\n}\n`,
		"extension/package.json": `{\n\t"name": "it-vscode",\n\t"version": "${version}",\n\t"other": {\n\t\t"version": "1.1.0"\n\t}\n}\n`,
		"Cargo.toml": `[package]\nname = "coder-telemetry-export"\nversion = "${version}"\n\n[dependencies.other]\nversion = "1.1.0"\n`,
		"Cargo.lock": `[[package]]\nname = "a"\nversion = "1.1.0"\n\n[[package]]\nname = "coder-telemetry-export"\nversion = "${version}"\n`,
		"examples/exports.md": `Since 1.1.0.\n{"name":"coder.telemetry.export","version":"${version}"}\n"name": "coder-telemetry-export",\n  "version": "${version}"\n`,
		"docs/specification.md": `{"exporter":{"name":"coder-telemetry-export","version":"${version}"}}\n`,
		"benches/peers/otlp-mapping.mjs": `const scope = { name: "coder.telemetry.export", version: "${version}" };\n`,
	};
}

/** The beginning of a changelog. */
export const title = "# Changelog\n\nOf made-up versions.\n\n## [Unreleased]\n";
/** The released sections, at the end of a changelog. */
export const past = `
## [1.1.0] - 2026-06-15

### Added

- A second thing.

## [1.0.0] - 2026-06-01

### Added

- A first thing.
`;

/** @returns {Texts} a released version and an unreleased change */
export function goodTexts() {
	return {
		...manifests(),
		"CHANGELOG.md": `${title}\n### Fixed\n\n- A third thing.\n${past}`,
		"extension/CHANGELOG.md": title + past,
	};
}

/**
 * @param {string} root
 * @param {string[]} gitArguments
 * @returns {string} what git printed
 */
export function git(root, ...gitArguments) {
	const all = [...identity, ...unsigned, ...gitArguments];
	const { status, stdout, stderr } = spawnSync("git", all, { cwd: root, encoding: "utf8", env: environment });
	assert.equal(status, 0, stderr);
	return stdout;
}

/**
 * Writes files, with their folders.
 *
 * @param {string} root
 * @param {Texts} texts
 */
export function write(root, texts) {
	for (const [file, text] of Object.entries(texts)) {
		mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
		writeFileSync(path.join(root, file), text);
	}
}

/**
 * Makes a repository with one commit that has these texts and tags.
 *
 * @param {import("node:test").TestContext} test
 * @param {{ texts?: Texts, tags?: string[] }} [contents]
 * @returns {string} its folder
 */
export function makeRepository(test, { texts = goodTexts(), tags = ["v1.0.0", "v1.1.0"] } = {}) {
	const root = temporaryDirectory(test);
	write(root, texts);
	git(root, "init", "--quiet");
	git(root, "config", "core.autocrlf", "false");
	git(root, "add", ".");
	git(root, "commit", "--quiet", "--message", "Begin");
	for (const tag of tags) {
		git(root, "tag", "--annotate", "--message", tag, tag);
	}
	return root;
}

/**
 * Asserts that files have exactly these texts.
 *
 * @param {string} root
 * @param {Texts} texts
 */
export function assertHolds(root, texts) {
	for (const [file, text] of Object.entries(texts)) {
		assert.equal(readFileSync(path.join(root, file), "utf8"), text, file);
	}
}

/**
 * @param {string} root
 * @param {string} [tag] to be released under
 * @returns {string[]} the problems that the check finds
 */
export function problemsIn(root, tag) {
	return check(root, { tag, now }).flatMap(({ problems }) => problems);
}
