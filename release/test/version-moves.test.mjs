import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { needsShell } from "../../scripts/programs.mjs";
import { repository } from "../../scripts/set-up.mjs";
import { moveVersion } from "../versions/move.mjs";
import { releaseNotes } from "../versions/notes.mjs";
import {
	assertHolds,
	environment,
	git,
	goodTexts,
	makeRepository,
	manifests,
	now,
	past,
	problemsIn,
	title,
	today,
	write,
} from "./versioned-repository.mjs";

/** @typedef {import("./versioned-repository.mjs").Texts} Texts */

describe("moving to a version", () => {
	const moved = {
		...manifests("1.10.0"),
		"CHANGELOG.md": `${title}\n## [1.10.0] - ${today}\n\n### Fixed\n\n- A third thing.\n${past}`,
		"extension/CHANGELOG.md": `${title}\n## [1.10.0] - ${today}\n\nOnly the exporter inside changed. It is now coder-telemetry-export 1.10.0.\n${past}`,
	};

	it("changes the version in every place, the changelogs, and nothing else", (test) => {
		const root = makeRepository(test);
		const files = moveVersion(root, { version: "1.10.0", now });
		assertHolds(root, moved);
		assert.deepEqual(files.sort(), Object.keys(moved).sort());
		assert.deepEqual(problemsIn(root), []);
	});

	it("stages what it changed, and nothing else", (test) => {
		const root = makeRepository(test);
		write(root, { "other.txt": "not ours\n" });
		moveVersion(root, { version: "1.10.0", now });
		const staged = git(root, "diff", "--cached", "--name-only").trim().split("\n");
		assert.deepEqual(staged.sort(), Object.keys(moved).sort());
		assert.equal(git(root, "diff", "--name-only"), "");
	});

	it("keeps the line ends of Windows", (test) => {
		const windows = (/** @type {Texts} */ texts) =>
			Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, text.replaceAll("\n", "\r\n")]));
		const root = makeRepository(test, { texts: windows(goodTexts()) });
		moveVersion(root, { version: "1.10.0", now });
		assertHolds(root, windows(moved));
	});

	it("drops the sentence that announced the first version, and keeps the version that manifests have", (test) => {
		const announced = `${title}\nThese changes will be in 1.0.0.\n\n### Added\n\n- All.\n`;
		const texts = { ...manifests("1.0.0"), "CHANGELOG.md": announced, "extension/CHANGELOG.md": announced };
		const root = makeRepository(test, { texts, tags: [] });
		const files = moveVersion(root, { version: "1.0.0", now });
		assert.deepEqual(files, ["CHANGELOG.md", "extension/CHANGELOG.md"]);
		const released = `${title}\n## [1.0.0] - ${today}\n\n### Added\n\n- All.\n`;
		assertHolds(root, {
			...manifests("1.0.0"),
			"CHANGELOG.md": released,
			"extension/CHANGELOG.md": released,
		});
	});

	it("changes nothing on trial", (test) => {
		const root = makeRepository(test);
		assert.equal(
			moveVersion(root, { version: "1.10.0", now, trial: true }).length,
			Object.keys(moved).length,
		);
		assertHolds(root, goodTexts());
		assert.equal(git(root, "status", "--porcelain"), "");
	});

	for (const [reason, version, change, expected] of /** @type {[string, string, Texts, RegExp][]} */ ([
		[
			"nothing is unreleased",
			"1.2.0",
			{ "CHANGELOG.md": title + past },
			/^CHANGELOG\.md:5: \[Unreleased\] is empty: write what 1\.2\.0 changes/,
		],
		[
			"only an announcement is unreleased",
			"1.2.0",
			{ "CHANGELOG.md": `${title}\nThese changes will be in 1.2.0.\n${past}` },
			/\[Unreleased\] is empty/,
		],
		["it is released already", "1.1.0", {}, /^CHANGELOG\.md:11: 1\.1\.0 is released already/],
		["it is below the newest", "1.0.5", {}, /1\.1\.0 is released already, and 1\.0\.5 is not newer/],
		["its tag exists", "1.3.0", {}, /^The tag v1\.3\.0 exists already/],
		["it is a prerelease", "1.2.0-rc.1", {}, /^1\.2\.0-rc\.1 cannot be released: .* accepts only X\.Y\.Z$/],
		["it is not a version", "v1.2", {}, /^"v1\.2" is not a version/],
		[
			"a changelog is not well-formed",
			"1.2.0",
			{ "extension/CHANGELOG.md": `${title}\n### Repaired\n\n- It.\n${past}` },
			/with these problems:\n {2}extension\/CHANGELOG\.md:9: "Repaired" is not a kind/,
		],
		[
			"a place lost its version",
			"1.2.0",
			{ "examples/exports.md": "Nothing.\n" },
			/examples\/exports\.md: the version was found 0 times/,
		],
	])) {
		it(`refuses and changes nothing if ${reason}`, (test) => {
			const texts = { ...goodTexts(), ...change };
			const root = makeRepository(test, { texts, tags: ["v1.0.0", "v1.1.0", "v1.3.0"] });
			assert.throws(() => moveVersion(root, { version, now }), { message: expected });
			assertHolds(root, texts);
			assert.equal(git(root, "status", "--porcelain"), "");
		});
	}
});

describe("npm version", () => {
	/**
	 * @param {string} root
	 * @param {string[]} npmArguments
	 */
	function runNpmVersion(root, ...npmArguments) {
		return spawnSync("npm", ["version", ...npmArguments], {
			cwd: root,
			encoding: "utf8",
			env: environment,
			timeout: 60_000,
			shell: needsShell("npm"),
		});
	}

	/**
	 * Makes a repository that contains these scripts.
	 *
	 * @param {import("node:test").TestContext} test
	 */
	function makeScriptedRepository(test) {
		const root = makeRepository(test);
		for (const file of ["release/versions", "scripts/set-up.mjs", "scripts/programs.mjs"]) {
			cpSync(path.join(repository, file), path.join(root, file), { recursive: true });
		}
		symlinkSync(path.join(repository, "node_modules"), path.join(root, "node_modules"), "junction");
		write(root, { ".gitignore": "node_modules\n" });
		git(root, "add", ".");
		git(root, "commit", "--quiet", "--message", "Bring the scripts");
		for (const [name, value] of [
			["user.name", "Test"],
			["user.email", "test@example.com"],
			["commit.gpgSign", "false"],
			["tag.gpgSign", "false"],
		]) {
			git(root, "config", name ?? "", value ?? "");
		}
		return root;
	}

	it("commits all changes, and tags a commit that is ready for a release", (test) => {
		const root = makeScriptedRepository(test);
		const { status, stderr } = runNpmVersion(root, "minor");
		assert.equal(status, 0, stderr);
		assert.equal(git(root, "status", "--porcelain"), "");
		const committed = git(root, "show", "--format=", "--name-only", "v1.2.0^{commit}").trim().split("\n");
		assert.deepEqual(committed.sort(), Object.keys(goodTexts()).sort());
		assertHolds(root, { "Cargo.toml": manifests("1.2.0")["Cargo.toml"] ?? "" });
		const { status: ready, stdout } = spawnSync(
			process.execPath,
			[path.join("release", "versions", "check.mjs"), "--tag", "v1.2.0"],
			{ cwd: root, encoding: "utf8", env: environment },
		);
		assert.equal(ready, 0, stdout);
		assert.match(stdout, /^ok {7}release {5}v1\.2\.0 is checked out$/m);
	});

	it("changes nothing if it is refused", (test) => {
		const root = makeScriptedRepository(test);
		const { status, stderr } = runNpmVersion(root, "preminor");
		assert.notEqual(status, 0);
		assert.match(stderr, /1\.2\.0-0 cannot be released/);
		assert.equal(git(root, "status", "--porcelain"), "");
		assertHolds(root, goodTexts());
	});
});

describe("the notes of a release", () => {
	/** @type {Texts} */
	const texts = {
		...goodTexts(),
		"extension/CHANGELOG.md": `${title}${past}`.replace("A second thing", "A thing of the editor"),
	};
	const read = (/** @type {string} */ file) => texts[file] ?? assert.fail(file);

	it("are the sections of the version in both changelogs", () => {
		assert.equal(
			releaseNotes(read, "v1.1.0"),
			"### Added\n\n- A second thing.\n\n## VS Code extension\n\n### Added\n\n- A thing of the editor.",
		);
	});

	it("are refused for a version that is not released", () => {
		for (const tag of ["v1.2.0", "1.1.0", "", "vUnreleased"]) {
			assert.throws(() => releaseNotes(read, tag), { message: /^CHANGELOG\.md: there is no section for / });
		}
	});
});
