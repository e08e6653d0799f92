import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { onWindows } from "../scripts/testing/windows.mjs";
import { readZip } from "../scripts/zip.mjs";
import { broken, command, good, sample, setup } from "./command.mjs";

describe("an export to a named file", () => {
	it("writes every event, and prints the summary on standard output only", (test) => {
		const { out, run } = setup(test);
		const { status, stdout, stderr } = run(sample, "--out", out);
		assert.equal(status, 0);
		assert.equal(stderr, "");
		assert.match(stdout, /^range +All time\nevents +396\nread +6 files, 137 kB\nwritten +\S+out\.json, /);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
	});

	it("prints the same records of an OTLP export as its manifest", (test) => {
		const { out, run } = setup(test);
		const { status, stdout } = run(sample, "--format", "otlp", "--out", out, "--json");
		assert.equal(status, 0);
		const summary = JSON.parse(stdout);
		const manifest = JSON.parse(readZip(out).at(-1)?.content().toString("utf8") ?? "");
		assert.deepEqual(summary.records, { logs: 45, traces: 90, metrics: 1049 });
		assert.deepEqual(manifest.records, summary.records);
		assert.deepEqual([summary.logs, summary.traces, summary.metrics], [45, 90, 261]);
		assert.equal(summary.output, out);
		assert.equal(summary.directory, sample);
	});

	it("replaces the file", (test) => {
		const { out, run, telemetry } = setup(test, good);
		writeFileSync(out, "before");
		assert.equal(run(telemetry, "--out", out).status, 0);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 1);
	});

	it("keeps the file and fails with --no-overwrite", (test) => {
		const { directory, out, run, telemetry } = setup(test, good);
		writeFileSync(out, "before");
		const { status, stderr } = run(telemetry, "--out", out, "--no-overwrite");
		assert.equal(status, 1);
		assert.match(stderr, /out\.json already exists; .*--force.*--out/);
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory).sort(), ["out.json", "telemetry"]);
	});

	it("passes every option on", (test) => {
		const { out, run } = setup(test);
		const options =
			"--format otlp --range 2026-06-02 --temporality cumulative --span-name full --max-request-bytes 64KiB " +
			"--compression-level 0 --grace-days 1 --threads 2";
		assert.equal(run(sample, "--out", out, ...options.split(" ")).status, 0);
		const entries = readZip(out);
		const manifest = JSON.parse(entries.at(-1)?.content().toString("utf8") ?? "");
		assert.equal(manifest.temporality, "cumulative");
		assert.equal(manifest.spanName, "full");
		assert.equal(manifest.range.label, "2026-06-02");
		assert.equal(manifest.source.files, 4);
		assert.ok(entries.some(({ name }) => name === "metrics-000002.json"));
		assert.ok(entries.every(({ packedSize, size }) => packedSize >= size));
	});
});

describe("an export under the suggested name", () => {
	it("goes to the current directory", (test) => {
		const { directory, run, telemetry } = setup(test, good);
		assert.equal(run(telemetry, "--range", "2026-06-01").status, 0);
		assert.equal(run(telemetry, "--range", "2026-06-01", "--format", "otlp").status, 0);
		assert.equal(run(telemetry, "--range", "2026-06-01", "--format", "html").status, 0);
		assert.deepEqual(readdirSync(directory).sort(), [
			"coder-telemetry-2026-06-01.html",
			"coder-telemetry-2026-06-01.json",
			"coder-telemetry-2026-06-01.otlp.zip",
			"telemetry",
		]);
	});

	it("never replaces a file without --force", (test) => {
		const { directory, run, telemetry } = setup(test, good);
		const file = path.join(directory, "coder-telemetry-2026-06-01.json");
		writeFileSync(file, "before");
		const { status, stdout, stderr } = run(telemetry, "--range", "2026-06-01");
		assert.equal(status, 1);
		assert.equal(stdout, "");
		assert.match(stderr, /coder-telemetry-2026-06-01\.json already exists; .*--force.*--out/);
		assert.equal(readFileSync(file, "utf8"), "before");
		assert.equal(run(telemetry, "--range", "2026-06-01", "--force").status, 0);
		assert.notEqual(readFileSync(file, "utf8"), "before");
	});
});

describe("an HTML export", () => {
	it("writes the page, and prints the events of each signal", (test) => {
		const { directory, run } = setup(test);
		const page = path.join(directory, "page.html");
		const { status, stdout, stderr } = run(sample, "--format", "html", "--span-name", "full", "--out", page);
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.match(
			stdout,
			/\nsignals +45 log events, 90 span events, 261 metric events\nread .*\nwritten +\S+page\.html, /,
		);
		assert.match(readFileSync(page, "utf8"), /^<!doctype html>/i);
	});

	it("has no records and no parts in its summary", (test) => {
		const { stdout } = setup(test).run(sample, "--format", "html", "--json");
		const { format, logs, traces, metrics, records, parts } = JSON.parse(stdout);
		assert.deepEqual([format, logs, traces, metrics], ["html", 45, 90, 261]);
		assert.deepEqual([records, parts], [undefined, undefined]);
	});
});

describe("--out -", () => {
	it("writes the same array to standard output, and the summary to standard error", (test) => {
		const { out, run } = setup(test);
		run(sample, "--out", out);
		const { status, stdout, stderr } = run(sample, "--out", "-");
		assert.equal(status, 0);
		assert.equal(stdout, readFileSync(out, "utf8"));
		assert.match(stderr, /^range +All time\nevents +396\n.*\nwritten +standard output, /);
	});

	it("writes only events to standard output if lines are bad", (test) => {
		const { run, telemetry } = setup(test, broken);
		const { status, stdout, stderr } = run(telemetry, "--out", "-", "--strict");
		assert.equal(status, 4);
		assert.equal(JSON.parse(stdout).length, 2);
		assert.match(stderr, /telemetry-2026-06-01-aa\.jsonl:2: /);
	});

	it("exits with 3 if nothing matched", (test) => {
		const { run, telemetry } = setup(test, good);
		const { status, stderr } = run(telemetry, "--out", "-", "--range", "2026-07-01");
		assert.equal(status, 3);
		assert.match(stderr, /^No event matched \(2026-07-01\)/);
	});

	it("exits with 0 and no message if the reader goes away", async (test) => {
		const { directory } = setup(test);
		const telemetry = path.join(directory, "telemetry");
		generateTelemetry({ directory: telemetry, bytes: 3e6, days: 1, sessionsPerDay: 2 });
		const child = spawn(process.execPath, [command, telemetry, "--out", "-"]);
		await once(child.stdout, "readable");
		child.stdout.destroy();
		const [status] = await once(child, "exit");
		assert.equal(status, 0);
		assert.equal(child.stderr.read(), null);
	});
});

describe("a usage error", () => {
	for (const [commandLine, message] of /** @type {[string, RegExp][]} */ ([
		["--nope", /Unknown option '--nope'/],
		["--range yesterday", /Use YYYY-MM-DD\./],
		["--range 2026-02-30", /Enter a valid calendar date\./],
		["--range 2026-05-13..2026-05-12", /End date must be on or after start date\./],
		["ls --range never", /Use YYYY-MM-DD\./],
		["--format otlp --out -", /JSON array only/],
		["--format html --out -", /JSON array only/],
		["--open", /add --format html, or remove --open/],
	])) {
		it(`exits with 2 and points to the help: ${commandLine}`, (test) => {
			const { directory, run, telemetry } = setup(test, good);
			const { status, stdout, stderr } = run(...commandLine.split(" "), telemetry);
			assert.equal(status, 2);
			assert.equal(stdout, "");
			assert.match(stderr, message);
			assert.match(stderr, /\nSee coder-telemetry-export --help\.\n$/);
			assert.deepEqual(readdirSync(directory), ["telemetry"]);
		});
	}
});

describe("a failure", () => {
	it("exits with 1 and names a telemetry directory that does not exist", (test) => {
		const { out, run } = setup(test);
		const { status, stdout, stderr } = run("no/such/place", "--out", out);
		assert.equal(status, 1);
		assert.equal(stdout, "");
		assert.match(stderr, /^coder-telemetry-export: .*no[\\/]such[\\/]place/);
		assert.equal(existsSync(out), false);
	});

	it("exits with 1 and names an output that cannot be written", (test) => {
		const { directory, run, telemetry } = setup(test, good);
		const { status, stderr } = run(telemetry, "--out", path.join(directory, "missing", "x.json"));
		assert.equal(status, 1);
		assert.match(stderr, /missing/);
	});

	it("exits with 1 if ls finds no directory", (test) => {
		const { status, stderr } = setup(test).run("ls", "no/such/place");
		assert.equal(status, 1);
		assert.match(stderr, /no[\\/]such[\\/]place/);
	});

	it("escapes control characters in names", (test) => {
		const { stderr } = setup(test).run("no\u001b[2J\u202e");
		assert.ok(stderr.includes("no\\u{1b}[2J\\u{202e}"), stderr);
		assert.ok(!stderr.includes("\u001b") && !stderr.includes("\u202e"));
	});
});

describe("an export that matches nothing", () => {
	it("exits with 3 without a file", (test) => {
		const { directory, out, run, telemetry } = setup(test, good);
		const { status, stdout, stderr } = run(telemetry, "--range", "2026-07-01", "--out", out);
		assert.equal(status, 3);
		assert.equal(stdout, "");
		assert.equal(stderr, "No event matched (2026-07-01); nothing was written.\n");
		assert.deepEqual(readdirSync(directory), ["telemetry"]);
	});

	it("does not touch an existing file", (test) => {
		const { out, run, telemetry } = setup(test, good);
		writeFileSync(out, "before");
		assert.equal(run(telemetry, "--range", "2026-07-01", "--out", out).status, 3);
		assert.equal(readFileSync(out, "utf8"), "before");
	});

	it("still prints the summary with --json, without an output", (test) => {
		const { run, telemetry } = setup(test, good);
		const { status, stdout, stderr } = run(telemetry, "--range", "2026-07-01", "--json");
		assert.equal(status, 3);
		assert.equal(stderr, "");
		const { eventCount, output } = JSON.parse(stdout);
		assert.deepEqual({ eventCount, output }, { eventCount: 0, output: null });
	});
});

describe("incomplete telemetry", () => {
	it("with a bad line is no failure; file and line are printed", (test) => {
		const { out, run, telemetry } = setup(test, broken);
		const { status, stderr } = run(telemetry, "--out", out);
		assert.equal(status, 0);
		assert.match(stderr, /^1 bad line left out:\n {2}telemetry-2026-06-01-aa\.jsonl:2: \S.*\n$/);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 2);
	});

	it("makes --strict exit with 4 and keep the output", (test) => {
		const { out, run, telemetry } = setup(test, broken);
		assert.equal(run(telemetry, "--out", out, "--strict").status, 4);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 2);
	});

	it("with a file that cannot be read also makes --strict exit with 4", (test) => {
		const { out, run, telemetry } = setup(test, good);
		mkdirSync(path.join(telemetry, "telemetry-2026-06-01-bb.jsonl"));
		const { status, stderr } = run(telemetry, "--out", out, "--strict");
		assert.equal(status, 4);
		assert.match(stderr, /^1 file skipped:\n {2}telemetry-2026-06-01-bb\.jsonl: \S/);
	});

	it("takes precedence over an export without events", (test) => {
		const { run, telemetry } = setup(test, { "telemetry-2026-06-01-aa.jsonl": ["not a row"] });
		assert.equal(run(telemetry, "--strict").status, 4);
		assert.equal(run(telemetry).status, 3);
	});

	it("is required for --strict to fail", (test) => {
		const { out, run, telemetry } = setup(test, good);
		assert.equal(run(telemetry, "--out", out, "--strict").status, 0);
	});

	it("is printed with escaped control characters", (test) => {
		// On Windows no name has control characters of ASCII.
		const [name, escaped] = onWindows ? ["\u202ea", "\\u{202e}a"] : ["\u202ea\u001b", "\\u{202e}a\\u{1b}"];
		const file = `telemetry-2026-06-01-${name}.jsonl`;
		const { run, telemetry } = setup(test, { [file]: ["not a row"] });
		const { stderr } = run(telemetry);
		assert.ok(stderr.includes(`telemetry-2026-06-01-${escaped}.jsonl:1: `), stderr);
		assert.ok(!stderr.includes("\u202e") && !stderr.includes("\u001b"));
		const { stdout } = run(telemetry, "--json");
		assert.ok(!stdout.includes("\u202e") && !stdout.includes("\u001b"));
		assert.equal(JSON.parse(stdout).badLineSamples[0].file, file);
	});
});
