import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { readZip } from "../scripts/zip.mjs";
import { fakeProgram, openerOfThisMachine, recordOnceWritten } from "./fake-programs.mjs";
import { utilLinuxScriptIsMissing } from "./missing-tools.mjs";

const command = path.join(repository, "bin", "coder-telemetry-export.js");
const sample = path.join(repository, "examples", "telemetry", "current");
const onUnix = { skip: process.platform === "win32" && "needs a Unix file system" };

const cannotGiveUpRights = process.getuid?.() !== 0 && "needs root, which can become another user";
/** Runs the command as a user without an entry in the system. */
const asUserWithoutEntry = `
	process.setgid(54321);
	process.setuid(54321);
	process.argv.splice(1, 0, ${JSON.stringify(command)});
	require(${JSON.stringify(command)});`;

/** One good row of one day. */
const good = { "telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z")] };
/** A broken row between two good ones. */
const broken = {
	"telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z"), "not a row", row("2026-06-01T13:00:00Z")],
};

/**
 * A directory to run in, optionally with telemetry.
 *
 * @param {import("node:test").TestContext} test
 * @param {Record<string, string[]>} [linesByFile]
 */
function setup(test, linesByFile) {
	const directory = temporaryDirectory(test);
	const telemetry = path.join(directory, "telemetry");
	const programs = temporaryDirectory(test);
	// Tests can put programs there, which take precedence over the system's.
	const pathToSearch = [programs, process.env.PATH].join(path.delimiter);
	if (linesByFile !== undefined) {
		writeTelemetry(telemetry, linesByFile);
	}
	/**
	 * @param {string[]} commandLine
	 * @returns {{ status: number | null, stdout: string, stderr: string }}
	 */
	const run = (...commandLine) =>
		spawnSync(process.execPath, [command, ...commandLine], {
			cwd: directory,
			encoding: "utf8",
			env: { PATH: pathToSearch, HOME: directory, USERPROFILE: directory },
		});
	return { directory, telemetry, run, out: path.join(directory, "out.json"), programs };
}

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
		assert.match(stderr, /out\.json exists already; .*--force.*--out/);
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
		assert.match(stderr, /coder-telemetry-2026-06-01\.json exists already; .*--force.*--out/);
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

describe("--open", onUnix, () => {
	it("opens the written page by its absolute path", async (test) => {
		const { directory, programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine);
		const { status, stdout, stderr } = run(sample, "--format", "html", "--open", "--out=-100% é.html");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.match(stdout, /^range .*\n(.*\n)+written .*\n$/);
		const page = path.join(directory, "-100% é.html");
		assert.equal(await recordOnceWritten(record), `${page}\n`);
		assert.ok(existsSync(page));
	});

	it("prints only the summary on standard output with --json", async (test) => {
		const { programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine, "echo noise; echo noise >&2");
		const { status, stdout, stderr } = run(sample, "--format", "html", "--open", "--json");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.equal(await recordOnceWritten(record), `${JSON.parse(stdout).output}\n`);
	});

	it("is off by default", (test) => {
		const { programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine);
		assert.equal(run(sample, "--format", "html").status, 0);
		assert.equal(existsSync(record), false);
	});

	it("opens nothing if nothing matched", (test) => {
		const { programs, run, telemetry } = setup(test, good);
		const record = fakeProgram(programs, openerOfThisMachine);
		assert.equal(run(telemetry, "--format", "html", "--open", "--range", "2026-07-01").status, 3);
		assert.equal(existsSync(record), false);
	});

	it("opens nothing if the export fails", (test) => {
		const { programs, run } = setup(test);
		const record = fakeProgram(programs, openerOfThisMachine);
		assert.equal(run("no/such/place", "--format", "html", "--open").status, 1);
		assert.equal(existsSync(record), false);
	});

	it("does not fail the export: if nothing opens, a warning names the page", (test) => {
		const { directory, programs, run } = setup(test);
		fakeProgram(programs, openerOfThisMachine, "exit 4");
		const { status, stdout, stderr } = run(sample, "--format", "html", "--open", "--out", "a\u202eb.html");
		assert.equal(status, 0);
		assert.match(stdout, /^range /);
		assert.equal(
			stderr,
			`warning: the page was not opened (${openerOfThisMachine} failed with exit code 4); ` +
				`open it by hand: ${path.join(directory, "a\\u{202e}b.html")}\n`,
		);
		assert.ok(existsSync(path.join(directory, "a\u202eb.html")));
	});

	it("does not change the exit code of the export", (test) => {
		const { out, programs, run, telemetry } = setup(test, broken);
		const record = fakeProgram(programs, openerOfThisMachine, "exit 1");
		const { status, stderr } = run(telemetry, "--format", "html", "--open", "--strict", "--out", out);
		assert.equal(status, 4);
		assert.match(stderr, /^1 bad line left out:\n.*\nwarning: the page was not opened /);
		assert.ok(existsSync(record));
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
		["--open", /add that, or leave --open out/],
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
		assert.match(stderr, /^coder-telemetry-export: .*no\/such\/place/);
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
		assert.match(stderr, /no\/such\/place/);
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

	it("with a file that cannot be opened also makes --strict exit with 4", onUnix, (test) => {
		const { out, run, telemetry } = setup(test, good);
		const loop = "telemetry-2026-06-01-bb.jsonl";
		symlinkSync(loop, path.join(telemetry, loop));
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

	it("is printed with escaped control characters", onUnix, (test) => {
		const { run, telemetry } = setup(test, { "telemetry-2026-06-01-\u202ea\u001b.jsonl": ["not a row"] });
		const { stderr } = run(telemetry);
		assert.ok(stderr.includes("telemetry-2026-06-01-\\u{202e}a\\u{1b}.jsonl:1: "), stderr);
		assert.ok(!stderr.includes("\u202e") && !stderr.includes("\u001b"));
		const { stdout } = run(telemetry, "--json");
		assert.ok(!stdout.includes("\u202e") && !stdout.includes("\u001b"));
		assert.equal(JSON.parse(stdout).badLineSamples[0].file, "telemetry-2026-06-01-\u202ea\u001b.jsonl");
	});
});

describe("without a directory", () => {
	const place = (/** @type {string} */ folder) =>
		path.join(folder, "data", "User", "globalStorage", "coder.coder-remote", "telemetry");

	it("exports from the only standard place that exists", (test) => {
		const { directory, out, run } = setup(test);
		writeTelemetry(path.join(directory, place(".vscode-server")), good);
		assert.equal(run("--out", out).status, 0);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 1);
		assert.match(run("ls").stdout, /^2026-06-01 /);
	});

	it("lists several places that exist and exits with 2", (test) => {
		const { directory, run } = setup(test);
		for (const folder of [".vscode-server", ".vscode-server-insiders"]) {
			mkdirSync(path.join(directory, place(folder)), { recursive: true });
		}
		const { status, stderr } = run();
		assert.equal(status, 2);
		assert.match(stderr, /\.vscode-server[\\/]data.*\n.*\.vscode-server-insiders[\\/]data/);
		assert.doesNotMatch(stderr, /Cursor/);
	});

	it("exports and lists a named directory without a home directory, as in a container", {
		skip: cannotGiveUpRights,
	}, (test) => {
		const { out } = setup(test);
		const nobody = (/** @type {string[]} */ ...commandLine) =>
			spawnSync(process.execPath, ["-e", asUserWithoutEntry, "--", ...commandLine], {
				encoding: "utf8",
				env: {},
				stdio: ["ignore", "pipe", "pipe"],
			});
		assert.equal(nobody(sample, "--out", "-").status, 0);
		assert.equal(JSON.parse(nobody(sample, "--out", "-").stdout).length, 396);
		assert.match(nobody("ls", sample).stdout, /^2026-06-01 /);
		assert.match(nobody("--help").stdout, /^Exports the telemetry/);
		assert.equal(nobody("--range", "never").status, 2);
		const { status, stderr } = nobody();
		assert.equal(status, 1);
		assert.match(
			stderr,
			/^coder-telemetry-export: the home directory is not known, so name the telemetry directory/,
		);
		assert.equal(existsSync(out), false);
	});

	it("names all places that it looked in and exits with 1 if none exists", (test) => {
		const { run } = setup(test);
		const { status, stderr } = run();
		assert.equal(status, 1);
		for (const editor of [
			"VS Code",
			"Insiders",
			"VSCodium",
			"Cursor",
			"Windsurf",
			"code-server",
			"VS Code server",
		]) {
			assert.ok(stderr.includes(editor), editor);
		}
		assert.equal(run("ls").status, 1);
	});
});

describe("ls", () => {
	it("lists days with their sessions, files and sizes, and the total", (test) => {
		const { status, stdout, stderr } = setup(test).run("ls", sample);
		assert.equal(status, 0);
		assert.equal(stderr, "");
		assert.deepEqual(stdout.split("\n"), [
			"2026-06-01  2 sessions  2 files  31.6 kB",
			"2026-06-02  2 sessions  2 files  55.6 kB",
			"2026-06-03  2 sessions  2 files  50.3 kB",
			"3 days      6 sessions  6 files   137 kB",
			"",
		]);
	});

	it("lists only the days of a range, and its grace days", (test) => {
		const { run } = setup(test);
		const days = (/** @type {string[]} */ ...options) =>
			JSON.parse(run("ls", sample, "--json", ...options).stdout).days.map(
				(/** @type {{ date: string }} */ { date }) => date,
			);
		assert.deepEqual(days("--range", "2026-06-01"), ["2026-06-01"]);
		assert.deepEqual(days("--range", "2026-06-01", "--grace-days", "1"), ["2026-06-01", "2026-06-02"]);
	});

	it("counts a session once that continues on the next day, or in parts", (test) => {
		const { run, telemetry } = setup(test, {
			"telemetry-2026-06-01-aa.jsonl": ["no matter what"],
			"telemetry-2026-06-01-aa.1.jsonl": [],
			"telemetry-2026-06-02-aa.jsonl": [],
			"telemetry-2026-06-31-aa.jsonl": [],
			"notes.txt": [],
		});
		assert.deepEqual(JSON.parse(run("ls", telemetry, "--json").stdout), {
			directory: telemetry,
			days: [
				{ date: "2026-06-01", sessions: 1, files: 2, bytes: 15 },
				{ date: "2026-06-02", sessions: 1, files: 1, bytes: 0 },
			],
			sessions: 1,
			files: 3,
			bytes: 15,
		});
	});

	it("exits with 3 if there are no files", (test) => {
		const { run, telemetry } = setup(test, {});
		const { status, stdout, stderr } = run("ls", telemetry);
		assert.deepEqual(
			{ status, stdout, stderr },
			{ status: 3, stdout: "", stderr: "No telemetry files (All time).\n" },
		);
	});
});

describe("an interruption", { skip: process.platform === "win32" && "needs Unix signals" }, () => {
	const telemetry = temporaryDirectory({ after });
	before(() => generateTelemetry({ directory: telemetry, bytes: 40e6, days: 2, sessionsPerDay: 4 }));

	/**
	 * Starts a long export and waits until it has begun to write.
	 *
	 * @param {string} directory
	 */
	async function startExport(directory) {
		const out = path.join(directory, "out.zip");
		writeFileSync(out, "before");
		const options = ["--format", "otlp", "--out", out, "--threads", "1", "--compression-level", "9"];
		const child = spawn(process.execPath, [command, telemetry, ...options], {
			stdio: ["ignore", "pipe", "pipe"],
		});
		while (readdirSync(directory).length === 1) {
			assert.equal(child.exitCode, null, "the export is over before it could be interrupted");
			await wait(5);
		}
		return { child, out };
	}

	for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
		it(`by ${signal} cancels the export: exit code 130, the old file unchanged, nothing left behind`, async (test) => {
			const directory = temporaryDirectory(test);
			const { child, out } = await startExport(directory);
			child.kill(signal);
			let stderr = "";
			child.stderr.setEncoding("utf8").on("data", (chunk) => {
				stderr += chunk;
			});
			const [status] = await once(child, "close");
			assert.equal(status, 130);
			assert.equal(stderr, "Cancelled.\n");
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.zip"]);
		});
	}

	it("ends the process immediately the second time", async (test) => {
		const script = path.join(temporaryDirectory(test), "stubborn.cjs");
		const modulePath = JSON.stringify(path.join(repository, "bin", "interruption.js"));
		writeFileSync(
			script,
			`const { cancelledByInterruption } = require(${modulePath});
			setInterval(() => {}, 1000);
			cancelledByInterruption((signal) => new Promise(() => {
				signal.addEventListener("abort", () => console.log("told to stop"));
				console.log("running");
			}));`,
		);
		const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
		const output = child.stdout.setEncoding("utf8");
		assert.equal((await once(output, "data"))[0], "running\n");
		child.kill("SIGINT");
		assert.equal((await once(output, "data"))[0], "told to stop\n");
		child.kill("SIGINT");
		assert.deepEqual(await once(child, "exit"), [130, null]);
	});
});

describe("progress", () => {
	it("is not drawn on a pipe", (test) => {
		const { out, run } = setup(test);
		assert.equal(run(sample, "--out", out).stderr, "");
	});

	/**
	 * Runs the command on a new terminal.
	 *
	 * @param {string[]} commandLine
	 * @returns {string} the whole output of the terminal
	 */
	function runOnTerminal(...commandLine) {
		const args = [process.execPath, command, ...commandLine].map((word) => `'${word}'`).join(" ");
		const environment = { ...process.env, TERM: "xterm" };
		return spawnSync("script", ["-qec", args, "/dev/null"], { encoding: "utf8", env: environment }).stdout;
	}
	const onTerminal = { skip: utilLinuxScriptIsMissing() };

	it("is drawn on a terminal, and cleared at the end", onTerminal, (test) => {
		const screen = runOnTerminal(sample, "--out", setup(test).out);
		assert.ok(screen.includes(`\r\u001b[KFinishing [${"#".repeat(24)}] 100%`), screen);
		assert.ok(screen.includes("\r\u001b[Krange    All time"), screen);
	});

	it("is not drawn with --json, or if events go to the same terminal", onTerminal, (test) => {
		assert.ok(!runOnTerminal(sample, "--json", "--out", setup(test).out).includes("\u001b"));
		assert.ok(!runOnTerminal(sample, "--out", "-").includes("\u001b"));
	});
});

describe("help and version", () => {
	it("prints help and exits with 0", (test) => {
		const { status, stdout, stderr } = setup(test).run("--help");
		assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		assert.match(stdout, /^Exports the telemetry/);
	});

	it("prints the package's version", (test) => {
		const { version } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
		const { status, stdout } = setup(test).run("--version");
		assert.deepEqual({ status, stdout }, { status: 0, stdout: `${version}\n` });
	});

	it("can be run as an executable file", { skip: process.platform === "win32" && "no file modes" }, () => {
		assert.ok(statSync(command).mode & 0o100);
		assert.equal(spawnSync(command, ["--version"]).status, 0);
	});
});
