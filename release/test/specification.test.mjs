import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { repository } from "../../scripts/set-up.mjs";
import { read, repositoryFiles } from "./repository-files.mjs";

const specification = "docs/specification.md";
/** Not searched for references, because it contains broken ones as examples. */
const thisFile = path.relative(repository, fileURLToPath(import.meta.url)).replaceAll(path.sep, "/");
const longestLine = 160;
const sentencesOfCell = 2;

/**
 * @param {string} markdown
 * @returns {string} the same, with fenced code replaced by empty lines
 */
function withoutCodeBlocks(markdown) {
	return markdown.replaceAll(/^```.*?^```$/gms, (block) => block.replaceAll(/[^\n]/g, ""));
}

/**
 * @param {string} markdown
 * @returns {string[]}
 */
function headingsOf(markdown) {
	return [...withoutCodeBlocks(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
}

/**
 * @param {string} markdown
 * @returns {string[]} headings that occur more than once, so that a reference is ambiguous
 */
function repeatedHeadings(markdown) {
	const headings = headingsOf(markdown);
	return headings.filter((heading, index) => headings.indexOf(heading) !== index);
}

/**
 * @param {string} markdown
 * @returns {string[]} messages about lines outside code that are too long
 */
function longLines(markdown) {
	return withoutCodeBlocks(markdown)
		.split("\n")
		.map((line, index) => ({ number: index + 1, length: [...line].length }))
		.filter(({ length }) => length > longestLine)
		.map(({ number, length }) => `line ${number} has ${length} characters`);
}

/**
 * @param {string} row of a table
 * @returns {string[]} its cells, with code replaced by `x`
 */
function cellsOf(row) {
	const withoutCode = row.replaceAll(/`[^`]*`/g, "`x`").trim();
	return withoutCode.split(/(?<!\\)\|/).slice(1, -1);
}

/**
 * @param {string} markdown
 * @returns {string[]} table cells with too many sentences
 */
function wordyCells(markdown) {
	const rows = withoutCodeBlocks(markdown)
		.split("\n")
		.filter((line) => line.startsWith("|"));
	return rows
		.flatMap(cellsOf)
		.map((cell) => cell.trim())
		.filter((cell) => cell.split(/(?<=[.!?])\s+/).length > sentencesOfCell);
}

/**
 * Finds references to the specification in the form `(specification, Heading)`.
 *
 * @param {string} text of a file
 * @returns {string[]} the headings they name
 */
function referencesIn(text) {
	const named = onOneLine(text).matchAll(/\bspecification, (\p{Lu}[^()]*)/gu);
	return [...named].map(([, heading = ""]) => heading);
}

/**
 * @param {string} text of a file
 * @returns {string[]} references by section number, except to an RFC, with the text around them
 */
function numberedReferencesIn(text) {
	return [...onOneLine(text).matchAll(/.{0,20}(?<!RFC \d+ )§.{0,10}/gu)].map(([reference]) => reference);
}

/**
 * @param {string} text
 * @returns {string} the same with comments on one line, because a reference may be wrapped
 */
function onOneLine(text) {
	return text.replaceAll(/\s*\n\s*(?:\/\/[/!]?|\*|#)?[ \t]*/g, " ");
}

describe("the specification", () => {
	const markdown = read(specification);

	it("has no heading twice", () => {
		assert.deepEqual(repeatedHeadings(markdown), []);
		assert.deepEqual(repeatedHeadings("# A\n## B\n```\n# A\n```\n### B"), ["B"]);
	});

	it("has no long line outside code", () => {
		assert.deepEqual(longLines(markdown), []);
		const long = "x".repeat(longestLine + 1);
		assert.deepEqual(longLines(`\`\`\`\n${long}\n\`\`\`\n${long.slice(1)}\n${long}`), [
			`line 5 has ${longestLine + 1} characters`,
		]);
	});

	it("has no table cell with more than two sentences", () => {
		assert.ok(markdown.includes("\n| "));
		assert.deepEqual(wordyCells(markdown), []);
		const table =
			"| One. Two. | One. Two. Three. |\n|---|---|\n| `a. b. c.` 1.5 \\| 2. | Is it? No! It is not |";
		assert.deepEqual(wordyCells(table), ["One. Two. Three.", "Is it? No! It is not"]);
	});
});

describe("a reference to the specification", () => {
	const headings = headingsOf(read(specification));
	const texts = repositoryFiles()
		.filter((file) => file !== thisFile)
		.map((file) => ({ file, text: read(file) }))
		.filter(({ text }) => /specification|§/.test(text) && !text.includes("\0"));

	it("names a heading", () => {
		const references = texts.flatMap(({ file, text }) =>
			referencesIn(text).map((heading) => ({ file, heading })),
		);
		assert.ok(references.filter(({ file }) => file.startsWith("src/")).length > 10);
		assert.deepEqual(
			references.filter(({ heading }) => !headings.includes(heading)),
			[],
		);
	});

	it("has no section number", () => {
		const numbered = texts.flatMap(({ file, text }) =>
			numberedReferencesIn(text).map((reference) => ({ file, reference })),
		);
		assert.deepEqual(numbered, []);
	});

	it("is found if it is wrapped, and if it is wrong", () => {
		assert.deepEqual(referencesIn("/// Ids (specification,\n/// Clock\n    /// jumps), and more"), [
			"Clock jumps",
		]);
		assert.deepEqual(referencesIn(" * by the specification, Windows of a stream\n"), [
			"Windows of a stream ",
		]);
		assert.deepEqual(referencesIn("what the specification, for one, says"), []);
		assert.deepEqual(numberedReferencesIn("//! Windows (spec §5)."), ["//! Windows (spec §5)."]);
		assert.deepEqual(numberedReferencesIn("/// RFC 8259\n/// §2, and RFC 3339 §5.6"), []);
	});
});
