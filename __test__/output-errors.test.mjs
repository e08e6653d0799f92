import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { repository } from "../scripts/set-up.mjs";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { runChild, startChild } from "./child-process.mjs";
import { attachingIsImpossible } from "./missing-tools.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const events = 396;
const asRoot = process.getuid?.() === 0;
const nobody = 65534;

/**
 * Errors that strace injects into system calls, as arguments of `-e inject`.
 *
 * @typedef {string[]} Injections
 */

/** @typedef {{ outcome: import("./child-process.mjs").Outcome, directory: string, out: string, old: string | undefined }} Met */

/** @param {string} directory */
function temporariesIn(directory) {
	return readdirSync(directory).filter((name) => name.endsWith(".coder-export.tmp"));
}

/**
 * Attaches strace to a process, for calls on certain files.
 *
 * @param {number | undefined} pid
 * @param {Injections} injections
 * @param {string[]} files
 */
async function attach(pid, injections, files) {
	const args = injections.flatMap((injection) => ["-e", `inject=${injection}`]);
	const calls = injections.map((injection) => injection.split(":")[0]).join(",");
	const paths = files.flatMap((file) => ["-P", file]);
	const strace = spawn("strace", ["-f", "-p", `${pid}`, "-e", `trace=${calls}`, ...args, ...paths], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	let said = "";
	strace.stderr.setEncoding("utf8").on("data", (text) => {
		said += text;
	});
	while (!said.includes("attached")) {
		assert.equal(strace.exitCode, null, said);
		await wait(1);
	}
	return { said: () => said, ended: once(strace, "close") };
}

/** @param {import("node:child_process").ChildProcess} child */
function gather(child) {
	const text = { stdout: "", stderr: "" };
	child.stdout?.setEncoding("utf8").on("data", (chunk) => {
		text.stdout += chunk;
	});
	child.stderr?.setEncoding("utf8").on("data", (chunk) => {
		text.stderr += chunk;
	});
	return text;
}

/**
 * Runs an export with errors that begin when everything is written and the target is about to be replaced.
 *
 * @param {import("node:test").TestContext} test
 * @param {Injections} injections
 * @param {{ overwrite?: boolean }} [options]
 * @returns {Promise<Met & { said: string }>}
 */
async function publishing(test, injections, { overwrite = true } = {}) {
	const directory = temporaryDirectory(test);
	const out = path.join(directory, "out.json");
	const old = overwrite ? "before" : undefined;
	if (old !== undefined) {
		writeFileSync(out, old);
		chmodSync(out, 0o644);
		if (asRoot) {
			chownSync(out, nobody, nobody);
		}
	}
	const mayGoOn = path.join(temporaryDirectory(test), "go");
	const child = startChild("paused-export.mjs", { directory: sample, out, options: { overwrite }, mayGoOn });
	const text = gather(child);
	const closed = once(child, "close");
	while (!text.stderr.includes("paused")) {
		assert.equal(child.exitCode, null, text.stderr);
		await wait(1);
	}
	const [temporary = ""] = temporariesIn(directory);
	const strace = await attach(child.pid, injections, [out, path.join(directory, temporary)]);
	writeFileSync(mayGoOn, "");
	await closed;
	await strace.ended;
	return { outcome: JSON.parse(text.stdout), directory, out, old, said: strace.said() };
}

/**
 * Asserts that the export is all or nothing, and left nothing behind.
 *
 * @param {Met} met
 */
function assertAllOrNothing({ outcome, directory, out, old }) {
	const left = readdirSync(directory);
	if (outcome.summary !== undefined) {
		assert.equal(outcome.summary.eventCount, events);
		assert.deepEqual(left, ["out.json"]);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, events);
	} else {
		assert.match(`${outcome.error?.code}`, /^ERR_(OUTPUT|SYSTEM)$/);
		assert.ok(outcome.error?.osCode, outcome.error?.message);
		assert.deepEqual(left, old === undefined ? [] : ["out.json"]);
		assert.equal(old && readFileSync(out, "utf8"), old);
	}
	if (old !== undefined) {
		assert.equal(statSync(out).mode & 0o7777 & ~0o644, 0);
	}
}

const retried = ["EINTR", "EAGAIN", "EMFILE", "ENFILE", "ENOMEM"];
const refusals = ["EPERM", "EOPNOTSUPP", "EINVAL", "ENOSYS", ...retried];
const every = [...refusals, "EIO", "ENOSPC", "EDQUOT", "ESTALE"];

describe("an error while a file is replaced", { skip: attachingIsImpossible(), concurrency: 4 }, () => {
	for (const [call, times, harmless] of /** @type {[string, number[], string[]][]} */ ([
		// If the kernel lacks a call, the standard library uses another one.
		["statx", [1, 2, 3], ["ENOSYS", ...retried]],
		["lgetxattr", [1, 2], [...refusals]],
		...(asRoot ? [["fchown", [1], refusals]] : []),
		["fchmod", [1], refusals],
		["fsync", [1], refusals.filter((code) => code !== "EPERM")],
		["rename", [1], retried],
	])) {
		for (const time of times) {
			for (const code of every) {
				const fails = !harmless.includes(code);
				it(`${fails ? "fails the export" : "does no harm"}: ${code} at ${call} ${time}`, async (test) => {
					const met = await publishing(test, [`${call}:error=${code}:when=${time}`]);
					assert.match(met.said, /INJECTED/);
					assertAllOrNothing(met);
					assert.equal(met.outcome.summary === undefined, fails, met.outcome.error?.message);
				});
			}
		}
	}

	it("does no harm if the owner cannot be kept: the group then gets no more rights than others", {
		skip: !asRoot && "needs root",
	}, async (test) => {
		const { out, ...met } = await publishing(test, ["fchown:error=EPERM:when=1+"]);
		assertAllOrNothing({ out, ...met });
		assert.deepEqual([statSync(out).uid, statSync(out).mode & 0o777], [0, 0o644]);
	});
});

const withoutRename = "renameat2:error=EINVAL:when=1+";
const withoutLinks = "linkat:error=EPERM:when=1+";

describe("an error while a new file is made", { skip: attachingIsImpossible(), concurrency: 4 }, () => {
	for (const [name, others, call, time, harmless] of /** @type {const} */ ([
		["renamed", [], "renameat2", 1, refusals],
		["linked", [withoutRename], "linkat", 1, refusals],
		["put in the place of its name", [withoutRename, withoutLinks], "rename", 1, retried],
	])) {
		for (const code of every) {
			const fails = !(/** @type {readonly string[]} */ (harmless).includes(code));
			it(`${fails ? "fails the export" : "does no harm"}: ${code} as it is ${name}`, async (test) => {
				const met = await publishing(test, [...others, `${call}:error=${code}:when=${time}`], {
					overwrite: false,
				});
				assert.match(met.said, /INJECTED/);
				assertAllOrNothing(met);
				assert.equal(met.outcome.summary === undefined, fails, met.outcome.error?.message);
				if (!fails) {
					assert.equal(statSync(met.out).mode & 0o777, 0o600);
				}
			});
		}
	}
});

describe("an error before anything is written", { skip: attachingIsImpossible(), concurrency: 4 }, () => {
	for (const [call, harmless] of /** @type {[string, string[]][]} */ ([
		["readlink", ["EINVAL", ...retried]],
		["statx", ["ENOSYS", ...retried]],
		["flock", [...refusals]],
		// Only our code makes this call, and only if the system has it.
		...(process.arch === "x64" ? [["open", retried]] : []),
	])) {
		for (const code of [...every, "EACCES"]) {
			// EAGAIN means that somebody else holds the lock. Another temporary is made.
			const fails = !harmless.includes(code) && !(call === "flock" && code === "EACCES");
			it(`${fails ? "fails the export" : "does no harm"}: ${code} at ${call}`, async (test) => {
				const directory = temporaryDirectory(test);
				const out = path.join(directory, "out.json");
				writeFileSync(out, "before");
				const ofTarget = ["readlink", "statx"].includes(call) ? ["-P", out] : [];
				const inject = `inject=${call}:error=${code}:when=1`;
				const command = [
					"strace",
					"-f",
					"-o",
					path.join(temporaryDirectory(test), "trace"),
					"-e",
					`trace=${call}`,
				];
				const { stdout, stderr } = await runChild(
					"export.mjs",
					{ directory: sample, out },
					{ command: [...command, "-e", inject, ...ofTarget] },
				);
				assert.ok(stdout, stderr);
				const outcome = JSON.parse(stdout);
				assertAllOrNothing({ outcome, directory, out, old: "before" });
				assert.equal(outcome.summary === undefined, fails, outcome.error?.message);
			});
		}
	}
});

describe("an error in the middle of writing", { skip: attachingIsImpossible(), concurrency: 2 }, () => {
	for (const [code, time, fails] of /** @type {const} */ ([
		["EIO", 1, true],
		["ENOSPC", 2, true],
		["EDQUOT", 1, true],
		["EINTR", 1, false],
		["EAGAIN", 2, false],
	])) {
		it(`${fails ? "fails the export" : "does no harm"}: ${code} at write ${time}`, async (test) => {
			const directory = temporaryDirectory(test);
			const out = path.join(directory, "out.json");
			writeFileSync(out, "before");
			const { directory: telemetry } = generatedTelemetry({ bytes: 40e6, days: 2, sessionsPerDay: 4 });
			const options = { threads: 1, compressionLevel: 9 };
			const child = startChild("export.mjs", { directory: telemetry, out, format: "otlp", options });
			const text = gather(child);
			const closed = once(child, "close");
			let temporary;
			while (temporary === undefined || statSync(path.join(directory, temporary)).size === 0) {
				assert.equal(child.exitCode, null, "the export ended before errors could be injected");
				await wait(1);
				[temporary] = temporariesIn(directory);
			}
			const strace = await attach(
				child.pid,
				[`write:error=${code}:when=${time}`],
				[path.join(directory, temporary)],
			);
			await closed;
			await strace.ended;
			assert.match(strace.said(), /INJECTED/);
			const outcome = JSON.parse(text.stdout);
			assert.deepEqual(readdirSync(directory), ["out.json"]);
			if (fails) {
				assert.deepEqual([outcome.error?.code, outcome.error?.osCode], ["ERR_OUTPUT", code]);
				assert.equal(readFileSync(out, "utf8"), "before");
			} else {
				assert.equal(statSync(out).size, outcome.summary?.bytesWritten);
			}
		});
	}
});

describe("standard output", { skip: attachingIsImpossible(), concurrency: 2 }, () => {
	for (const code of ["EINTR", "EAGAIN"]) {
		it(`gets every event even if it accepts nothing for a while: ${code}`, async (test) => {
			const directory = temporaryDirectory(test);
			const file = path.join(directory, "out.json");
			const cli = path.join(repository, "bin", "coder-telemetry-export.js");
			const traced = ["-f", "-o", path.join(directory, "trace"), "-e", "trace=write", "-P", file];
			const inject = ["-e", `inject=write:error=${code}:when=1..3`];
			const strace = spawn("strace", [...traced, ...inject, process.execPath, cli, sample, "--out", "-"], {
				stdio: ["ignore", openSync(file, "w"), "ignore"],
			});
			const [status] = await once(strace, "close");
			assert.equal(status, 0);
			assert.match(readFileSync(path.join(directory, "trace"), "utf8"), /INJECTED/);
			assert.equal(JSON.parse(readFileSync(file, "utf8")).length, events);
		});
	}

	it("fails the export if it fails", async (test) => {
		const directory = temporaryDirectory(test);
		const file = path.join(directory, "out.json");
		const cli = path.join(repository, "bin", "coder-telemetry-export.js");
		const args = [
			"-f",
			"-o",
			path.join(directory, "trace"),
			"-e",
			"inject=write:error=EBADF:when=1",
			"-P",
			file,
		];
		const strace = spawn("strace", [...args, process.execPath, cli, sample, "--out", "-"], {
			stdio: ["ignore", openSync(file, "w"), "ignore"],
		});
		const [status] = await once(strace, "close");
		assert.equal(status, 1);
	});
});
