import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { optionTypes, parseCommandLine } from "../bin/arguments.js";
import { helpText } from "../bin/help.js";

/** @param {string} commandLine words separated by spaces */
function parse(commandLine) {
	return parseCommandLine(commandLine.split(" ").filter((word) => word !== ""));
}

/** @param {string} commandLine */
function parseExport(commandLine) {
	const request = parse(commandLine);
	assert.equal(request.command, "export");
	return /** @type {import("../bin/arguments.js").ExportArguments} */ (request);
}

describe("an empty command line", () => {
	it("asks for a JSON export of all time from the default directory, under the suggested name", () => {
		const { options, ...request } = parseExport("");
		assert.deepEqual(request, {
			command: "export",
			directory: undefined,
			range: "allTime",
			format: "json",
			out: undefined,
			open: false,
			json: false,
			strict: false,
		});
		assert.equal(options.overwrite, false);
	});

	it("passes no options, so that the addon's defaults apply", () => {
		const { overwrite, ...options } = parseExport("").options;
		assert.ok(Object.values(options).every((value) => value === undefined));
	});
});

describe("the options", () => {
	it("are passed on with the addon's names", () => {
		const { options } = parseExport(
			"dir --format otlp --temporality cumulative --span-name full --max-request-bytes 900kB " +
				"--compression-level 0 --grace-days 7 --threads 3",
		);
		assert.deepEqual(options, {
			temporality: "cumulative",
			spanName: "full",
			maxRequestBytes: 900_000,
			compressionLevel: 0,
			graceDays: 7,
			overwrite: false,
			threads: 3,
		});
	});

	it("of redaction are passed on with the addon's names, the key's file by itself", () => {
		const { options, redactKeyFile } = parseExport(
			"--redact --redact-field properties.a.b --redact-field error.code --keep-field other.x --redact-key-file k",
		);
		const { redact, redactFields, keepFields } = options;
		assert.deepEqual(
			{ redact, redactFields, keepFields },
			{ redact: "marked", redactFields: ["properties.a.b", "error.code"], keepFields: ["other.x"] },
		);
		assert.equal(redactKeyFile, "k");
		assert.equal("redactKey" in options, false);
		assert.equal(parseExport("--redact-unknown").options.redact, "unknown");
		assert.equal(parseExport("--redact --redact-unknown").options.redact, "unknown");
	});

	for (const [commandLine, overwrite] of /** @type {const} */ ([
		["", false],
		["--force", true],
		["--out x", true],
		["--out x --no-overwrite", false],
		["--out x --force", true],
	])) {
		it(`${overwrite ? "replace" : "keep"} an existing file with "${commandLine}"`, () => {
			assert.equal(parseExport(commandLine).options.overwrite, overwrite);
		});
	}

	for (const format of ["json", "otlp", "html"]) {
		it(`take ${format} as a format`, () => assert.equal(parseExport(`--format ${format}`).format, format));
	}

	it("open a page, and only if asked to", () => {
		assert.equal(parseExport("--format html --open").open, true);
		assert.equal(parseExport("--format html").open, false);
	});

	it("are allowed before and after the directory", () => {
		const request = parseExport("--json some/dir --strict");
		assert.deepEqual([request.directory, request.json, request.strict], ["some/dir", true, true]);
	});

	for (const size of ["65536", "64KiB", "64MiB", "67108864"]) {
		it(`take ${size} as a limit of requests`, () => {
			assert.ok(parseExport(`--max-request-bytes ${size}`).options.maxRequestBytes);
		});
	}

	for (const [commandLine, out, force] of /** @type {const} */ ([
		["-o may.json", "may.json", false],
		["-omay.json", "may.json", false],
		["-o=may.json", "may.json", false],
		["-o=-", "-", false],
		["-o==may.json", "=may.json", false],
		["-o =may.json", "=may.json", false],
		["--out==may.json", "=may.json", false],
		["-fo=may.json", "may.json", true],
		["-fo may.json", "may.json", true],
		["-o -may.json", "-may.json", false],
		["--out -may.json", "-may.json", false],
		["--out=-f", "-f", false],
		["--out=--json", "--json", false],
		["-o-f", "-f", false],
		["--out - -f", "-", true],
	])) {
		it(`write to ${out} with "${commandLine}"`, () => {
			const request = parseExport(commandLine);
			assert.deepEqual([request.out, request.json, request.directory], [out, false, undefined]);
			const contradicts = () => parseExport(`${commandLine} --no-overwrite`);
			if (force) {
				assert.throws(contradicts, /contradict/);
			} else {
				assert.doesNotThrow(contradicts);
			}
		});
	}

	it("take a directory that begins with a dash, or is called ls, if it is unambiguous", () => {
		assert.equal(parseExport("-- -dir").directory, "-dir");
		assert.equal(parseExport("./ls").directory, "./ls");
	});
});

describe("ls", () => {
	it("takes a directory, a range, grace days and --json", () => {
		assert.deepEqual(parse("ls dir --range last7Days --grace-days 1 --json"), {
			command: "list",
			directory: "dir",
			range: "last7Days",
			graceDays: 1,
			json: true,
		});
	});

	it("lists everything in the default directory on its own", () => {
		assert.deepEqual(parse("ls"), {
			command: "list",
			directory: undefined,
			range: "allTime",
			graceDays: undefined,
			json: false,
		});
	});
});

describe("help and version", () => {
	for (const commandLine of ["--help", "-h", "ls --help", "dir --help --version"]) {
		it(`"${commandLine}" asks for help`, () => assert.deepEqual(parse(commandLine), { command: "help" }));
	}
	for (const commandLine of ["--version", "-V"]) {
		it(`"${commandLine}" asks for the version`, () => {
			assert.deepEqual(parse(commandLine), { command: "version" });
		});
	}
});

describe("a usage error", () => {
	for (const [commandLine, message] of /** @type {[string, RegExp][]} */ ([
		["--nope", /^Unknown option '--nope'$/],
		["--json=yes", /--json.* does not take an argument$/],
		["--out", /--out <value>' argument missing$/],
		[
			"--range --json",
			/^--range needs a value, and --json is an option; write --range=--json if it is the value$/,
		],
		["--out --nope", /^--out needs a value, and --nope is an option; write --out=--nope if/],
		["--out --", /^--out needs a value, and -- is an option/],
		["-o -f", /^-o needs a value, and -f is an option; write --out=-f if it is the value$/],
		["-fo -hV", /^-o needs a value, and -hV is an option/],
		["-o -omay.json", /^-o needs a value, and -omay.json is an option/],
		["-o", /--out <value>' argument missing$/],
		["-o=", /^--out takes the name of a file, or - for standard output$/],
		["-f=yes", /^Option '-f' does not take an argument$/],
		["-h=yes", /^Option '-h' does not take an argument$/],
		["-V=1", /^Option '-V' does not take an argument$/],
		["-fh=yes", /^Option '-h' does not take an argument$/],
		["-=", /^Unknown option '-='$/],
		["-1", /^Unknown option '-1'$/],
		["--format -x", /^--format takes json, otlp or html, not "-x"$/],
		["--threads -2", /^--threads takes a whole number from 1 to 65536, not "-2"$/],
		["--compression-level -1", /^--compression-level takes .* not "-1"$/],
		["--max-request-bytes -5kB", /^--max-request-bytes takes .* not "-5kB"$/],
		["--temporality -d", /^--temporality takes delta or cumulative, not "-d"$/],
		["--span-name -l", /^--span-name takes leaf or full, not "-l"$/],
		["--grace-days -1", /^--grace-days takes a whole number from 0 to 7, not "-1"$/],
		["one two", /^one directory at a time, not also two$/],
		["ls one two", /^one directory at a time/],
		["ls --out x", /^ls does not take --out$/],
		["ls -f", /^ls does not take --force$/],
		["--format csv", /^--format takes json, otlp or html, not "csv"$/],
		["--format otlp --out -", /^--out - streams the JSON array only; --format otlp needs a file$/],
		["--format html --out -", /^--out - streams the JSON array only; --format html needs a file$/],
		["--open", /^--open needs a report: add --format html, or remove --open$/],
		["--open --format otlp", /^--open needs a report/],
		["--open --out -", /^--open needs a report/],
		["ls --open", /^ls does not take --open$/],
		["--out - --json", /^--json and --out - both write to standard output/],
		["--force --no-overwrite", /contradict/],
		["--temporality both", /^--temporality takes delta or cumulative, not "both"$/],
		["--span-name short", /^--span-name takes leaf or full, not "short"$/],
		["--max-request-bytes 64kB", /^--max-request-bytes takes .* from 65536 bytes .* not "64kB"$/],
		["--max-request-bytes 65MiB", /^--max-request-bytes takes .* not "65MiB"$/],
		["--max-request-bytes lots", /^--max-request-bytes takes a size such as 900kB/],
		["--compression-level 10", /^--compression-level takes a whole number from 0 to 9, not "10"$/],
		["--compression-level 1.5", /not "1.5"$/],
		["--grace-days 8", /^--grace-days takes a whole number from 0 to 7, not "8"$/],
		["ls --grace-days -1", /^--grace-days takes a whole number from 0 to 7, not "-1"$/],
		["--redact-field error.code", /^--redact-field needs --redact or --redact-unknown$/],
		["--keep-field error.code", /^--keep-field needs --redact/],
		["--redact-key-file k", /^--redact-key-file needs --redact/],
		["ls --redact", /^ls does not take --redact$/],
		["ls --redact-key-file k", /^ls does not take --redact-key-file$/],
		["--threads 0", /^--threads takes a whole number from 1 /],
		["--threads two", /not "two"$/],
	])) {
		it(`is reported for "${commandLine}"`, () => {
			assert.throws(() => parse(commandLine), { name: "UsageError", exitCode: 2, message });
		});
	}

	it("is reported for an empty name", () => {
		assert.throws(() => parseCommandLine([""]), { name: "UsageError" });
		assert.throws(() => parseCommandLine(["--out", ""]), { name: "UsageError" });
	});

	it("escapes the arguments that it repeats", () => {
		for (const args of [["--format", "\u001b[2J"], ["--\u001b[2J"], ["a", "\u001b[2J"]]) {
			assert.throws(
				() => parseCommandLine(args),
				(/** @type {Error} */ error) =>
					error.message.includes("\\u{1b}") && !error.message.includes("\u001b"),
			);
		}
	});
});

describe("the help text", () => {
	for (const option of Object.keys(optionTypes)) {
		it(`explains --${option}`, () => assert.match(helpText, new RegExp(`^ .*--${option}\\b`, "m")));
	}

	it("fits a terminal of 80 columns", () => {
		const widest = Math.max(...helpText.split("\n").map((line) => line.length));
		assert.ok(widest <= 80, `${widest} columns`);
	});

	it("shows examples that parse", () => {
		const examples = helpText.matchAll(/^ {4}coder-telemetry-export ?([^|\n]*)/gm);
		const requests = Array.from(examples, ([, commandLine = ""]) => parse(commandLine.trim()));
		assert.ok(requests.length >= 7);
	});
});

describe("the command line and the addon", () => {
	it("have the same options", () => {
		const types = readFileSync(new URL("../index.d.ts", import.meta.url), "utf8");
		const [, body = ""] = /interface ExportOptions \{([\s\S]*?)\n\}/.exec(types) ?? [];
		const names = Array.from(body.matchAll(/^\s*(\w+)\?:/gm), ([, name = ""]) => name);
		assert.ok(names.includes("maxRequestBytes"), "ExportOptions was not found in index.d.ts");
		const flags = new Set(Object.keys(optionTypes));
		const special = new Map([
			["signal", undefined],
			["onProgress", undefined],
			["overwrite", "force"],
			["redactFields", "redact-field"],
			["keepFields", "keep-field"],
			["redactKey", "redact-key-file"],
		]);
		for (const name of names) {
			const kebabCase = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
			const flag = special.has(name) ? special.get(name) : kebabCase;
			assert.ok(flag === undefined || flags.has(flag), `${name} has no option`);
		}
	});
});
