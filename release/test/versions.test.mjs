import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../../scripts/set-up.mjs";
import {
	contentOf,
	exporterChangelog,
	extensionChangelog,
	findSection,
	unreleased,
} from "../versions/changelog.mjs";
import { check } from "../versions/check.mjs";
import { checkChangelogs, checkVersions } from "../versions/rules.mjs";
import {
	git,
	goodTexts,
	makeRepository,
	manifests,
	now,
	past,
	problemsIn,
	title,
	today,
} from "./versioned-repository.mjs";

/** @param {import("./versioned-repository.mjs").Texts} texts */
function problemsOf(texts) {
	const read = (/** @type {string} */ file) => texts[file] ?? assert.fail(file);
	return [checkVersions(read), checkChangelogs(read, today)].flatMap(({ problems }) => problems);
}

describe("versions and changelogs", () => {
	it("agree in a good repository, whatever its line ends", () => {
		assert.deepEqual(problemsOf(goodTexts()), []);
		const windows = Object.entries(goodTexts()).map(([file, text]) => [file, text.replaceAll("\n", "\r\n")]);
		assert.deepEqual(problemsOf(Object.fromEntries(windows)), []);
	});

	for (const [file, text] of Object.entries(manifests()).filter(([name]) => name !== "package.json")) {
		it(`do not agree if ${file} has another version`, () => {
			const texts = {
				...goodTexts(),
				[file]: manifests("1.0.9")[file] ?? "",
			};
			const [problem = ""] = problemsOf(texts);
			assert.match(
				problem,
				/^\S+:\d+: the version is 1\.0\.9, but 1\.1\.0 in package\.json: write that here/,
			);
			const [, named = "", line = ""] = /^(\S+):(\d+):/.exec(problem) ?? [];
			assert.equal(named, file);
			const changed = text.split("\n").findIndex((one, index) => one !== texts[file]?.split("\n")[index]);
			assert.equal(Number(line), changed + 1);
		});

		it(`do not agree if ${file} has no version`, () => {
			const [problem = ""] = problemsOf({ ...goodTexts(), [file]: "version 1.1.0\n" });
			assert.ok(problem.startsWith(`${file}: the version was found 0 times`), problem);
		});
	}

	for (const [reason, file, from, to, expected] of /** @type {const} */ ([
		[
			"one of many versions differs",
			"examples/exports.md",
			'export",\n  "version": "1.1.0',
			'export",\n  "version": "1.1',
			/^examples\/exports\.md:4: the version is 1\.1,/,
		],
		[
			"the workspace has another version",
			"package-lock.json",
			'it-vscode",\n\t\t\t"version": "1.1.0',
			'it-vscode",\n\t\t\t"version": "1',
			/^package-lock\.json:12: the version is 1,/,
		],
		[
			"one version is missing",
			"package-lock.json",
			'\t"version": "1.1.0",\n\t"packages"',
			'\t"packages"',
			/^package-lock\.json: the version was found 2 times, not 3/,
		],
		[
			"it is a prerelease",
			"package.json",
			"1.1.0",
			"1.1.0-rc.1",
			/^package\.json: 1\.1\.0-rc\.1 cannot be released: .* accepts only X\.Y\.Z/,
		],
		["it is malformed", "package.json", "1.1.0", "1.1", /^package\.json: "1\.1" is not a version/],
		[
			"Unreleased is missing",
			"CHANGELOG.md",
			"## [Unreleased]\n",
			"",
			/^CHANGELOG\.md:10: the first section is not "## \[Unreleased\]"/,
		],
		[
			"Unreleased occurs twice",
			"extension/CHANGELOG.md",
			"## [Unreleased]\n",
			"## [Unreleased]\n## [Unreleased]\n",
			/^extension\/CHANGELOG\.md:6: a second section/,
		],
		[
			"a heading has no brackets",
			"CHANGELOG.md",
			"[1.0.0]",
			"1.0.0",
			/^CHANGELOG\.md:17: "## 1\.0\.0 - 2026-06-01" should be/,
		],
		[
			"a heading has no date",
			"CHANGELOG.md",
			" - 2026-06-01",
			"",
			/^CHANGELOG\.md:17: .* should be "## \[X\.Y\.Z\] - YYYY-MM-DD"/,
		],
		[
			"a section has a prerelease",
			"CHANGELOG.md",
			"[1.0.0]",
			"[1.0.0-rc.1]",
			/^CHANGELOG\.md:17: 1\.0\.0-rc\.1 cannot be released/,
		],
		[
			"a date has an impossible day",
			"CHANGELOG.md",
			"2026-06-15",
			"2026-02-30",
			/^CHANGELOG\.md:11: 2026-02-30 is not a date/,
		],
		[
			"a date has an impossible month",
			"CHANGELOG.md",
			"2026-06-15",
			"2026-13-01",
			/^CHANGELOG\.md:11: 2026-13-01 is not a date/,
		],
		[
			"a date is in the future",
			"CHANGELOG.md",
			"2026-06-15",
			"2026-07-02",
			/^CHANGELOG\.md:11: 2026-07-02 is in the future \(today is 2026-07-01\)/,
		],
		[
			"a version has an earlier date than its predecessor",
			"CHANGELOG.md",
			"2026-06-15",
			"2026-05-31",
			/^CHANGELOG\.md:11: 1\.1\.0 has the date 2026-05-31, before 1\.0\.0 of 2026-06-01/,
		],
		[
			"a newer version is below an older one",
			"CHANGELOG.md",
			"[1.0.0]",
			"[1.2.0]",
			/^CHANGELOG\.md:17: 1\.2\.0 is below 1\.1\.0/,
		],
		[
			"a version occurs twice",
			"CHANGELOG.md",
			"[1.0.0]",
			"[1.1.0]",
			/^CHANGELOG\.md:17: 1\.1\.0 is below 1\.1\.0/,
		],
		[
			"the newest section has another version",
			"CHANGELOG.md",
			"[1.1.0]",
			"[1.1.1]",
			/^CHANGELOG\.md:11: the newest version is 1\.1\.1, but 1\.1\.0 in package\.json/,
		],
		[
			"a section is empty",
			"CHANGELOG.md",
			"### Added\n\n- A first thing.\n",
			"",
			/^CHANGELOG\.md:17: the section is empty/,
		],
		[
			"a kind of change has no entry",
			"CHANGELOG.md",
			"- A third thing.\n",
			"",
			/^CHANGELOG\.md:7: "Fixed" has no entry/,
		],
		[
			"another kind follows one without an entry",
			"CHANGELOG.md",
			"### Fixed\n",
			"### Changed\n\n### Fixed\n",
			/^CHANGELOG\.md:7: "Changed" has no entry/,
		],
		[
			"a kind of change is unknown",
			"CHANGELOG.md",
			"### Fixed",
			"### Repaired",
			/^CHANGELOG\.md:7: "Repaired" is not a kind of change/,
		],
		[
			"one changelog lacks the oldest version",
			"extension/CHANGELOG.md",
			"## [1.0.0] - 2026-06-01\n",
			"",
			/^extension\/CHANGELOG\.md:1: 1\.0\.0 comes next in CHANGELOG\.md, but here none/,
		],
		[
			"one changelog has an additional version",
			"extension/CHANGELOG.md",
			"## [1.0.0]",
			"## [1.0.1] - 2026-06-02\n- One.\n## [1.0.0]",
			/^extension\/CHANGELOG\.md:13: 1\.0\.0 comes next in CHANGELOG\.md, but here 1\.0\.1/,
		],
	])) {
		it(`do not agree if ${reason}`, () => {
			const good = goodTexts();
			const text = good[file] ?? "";
			assert.ok(text.includes(from));
			const problems = problemsOf({ ...good, [file]: text.replace(from, to) });
			assert.ok(
				problems.some((problem) => expected.test(problem)),
				problems.join("\n"),
			);
		});
	}
});

describe("tags", () => {
	it("agree with the changelog if each has a section", (test) => {
		assert.deepEqual(problemsIn(makeRepository(test)), []);
	});

	it("need not include the current version", (test) => {
		assert.deepEqual(problemsIn(makeRepository(test, { tags: ["v1.0.0"] })), []);
	});

	it("do not agree if one has no section", (test) => {
		const root = makeRepository(test, { tags: ["v1.0.0", "v1.1.0", "v0.9.0"] });
		assert.deepEqual(problemsIn(root), [
			"CHANGELOG.md: the tag v0.9.0 has no section: write it, or delete the tag",
		]);
	});

	it("do not agree if an older version has none", (test) => {
		assert.deepEqual(problemsIn(makeRepository(test, { tags: ["v1.1.0"] })), [
			"CHANGELOG.md:17: 1.0.0 has no tag v1.0.0: `git fetch --tags`, or tag its commit",
		]);
	});

	it("are reported as not compared if a clone has none", (test) => {
		const root = makeRepository(test, { tags: [] });
		const outcome = check(root, { now }).find(({ check }) => check === "tags");
		assert.equal(outcome?.skipped, true);
		assert.match(outcome?.found ?? "", /none was compared/);
	});
});

describe("a release", () => {
	const texts = { ...goodTexts(), "CHANGELOG.md": title + past };

	it("is ready if its tag is checked out, or does not exist yet", (test) => {
		const root = makeRepository(test, { texts });
		assert.deepEqual(problemsIn(root, "v1.1.0"), []);
		git(root, "tag", "--delete", "v1.1.0");
		assert.deepEqual(problemsIn(root, "v1.1.0"), []);
	});

	it("is not ready under a tag of another version", (test) => {
		const [version, section] = problemsIn(makeRepository(test, { texts }), "v1.2.0");
		assert.match(
			version ?? "",
			/^package\.json: the version is 1\.1\.0, which does not fit the tag v1\.2\.0/,
		);
		assert.match(section ?? "", /^CHANGELOG\.md: there is no section for v1\.2\.0/);
	});

	it("is not ready if there are unreleased changes", (test) => {
		const [problem] = problemsIn(makeRepository(test), "v1.1.0");
		assert.match(problem ?? "", /^CHANGELOG\.md:5: \[Unreleased\] is not empty/);
	});

	it("is not ready if its tag is another commit", (test) => {
		const root = makeRepository(test, { texts });
		git(root, "commit", "--quiet", "--allow-empty", "--message", "Go on");
		const [problem] = problemsIn(root, "v1.1.0");
		assert.match(problem ?? "", /^v1\.1\.0 is another commit than the checkout/);
	});
});

describe("this repository", () => {
	it("has versions, changelogs and tags that agree", () => {
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[path.join(repository, "release", "versions", "check.mjs")],
			{ encoding: "utf8" },
		);
		assert.equal(status, 0, stdout + stderr);
		assert.match(stdout, /^ok {7}versions .*\nok {7}changelogs .*\n(ok {5}|skipped) {2}tags .*\n$/);
	});

	for (const changelog of [exporterChangelog, extensionChangelog]) {
		it(`announces a version in ${changelog} only in the words that a release drops`, () => {
			const section = findSection(readFileSync(path.join(repository, changelog), "utf8"), unreleased);
			assert.ok(section);
			assert.match(contentOf(section)[0] ?? "### ", /^### /);
		});
	}
});
