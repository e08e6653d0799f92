import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { straceIsMissing, utilLinuxScriptIsMissing } from "./missing-tools.mjs";

const command = path.join(repository, "bin", "coder-telemetry-export.js");
const sample = path.join(repository, "examples", "telemetry", "current");
const nonBlocking = path.join(repository, "__test__", "children", "non-blocking-pipe.cjs");
/** `standard-output.test.mjs` has tests that also run on Windows. */
const onUnix = { skip: process.platform === "win32" && "needs a Unix shell" };
const withFullDevice = { skip: !existsSync("/dev/full") && "needs /dev/full" };

/**
 * Runs a shell command line. `CTE` is the command, `$S` the sample, and `variables` gives more. Pipes between programs are
 * real pipes, while those of Node would be sockets.
 *
 * @param {string} line
 * @param {Record<string, string>} [variables]
 */
function shell(line, variables = {}) {
	const script = `CTE() { "$NODE" "$COMMAND" "$@"; }\n${line}`;
	const { NODE_TEST_CONTEXT, ...inherited } = process.env;
	const env = {
		...inherited,
		NODE: process.execPath,
		COMMAND: command,
		S: sample,
		NON_BLOCKING: nonBlocking,
	};
	const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
		encoding: "utf8",
		env: { ...env, ...variables },
		maxBuffer: 1e9,
		timeout: 60_000,
	});
	return { status, stdout, stderr };
}

/** Makes the exit code that of the first program in the pipeline. */
const exitOfFirst = `; exit "\${PIPESTATUS[0]}"`;

describe("a pipe shared by standard output and standard error", onUnix, () => {
	it("gets all events and the whole summary", (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		const { status, stdout } = shell(
			`CTE "$S" --out "$OUT" >/dev/null; CTE "$S" --out - 2>&1 | cat${exitOfFirst}`,
			{
				OUT: out,
			},
		);
		const events = readFileSync(out, "utf8");
		assert.ok(events.length > 65_536, "less than what a pipe holds shows nothing");
		assert.equal(status, 0);
		assert.equal(stdout.slice(0, events.length), events);
		assert.match(stdout.slice(events.length), /^range +All time\nevents +396\n/);
	});

	it("is never made non-blocking", { skip: straceIsMissing() }, (test) => {
		const trace = path.join(temporaryDirectory(test), "trace");
		for (const args of [
			'"$S" --out -',
			'ls "$S"',
			"--help",
			"--version",
			"--nope",
			'"$S" --out - --range 2020-01-01',
		]) {
			shell(`strace -f -e trace=fcntl,ioctl -o "$TRACE" "$NODE" "$COMMAND" ${args} 2>&1 | cat`, {
				TRACE: trace,
			});
			assert.doesNotMatch(
				readFileSync(trace, "utf8"),
				/\((?:1|2), (?:F_SETFL, .*O_NONBLOCK|FIONBIO, \[1\])/,
				args,
			);
		}
	});
});

describe("a pipe that another process made non-blocking", onUnix, () => {
	it("gets all events, however slowly it is read", () => {
		const line = `"$NODE" "$NON_BLOCKING" 0 "$COMMAND" "$S" --out - 2>/dev/null | (sleep 1; cat)${exitOfFirst}`;
		const { status, stdout } = shell(line);
		assert.equal(status, 0);
		assert.equal(JSON.parse(stdout).length, 396);
	});

	it("gets the whole text even if it was full", () => {
		const line = `"$NODE" "$NON_BLOCKING" 65536 "$COMMAND" --help | (sleep 1; cat)${exitOfFirst}`;
		const { status, stdout } = shell(line);
		assert.equal(status, 0);
		assert.equal(stdout, "x".repeat(65_536) + shell("CTE --help").stdout);
	});
});

describe("a reader that goes away", onUnix, () => {
	const telemetry = temporaryDirectory({ after });
	before(() => generateTelemetry({ directory: telemetry, bytes: 3e6, days: 1, sessionsPerDay: 2 }));

	for (const [what, line] of /** @type {const} */ ([
		["of the events", 'CTE "$T" --out - | head -1'],
		["of the events and the summary", 'CTE "$T" --out - 2>&1 | head -1'],
		["of the events, under --strict", 'CTE "$T" --out - --strict | head -1'],
		["of the list", 'CTE ls "$T" | true'],
		["of the list as JSON", 'CTE ls "$T" --json | head -1'],
		["of the help", "CTE --help | head -1"],
		["of the version", "CTE --version | true"],
	])) {
		it(`${what} ends the program with 0 and without a message`, () => {
			const { status, stderr } = shell(`${line}${exitOfFirst}`, { T: telemetry });
			assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
		});
	}

	it("of the summary does not change the exit code", (test) => {
		const directory = temporaryDirectory(test);
		const out = path.join(directory, "out.json");
		const bad = path.join(directory, "bad");
		writeTelemetry(bad, { "telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z"), "not a row"] });
		const run = (/** @type {string} */ line) =>
			shell(`${line} | true${exitOfFirst}`, { T: telemetry, BAD: bad, OUT: out });
		assert.deepEqual(run('CTE "$T" --out "$OUT"'), { status: 0, stdout: "", stderr: "" });
		assert.ok(statSync(out).size > 3e6);
		assert.deepEqual(run('CTE "$T" --out "$OUT" --json'), { status: 0, stdout: "", stderr: "" });
		assert.equal(run('CTE "$BAD" --strict --out "$OUT" 2>&1').status, 4);
		assert.equal(run('CTE "$T" --range 2020-01-01 --json').status, 3);
	});

	it("of an error message does not change the exit code", () => {
		assert.equal(shell(`CTE --nope 2>&1 | true${exitOfFirst}`).status, 2);
		assert.equal(shell(`CTE no/such/place 2>&1 | true${exitOfFirst}`).status, 1);
	});
});

describe("a full device", withFullDevice, () => {
	const enospc = "could not be printed: ENOSPC: no space left on device\n";

	for (const [what, line, message] of /** @type {const} */ ([
		["the summary", 'CTE "$S" --out "$OUT" >/dev/full', "the export is complete, but the summary"],
		[
			"the summary as JSON",
			'CTE "$S" --out "$OUT" --json >/dev/full',
			"the export is complete, but the summary",
		],
		[
			"the summary of nothing",
			'CTE "$S" --range 2020-01-01 --json >/dev/full',
			"no event matched, and the summary",
		],
		["the list", 'CTE ls "$S" >/dev/full', "the list"],
		["the list as JSON", 'CTE ls "$S" --json >/dev/full', "the list"],
		["the help", "CTE --help >/dev/full", "the help"],
		["the version", "CTE --version >/dev/full", "the version"],
	])) {
		it(`that loses ${what} is reported on standard error, with exit code 1`, (test) => {
			const out = path.join(temporaryDirectory(test), "out.json");
			const { status, stderr } = shell(line, { OUT: out });
			assert.equal(status, 1);
			assert.equal(stderr, `coder-telemetry-export: ${message} ${enospc}`);
			assert.equal(existsSync(out), line.includes("$OUT"));
		});
	}

	it("for standard error does not lose the summary", (test) => {
		const directory = temporaryDirectory(test);
		writeTelemetry(path.join(directory, "bad"), {
			"telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z"), "not a row"],
		});
		const { status, stdout } = shell('cd "$D" && CTE bad --out out.json 2>/dev/full', { D: directory });
		assert.equal(status, 1);
		assert.match(stdout, /^range +All time\nevents +1\n/);
		assert.ok(existsSync(path.join(directory, "out.json")));
	});

	it("for the events is a failure with its reason", () => {
		const { status, stderr } = shell('CTE "$S" --out - >/dev/full');
		assert.equal(status, 1);
		assert.equal(
			stderr,
			"coder-telemetry-export: Cannot write standard output: ENOSPC: no space left on device\n",
		);
	});

	it("for both streams does not change the exit code", (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		assert.equal(shell('CTE "$S" --out "$OUT" >/dev/full 2>&1', { OUT: out }).status, 1);
		assert.equal(shell("CTE --nope >/dev/full 2>&1").status, 2);
		assert.ok(existsSync(out));
	});
});

describe("closed descriptors", onUnix, () => {
	// Node opens the null device in their place before our code runs.
	for (const closed of [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"]) {
		it(`(${closed}) do not prevent an export to a file`, (test) => {
			const out = path.join(temporaryDirectory(test), "out.json");
			assert.equal(shell(`CTE "$S" --out "$OUT" ${closed}`, { OUT: out }).status, 0);
			assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
			assert.equal(shell(`CTE ls "$S" ${closed}`).status, 0);
			assert.equal(shell(`CTE --nope ${closed}`).status, 2);
		});
	}
});

describe("a terminal", { skip: utilLinuxScriptIsMissing() }, () => {
	/** @param {string} line */
	function onTerminal(line) {
		const script = `CTE() { "${process.execPath}" "${command}" "$@"; }; S='${sample}'; ${line}`;
		const args = ["-qec", `bash -c '${script.replaceAll("'", "'\\''")}'`, "/dev/null"];
		return spawnSync("script", args, { encoding: "utf8", env: { ...process.env, TERM: "xterm" } });
	}

	it("as standard error shows the progress bar while events go to a pipe", (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		const { status, stdout } = onTerminal(`CTE "$S" --out - | cat >'${out}'${exitOfFirst}`);
		assert.equal(status, 0);
		assert.match(stdout, /Finishing \[#{24}\] 100%/);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
	});

	for (const [columns, shown] of /** @type {const} */ ([
		[0, `Finishing [${"#".repeat(24)}] 100%  137 kB of 137 kB, 396 events`],
		[24, "Finishing [######] 100%"],
		[10, "100%"],
	])) {
		it(`of ${columns} columns shows the progress of the export`, (test) => {
			const out = path.join(temporaryDirectory(test), "out.json");
			const { stdout } = onTerminal(`stty cols ${columns}; CTE "$S" --out '${out}'`);
			assert.ok(stdout.includes(`\r\u001b[K${shown}\r\u001b[K`), JSON.stringify(stdout));
		});
	}
});
