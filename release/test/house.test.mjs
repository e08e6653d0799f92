/** The layout of this repository: suites do not import from each other, and each folder has a description. */

import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { importedFile, specifiersIn } from "./module-imports.mjs";
import { read, repositoryFiles } from "./repository-files.mjs";

/** Suites share code only through `scripts/testing`. */
const suites = [
	"__test__",
	"benches",
	"e2e/browser",
	"e2e/packages",
	"e2e/receivers",
	"e2e/windows",
	"extension/test",
	"extension/test/e2e",
	"release/test",
	"tests",
];

const files = repositoryFiles();

/**
 * @param {string} file
 * @returns {string | undefined} the innermost suite that contains it
 */
function suiteOf(file) {
	return suites
		.filter((suite) => file === suite || file.startsWith(`${suite}/`))
		.sort((left, right) => right.length - left.length)[0];
}

/**
 * Finds imports from a suite by a file outside it.
 *
 * @param {string} file
 * @param {string} text
 * @returns {string[]} messages
 */
function foreignImports(file, text) {
	return specifiersIn(file, text).flatMap((specifier) => {
		const suite = suiteOf(importedFile(file, specifier) ?? "");
		return suite === undefined || suite === suiteOf(file)
			? []
			: [`${file} imports "${specifier}" from the suite ${suite}; move shared code to scripts/testing`];
	});
}

describe("a suite", () => {
	const modules = files.filter((file) => /\.[cm]?[jt]s$/.test(file));

	it("exists for each name in this test", () => {
		for (const suite of suites) {
			assert.ok(
				files.some((file) => suiteOf(file) === suite),
				suite,
			);
		}
	});

	it("is not imported from outside", () => {
		assert.ok(modules.length > 200);
		assert.deepEqual(
			modules.flatMap((file) => foreignImports(file, read(file))),
			[],
		);
	});

	for (const [what, file, text, specifier] of /** @type {const} */ ([
		["import", "e2e/browser/run.mjs", 'import "../../__test__/row.mjs";', "../../__test__/row.mjs"],
		["export … from", "scripts/testing/a.mjs", 'export * from "../../tests/b.mjs";', "../../tests/b.mjs"],
		["import()", "bin/a.js", 'void import("../benches/b.mjs");', "../benches/b.mjs"],
		["require()", "bin/a.js", 'const b = require("../__test__/b.cjs");', "../__test__/b.cjs"],
		["require.resolve()", "bin/a.js", 'require.resolve("../__test__/b.cjs");', "../__test__/b.cjs"],
		["import … = require()", "extension/src/a.ts", 'import b = require("../test/b");', "../test/b"],
		["a type in TypeScript", "extension/src/a.ts", 'type B = import("../test/b").B;', "../test/b"],
		[
			"a type in JSDoc",
			"bin/a.js",
			'/** @type {import("../benches/b.mjs").B} */\nlet b;',
			"../benches/b.mjs",
		],
		[
			"new URL()",
			"e2e/packages/a.mjs",
			'new URL("../receivers/b.mjs", import.meta.url);',
			"../receivers/b.mjs",
		],
		["a folder", "scripts/a.mjs", 'import("../extension/test/");', "../extension/test/"],
		["a suite inside another", "extension/test/a.ts", 'import "./e2e/b.mjs";', "./e2e/b.mjs"],
		[
			"the name of the package",
			"extension/test/a.ts",
			'import "coder-telemetry-export/__test__/b.mjs";',
			"coder-telemetry-export/__test__/b.mjs",
		],
	])) {
		it(`must not be imported by ${what}`, () => {
			const suite = suiteOf(importedFile(file, specifier) ?? "");
			assert.deepEqual(foreignImports(file, text), [
				`${file} imports "${specifier}" from the suite ${suite}; move shared code to scripts/testing`,
			]);
		});
	}

	it("may import from itself, from scripts/testing and from packages", () => {
		const text = [
			'import "./b.mjs";',
			'import "../../scripts/testing/b.mjs";',
			'import "tests";',
			"// import '../../__test__/b.mjs';",
			'const text = "../../__test__/b.mjs";',
		].join("\n");
		assert.deepEqual(foreignImports("e2e/browser/a.mjs", text), []);
	});
});

/** Folders with more files need a description. */
const fewFiles = 5;

/** Folders with data or documents, including their subfolders. They need no description. */
const withoutDescription = [
	"docs/",
	"examples/collector/",
	"examples/telemetry/",
	"fixtures/",
	"release/licences/texts/",
];

/** Folders described in the first comment of a script, because a README would be published. */
const describedBy = new Map([["bin", "bin/coder-telemetry-export.js"]]);

/**
 * @param {string} folder
 * @returns {string} the first paragraph of its description on one line; empty if there is none
 */
function descriptionOf(folder) {
	const readme = `${folder}/README.md`;
	if (files.includes(readme)) {
		const [, paragraph = ""] = /^# .+\n\n((?:.+\n)+)/.exec(read(readme)) ?? [];
		return paragraph.trim().replaceAll("\n", " ");
	}
	const script = describedBy.get(folder);
	if (script !== undefined) {
		const [, comment = ""] = /^(?:#![^\n]*\n)?\/\*\*(.*?)\*\//s.exec(read(script)) ?? [];
		return comment.replaceAll(/\s+\*? ?/g, " ").trim();
	}
	const module = ["/mod.rs", "/main.rs", ".rs"]
		.map((end) => `${folder}${end}`)
		.find((file) => files.includes(file));
	const [comment = ""] = /^(?:\/\/!.*\n)+/.exec(module === undefined ? "" : read(module)) ?? [];
	return comment.replaceAll(/\n?\/\/! ?/g, " ").trim();
}

describe("a folder", () => {
	/** @type {Map<string, number>} */
	const counts = new Map();
	for (const file of files.filter((name) => !name.endsWith("/README.md"))) {
		const folder = path.posix.dirname(file);
		counts.set(folder, (counts.get(folder) ?? 0) + 1);
	}
	const large = [...counts]
		.filter(([folder, count]) => count > fewFiles && folder !== "." && folder !== "src")
		.map(([folder]) => folder)
		.filter((folder) => !withoutDescription.some((data) => `${folder}/`.startsWith(data)));
	const described = new Set([...large, ...suites, "e2e", "examples", "extension/src", "fixtures", "release"]);

	for (const folder of [...described].sort()) {
		it(`has a description of what it is and what it is not: ${folder}`, () => {
			// At least two sentences.
			assert.match(
				descriptionOf(folder),
				/\S\. \S.*\.$/s,
				`${folder} has no README.md or mod.rs that begins with two sentences`,
			);
		});
	}
});
