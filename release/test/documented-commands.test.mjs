/** The documentation describes the command line correctly. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { optionTypes, parseCommandLine } from "../../bin/arguments.js";
import { exitCode } from "../../bin/exit-code.js";
import { helpText } from "../../bin/help.js";
import { defaultDirectories } from "../../bin/telemetry-directory.js";
import { repository } from "../../scripts/set-up.mjs";
import { temporaryDirectory } from "../../scripts/testing/temporary-directory.mjs";
import { readZip } from "../../scripts/zip.mjs";
import { codeBlocks, section } from "./markdown.mjs";
import { read } from "./repository-files.mjs";

const reference = "docs/reference.md";
const samples = "examples/exports.md";
const sharing = "docs/sharing.md";
const program = path.join(repository, "bin", "coder-telemetry-export.js");

/**
 * @param {string} markdown
 * @returns {string[]} the first cell of each row of its table, without the heading
 */
function firstCells(markdown) {
	return Array.from(markdown.matchAll(/^\| (.*?) \|/gm), ([, cell = ""]) => cell).slice(1);
}

describe("the options in the reference", () => {
	const cells = firstCells(section(read(reference), "Options"));
	const documented = cells.flatMap((cell) => [...cell.matchAll(/--([a-z-]+)/g)].map(([, name]) => name));

	it("are the options of the program", () => {
		assert.deepEqual(documented.sort(), Object.keys(optionTypes).sort());
	});

	it("have the short forms of the program", () => {
		const letters = Object.entries(optionTypes).flatMap(([name, type]) =>
			"short" in type ? [`-${type.short} --${name}`] : [],
		);
		const found = cells.flatMap((cell) => {
			const [, letter, name] = /`-(\w)`, `--([a-z-]+)/.exec(cell) ?? [];
			return letter === undefined ? [] : [`-${letter} --${name}`];
		});
		assert.deepEqual(found.sort(), letters.sort());
	});
});

describe("the exit codes in the README", () => {
	it("are the exit codes of the program and its help text", () => {
		const codes = Object.values(exitCode).map(String);
		assert.deepEqual(firstCells(section(read("README.md"), "Exit codes")), codes);
		const [, help = ""] = /^Exit codes\n(.*?)\n\n/ms.exec(helpText) ?? [];
		assert.deepEqual(
			[...help.matchAll(/^ {2,4}(\d+) {2}/gm)].map(([, code]) => code),
			codes,
		);
	});
});

describe("the telemetry directories in the README", () => {
	const page = section(read("README.md"), "Where the telemetry is");
	const home = { linux: "/home/me", darwin: "/Users/me", win32: "C:\\Users\\me" };

	for (const [system, platform] of /** @type {const} */ ([
		["Linux", "linux"],
		["macOS", "darwin"],
		["Windows", "win32"],
	])) {
		it(`include the one of VS Code on ${system}`, () => {
			const environment = { APPDATA: "C:\\roaming" };
			const places = defaultDirectories({ platform, environment, home: home[platform] });
			const directory = places.find(({ editor }) => editor === "VS Code")?.directory;
			const [, shown = ""] = new RegExp(`^\\| ${system} \\| \`(.*)\` \\|$`, "m").exec(page) ?? [];
			assert.equal(shown.replace("~", home[platform]).replace("%APPDATA%", environment.APPDATA), directory);
		});
	}

	it("has the one of a server", () => {
		const places = defaultDirectories({ platform: "linux", environment: {}, home: home.linux });
		const directory = places.find(({ editor }) => editor === "VS Code server")?.directory ?? "";
		assert.ok(page.includes(`\`${directory.replace(home.linux, "~")}\``), directory);
	});
});

describe("the command lines in the documentation", () => {
	const pages = [
		"README.md",
		reference,
		"docs/report.md",
		sharing,
		"examples/collector/README.md",
		...["datadog", "elastic", "grafana", "honeycomb", "new-relic", "splunk"].map(
			(name) => `examples/collector/backends/${name}.md`,
		),
	];
	for (const page of pages) {
		it(`can be parsed: ${page}`, () => {
			const lines = [
				...read(page).matchAll(/(?:^ *(?:npx )?|`)coder-telemetry-export(?: ([^\n`|#]*))?(?=[\n`|#])/gm),
			].map(([, args = ""]) => args.trim().split(/ +/).filter(Boolean));
			assert.ok(lines.length > 0);
			for (const args of lines) {
				parseCommandLine(args);
			}
		});
	}
});

describe("a sample of an export", () => {
	const folder = temporaryDirectory({ after });
	const telemetry = path.join("examples", "telemetry", "current");
	cpSync(path.join(repository, telemetry), path.join(folder, telemetry), { recursive: true });
	const page = read(samples);
	const exports = codeBlocks(page, "console");
	const [firstEvent = "", manifest = ""] = codeBlocks(page, "json");

	it("exists for each format", () => {
		assert.equal(exports.length, 3);
	});

	for (const block of exports) {
		const [commandLine = "", ...printed] = block.trimEnd().split("\n");
		it(`prints what the page says: ${commandLine}`, () => {
			const [, args = ""] = /^\$ coder-telemetry-export (.*)$/.exec(commandLine) ?? [];
			const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args.split(" ")], {
				cwd: folder,
				encoding: "utf8",
			});
			assert.equal(status, 0, stderr);
			assert.deepEqual(withoutReportLength(stdout.trimEnd()), withoutReportLength(printed.join("\n")));
		});
	}

	it("shows the first event", () => {
		const [event] = JSON.parse(readFileSync(path.join(folder, "telemetry.json"), "utf8"));
		assert.deepEqual(JSON.parse(firstEvent), event);
	});

	it("shows the manifest", () => {
		const entry = readZip(path.join(folder, "telemetry.otlp.zip")).find(
			({ name }) => name === "manifest.json",
		);
		const { exportedAt, ...written } = JSON.parse(entry?.content().toString("utf8") ?? "");
		const { exportedAt: shownTime, ...shown } = JSON.parse(manifest);
		assert.deepEqual(shown, written);
		assert.match(shownTime, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
		assert.ok(exportedAt);
	});

	it("shows the entries of the zip", () => {
		const rows = [...section(page, "OTLP zip").matchAll(/^\| ([\d,]+) \| [\d,]+ \| `(.*)` \|$/gm)];
		const shown = rows.map(([, bytes = "", name]) => `${name} ${bytes.replaceAll(",", "")}`);
		const entries = readZip(path.join(folder, "telemetry.otlp.zip"));
		assert.deepEqual(shown.sort(), entries.map(({ name, size }) => `${name} ${size}`).sort());
	});
});

describe("the replaced values in the page about sharing", () => {
	const folder = temporaryDirectory({ after });
	const rows = [...section(read(sharing), "What is replaced").matchAll(/^\| `(.*)` \| `(.*)` \|$/gm)];

	it("are those of an export whose key is 32 times k", () => {
		assert.ok(rows.length > 3);
		const telemetry = path.join(folder, "telemetry");
		const [key, out] = [path.join(folder, "key"), path.join(folder, "out.json")];
		mkdirSync(telemetry);
		const context = { machine_id: "1", session_id: "2", deployment_url: "http://localhost" };
		const versions = { extension_version: "1", platform_name: "x", platform_version: "1" };
		const system = { os_type: "linux", os_version: "1", host_arch: "x64" };
		const lines = rows.map(([, message], index) =>
			JSON.stringify({
				event_id: String(index),
				event_name: "error",
				timestamp: `2026-06-01T12:00:0${index}Z`,
				event_sequence: index,
				properties: {},
				measurements: {},
				error: { message },
				context: { ...versions, ...context, ...system },
			}),
		);
		writeFileSync(path.join(telemetry, "telemetry-2026-06-01-a.jsonl"), lines.join("\n"));
		writeFileSync(key, "k".repeat(32));
		const args = [program, telemetry, "--redact", "--redact-key-file", key, "--out", out];
		const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
		assert.equal(status, 0, stderr);
		/** @type {{ error: { message: string } }[]} */
		const events = JSON.parse(readFileSync(out, "utf8"));
		assert.deepEqual(
			events.map(({ error }) => error.message),
			rows.map(([, , redacted]) => redacted),
		);
	});
});

/**
 * @param {string} printed a summary
 * @returns {string} the summary without the size of a report, which changes with every change of the page
 */
function withoutReportLength(printed) {
	return printed.replace(/(\.html), \d+ kB$/m, "$1");
}
