import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { startChild } from "./child-process.mjs";
import { attachingIsImpossible } from "./missing-tools.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");

/**
 * Exports in a child process while the system refuses new threads, and again afterwards.
 *
 * @param {import("node:test").TestContext} test
 * @param {object} job
 * @param {string} when which of the threads that each thread starts are refused, in strace's notation
 */
async function exportWithoutThreads(test, job, when) {
	const folder = temporaryDirectory(test);
	const [ready, go, out] = ["ready", "go", "out"].map((name) => path.join(folder, name));
	writeFileSync(out ?? "", "before");
	const child = startChild("watched-export.mjs", { directory: sample, out, ready, go, ...job });
	const output = child.stdout.setEncoding("utf8").toArray();
	const errors = child.stderr.setEncoding("utf8").toArray();
	const ended = once(child, "close");
	const exists = async (/** @type {string | undefined} */ file) => {
		while (!existsSync(file ?? "") && child.exitCode === null) {
			await wait(5);
		}
	};
	await exists(ready);
	const inject = `inject=clone,clone3:error=EAGAIN:when=${when}`;
	const args = [
		"-f",
		"-qq",
		"-p",
		String(child.pid),
		"-e",
		"trace=clone,clone3",
		"-e",
		inject,
		"-o",
		`${out}.trace`,
	];
	const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "inherit"] });
	// strace is attached once the process names its tracer.
	while (/^TracerPid:\s+0$/m.test(readFileSync(`/proc/${child.pid}/status`, "utf8"))) {
		await wait(5);
	}
	writeFileSync(go ?? "", "");
	await exists(`${ready}-0`);
	const left = readdirSync(folder).filter((name) => name.endsWith(".tmp"));
	const content = readFileSync(out ?? "", "utf8");
	strace.kill("SIGINT");
	await once(strace, "close");
	writeFileSync(go ?? "", "");
	const [status, signal] = await ended;
	assert.deepEqual([status, signal], [0, null], (await errors).join(""));
	return { ...JSON.parse((await output).join("")), left, content };
}

describe("an export that cannot start a thread", { skip: attachingIsImpossible() }, () => {
	for (const [what, job] of /** @type {const} */ ([
		["json", { format: "json", options: { threads: 3 } }],
		["otlp", { format: "otlp", options: { threads: 3 } }],
		["html, followed", { format: "html", options: { threads: 3 }, follow: true }],
		["json, one thread, followed", { format: "json", options: { threads: 1 }, follow: true }],
	])) {
		// Threads are counted separately for each parent. The first is the export's thread for Node, and the writer or ticker for that.
		for (const when of ["1+", "2+", "3+", "4+", "1", "2", "3"]) {
			it(`fails with ERR_SYSTEM or manages without it, and the next export succeeds: ${what}, refused: ${when}`, async (test) => {
				const { outcomes, listeners, left, content } = await exportWithoutThreads(test, job, when);
				const [first, second] = outcomes;
				if (first.code !== undefined) {
					assert.deepEqual([first.code, first.osCode], ["ERR_SYSTEM", "EAGAIN"], first.message);
					assert.match(first.message, /^Cannot start a thread: EAGAIN: /);
					assert.equal(content, "before");
				} else {
					assert.deepEqual(first, { eventCount: 396 });
					assert.notEqual(content, "before");
				}
				if (when.startsWith("1")) {
					assert.equal(first.code, "ERR_SYSTEM");
				}
				assert.deepEqual(second, { eventCount: 396 });
				assert.deepEqual(left, []);
				assert.equal(listeners, 0);
			});
		}
	}
});
