import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { binaryFromEnvironment, command, good, sample, setup } from "./command.mjs";

const cannotGiveUpRights = process.getuid?.() !== 0 && "needs root, which can become another user";
/** Runs the command as a user without an entry in the system. */
const asUserWithoutEntry = `
	process.setgid(54321);
	process.setuid(54321);
	process.argv.splice(1, 0, ${JSON.stringify(command)});
	require(${JSON.stringify(command)});`;

describe("without a directory", () => {
	const place = (/** @type {string} */ folder) =>
		path.join(folder, "data", "User", "globalStorage", "coder.coder-remote", "telemetry");

	it("exports from the default directory that exists", (test) => {
		const { directory, out, run } = setup(test);
		writeTelemetry(path.join(directory, place(".vscode-server")), good);
		assert.equal(run("--out", out).status, 0);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 1);
		assert.match(run("ls").stdout, /^2026-06-01 /);
	});

	it("lists several directories that exist and exits with 2", (test) => {
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
				env: binaryFromEnvironment,
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

	it("names every directory it looked for if none exists, and exits with 1", (test) => {
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
