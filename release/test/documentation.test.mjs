import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import ts from "typescript";
import { addonPlatforms } from "../../extension/scripts/targets.mjs";
import { exportTelemetry } from "../../index.js";
import { packageOf, prebuiltPlatforms } from "../../platform-package.js";
import { repository } from "../../scripts/set-up.mjs";
import { temporaryDirectory } from "../../scripts/testing/temporary-directory.mjs";
import { apiPage, generateApiPage } from "../api-page/generate.mjs";
import { codeBlocks, section } from "./markdown.mjs";
import { read, repositoryFiles } from "./repository-files.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const reference = "docs/reference.md";

/**
 * Reads the functions and types that `index.d.ts` declares.
 *
 * @returns {{ name: string, isFunction: boolean, members: string[] }[]}
 */
function readDeclarations() {
	const source = ts.createSourceFile("index.d.ts", read("index.d.ts"), ts.ScriptTarget.Latest);
	return source.statements.flatMap((statement) => {
		const isFunction = ts.isFunctionDeclaration(statement);
		if (!isFunction && !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) {
			return [];
		}
		const named = isFunction
			? statement.parameters
			: ts.isInterfaceDeclaration(statement)
				? statement.members
				: [];
		const members = [...named].map(({ name }) => name?.getText(source) ?? "");
		return [{ name: statement.name?.text ?? "", isFunction, members }];
	});
}

describe("the API page", () => {
	const page = read(apiPage);
	const declarations = readDeclarations();

	it("is generated from the current doc comments", async () => {
		assert.equal(page, await generateApiPage());
	});

	it("is compared with all functions and options", () => {
		const functions = declarations.filter(({ isFunction }) => isFunction).map(({ name }) => name);
		assert.deepEqual(functions, [
			"exportTelemetry",
			"listTelemetryFiles",
			"resolveRange",
			"suggestedFileName",
			"validateDate",
		]);
		assert.ok(declarations.some(({ name, members }) => name === "ExportOptions" && members.length >= 9));
	});

	for (const { name, isFunction, members } of declarations) {
		it(`documents ${name} and its members`, () => {
			const text = section(page, isFunction ? `${name}()` : name);
			assert.notEqual(text.trim(), "");
			for (const member of members) {
				// The last column must have a description; an empty one has only a dash.
				const row = new RegExp(`^\\| \`${member}\\??\` \\|.*\\| [^|]{3,} \\|$`, "m");
				assert.match(text, row);
			}
		});
	}

	it("lists every error code of exportTelemetry", () => {
		const codes = new Set(read("src/error.rs").match(/"(ERR_[A-Z_]+|ABORT_ERR)"/g));
		assert.ok(codes.size >= 6);
		for (const code of codes) {
			const row = `| \`${code.replaceAll('"', "")}\` |`;
			assert.ok(section(page, "exportTelemetry()").includes(row), row);
		}
	});

	it("contains no path of the machine that generated it", () => {
		assert.ok(!page.includes(repository));
		assert.doesNotMatch(page, /file:\/\/|index\.d\.ts:\d|\d\d:\d\d:\d\d [A-Z]/);
	});

	it("shows the summary of an export of the sample", async () => {
		const [code] = codeBlocks(section(page, "ExportSummary"), "js");
		const out = path.join(temporaryDirectory({ after }), "export.otlp.zip");
		const summary = await exportTelemetry(sample, "allTime", "otlp", out);
		const [shown] = [Function(`return ${code?.trim()}`)()];
		// The size depends on the version and the time in the export.
		assert.ok(Math.abs(shown.bytesWritten - summary.bytesWritten) < 50);
		const withoutLengths = (/** @type {typeof summary} */ { bytesWritten, parts = [], ...rest }) => ({
			...rest,
			parts: parts.map(({ bytes, ...part }) => part),
		});
		assert.deepEqual(withoutLengths(shown), withoutLengths(summary));
		for (const [index, { bytes }] of (summary.parts ?? []).entries()) {
			assert.ok(Math.abs(shown.parts[index].bytes / bytes - 1) < 0.01, `${bytes} bytes`);
		}
	});
});

describe("the installation instructions", () => {
	for (const platform of prebuiltPlatforms) {
		it(`name the package for ${platform}`, () => {
			assert.ok(section(read(reference), "Install").includes(`\`${packageOf(platform)}\``));
		});
	}

	for (const target of Object.keys(addonPlatforms)) {
		it(`name the machine for the VSIX for ${target}`, () => {
			assert.ok(section(read("extension/README.md"), "Install").includes(`\n| \`${target}\` | `));
		});
	}

	it("have the versions of Node, Rust and the editor from the manifests", () => {
		const [, node] = /(\d+)/.exec(JSON.parse(read("package.json")).engines.node) ?? [];
		const [, rust] = /^rust-version = "(.*)"$/m.exec(read("Cargo.toml")) ?? [];
		const [, editor] = /(\d+\.\d+)/.exec(JSON.parse(read("extension/package.json")).engines.vscode) ?? [];
		assert.ok(section(read("README.md"), "Install").includes(`Node ${node} or later`), node);
		assert.ok(section(read(reference), "Install").includes(`Node ${node} or later`), node);
		for (const page of [section(read(reference), "Build from source"), read("CONTRIBUTING.md")]) {
			assert.ok(page.includes(`Node ${node} or later`), node);
			assert.ok(page.includes(`Rust ${rust} or later`), rust);
		}
		assert.ok(section(read("extension/README.md"), "Install").includes(`version ${editor} or later`), editor);
	});
});

describe("the figures in the README", () => {
	const figures = section(read("README.md"), "How fast");
	const measured = section(read("docs/performance.md"), "Whole processes: 100 MB, 30 days");
	const large = section(read("docs/performance.md"), "Whole processes: other telemetry");

	/**
	 * @param {string} table
	 * @param {string} label
	 * @returns {string[]} the cells of its row
	 */
	function cells(table, label) {
		const row = table.split("\n").find((line) => line.startsWith(`| ${label} |`));
		assert.ok(row, label);
		return row.split("|").map((cell) => cell.trim());
	}

	for (const [here, there] of /** @type {const} */ ([
		["JSON array, 191 MB", "JSON"],
		["OTLP, a zip of 12 MB", "OTLP"],
		["HTML report, 0.3 MB", "HTML"],
		["a plain Node script that writes the JSON array", "plain Node: JSON"],
	])) {
		it(`are the figures of the performance page: ${here}`, () => {
			const [, , time = "", memory = ""] = cells(figures, here);
			const [, , , wall = "", , , aboveBareNode = ""] = cells(measured, there);
			assert.equal(time, `${Number.parseFloat(wall).toFixed(2)} s`);
			assert.equal(memory, `${Math.round(Number.parseFloat(aboveBareNode)).toLocaleString("en")} MiB`);
		});
	}

	it("are the figures of the performance page: ten times the telemetry", () => {
		const times = ["JSON", "OTLP", "HTML"].map((format) => {
			const [, , , , wall = ""] = cells(large, `1,000 MB, 30 days: ${format}`);
			return `${Number.parseFloat(wall).toFixed(1)} s`;
		});
		assert.ok(figures.includes(`takes ${times[0]}, ${times[1]} and ${times[2]}`), times.join());
	});
});

describe("a code example", () => {
	const folder = temporaryDirectory({ after });
	mkdirSync(path.join(folder, "node_modules"));
	symlinkSync(repository, path.join(folder, "node_modules", "coder-telemetry-export"), "junction");
	mkdirSync(path.join(folder, "path", "to"), { recursive: true });
	symlinkSync(sample, path.join(folder, "path", "to", "telemetry"), "junction");

	for (const page of ["README.md", apiPage]) {
		const examples = codeBlocks(read(page), "js").filter((code) => /^import |= require\(/m.test(code));

		it(`exists on ${page}`, () => {
			assert.ok(examples.length > 0);
		});

		for (const [index, code] of examples.entries()) {
			it(`runs, and prints what its comments say: ${page}, number ${index + 1}`, () => {
				const script = path.join(folder, code.startsWith("import ") ? "example.mjs" : "example.cjs");
				writeFileSync(script, code);
				const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
					cwd: folder,
					encoding: "utf8",
				});
				assert.equal(status, 0, stderr);
				assert.doesNotMatch(stderr, /ERR_/);
				const expected = [...code.matchAll(/\/\/ (.*)$/gm)].map(([, text]) => text);
				if (expected.length > 0) {
					assert.equal(stdout.trimEnd(), expected.join("\n"));
				}
			});
		}
	}
});

/**
 * @param {string} markdown
 * @returns {Set<string>} the anchors of its headings, as GitHub names them
 */
function anchorsOf(markdown) {
	/** @type {Map<string, number>} */
	const seen = new Map();
	const anchors = new Set();
	for (const [, title = ""] of withoutCode(markdown).matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
		const text = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
		const name = text
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
			.replaceAll(" ", "-");
		const count = seen.get(name) ?? 0;
		seen.set(name, count + 1);
		anchors.add(count === 0 ? name : `${name}-${count}`);
	}
	return anchors;
}

/**
 * @param {string} markdown
 * @returns {string} the page without fenced code, in which `#` is no heading and `](` no link
 */
function withoutCode(markdown) {
	return markdown.replaceAll(/^( *)(`{3,}|~{3,}).*?^\1\2$/gms, "");
}

/**
 * Finds links and pictures with addresses in this repository.
 *
 * @param {string} markdown
 * @returns {{ file: string, anchor: string }[]} `file` is empty for the page itself
 */
function localLinks(markdown) {
	const text = withoutCode(markdown).replaceAll(/`[^`\n]*`/g, "code");
	const inline = text.matchAll(/\]\(<?([^)\s>]*)>?(?: "[^"]*")?\)/g);
	const byReference = text.matchAll(/^\[[^\]]+\]: *(\S+)/gm);
	return [...inline, ...byReference]
		.map(([, address = ""]) => address)
		.filter((address) => !/^[a-z][a-z+.-]*:/i.test(address))
		.map((address) => {
			const [file = "", anchor = ""] = address.split("#", 2);
			return { file: decodeURIComponent(file), anchor };
		});
}

/**
 * @param {string} page
 * @param {string} markdown its text
 * @returns {string[]} descriptions of broken links
 */
function brokenLinks(page, markdown) {
	return localLinks(markdown).flatMap(({ file, anchor }) => {
		const target = path.posix.join(path.posix.dirname(page), file);
		if (file !== "" && !existsSync(path.join(repository, target))) {
			return [`${file} does not exist`];
		}
		const anchors = anchor === "" ? undefined : anchorsOf(file === "" ? markdown : read(target));
		return anchors === undefined || anchors.has(anchor) ? [] : [`${file}#${anchor} is not a heading`];
	});
}

describe("a link", () => {
	const pages = repositoryFiles().filter((file) => file.endsWith(".md"));

	it("is checked on all pages for readers", () => {
		const known = [
			"README.md",
			"CONTRIBUTING.md",
			".github/PULL_REQUEST_TEMPLATE.md",
			apiPage,
			reference,
			"examples/collector/backends/datadog.md",
			"extension/README.md",
		];
		for (const page of known) {
			assert.ok(pages.includes(page), page);
		}
		assert.ok(localLinks(read("README.md")).length > 10);
	});

	for (const page of pages) {
		it(`in ${page} is not broken`, () => {
			assert.deepEqual(brokenLinks(page, read(page)), []);
		});
	}

	it("is found if it is broken", () => {
		const page = [
			"# A title: `code`, and more",
			"[x](absent.md) [y](#a-title-code-and-more) [z](#a-title-absent) ![p](README.md#install)",
			"```sh",
			"# not a heading",
			"[not a link](absent.sh)",
			"```",
			"[r](#not-a-heading)",
			"[w](https://example.com/absent.md)",
			"",
			"[reference]: docs/absent.md",
		].join("\n");
		assert.deepEqual(brokenLinks("page.md", page), [
			"absent.md does not exist",
			"#a-title-absent is not a heading",
			"#not-a-heading is not a heading",
			"docs/absent.md does not exist",
		]);
	});
});
