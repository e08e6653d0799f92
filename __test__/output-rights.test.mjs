import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { askChild } from "./child-process.mjs";
import { accessListsAreMissing } from "./missing-tools.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const nobody = 65534;
const somebody = 12345;
const ours = { owner: process.getuid?.() ?? 0, group: process.getgid?.() ?? 0 };
const needsRoot = { skip: process.getuid?.() !== 0 && "needs root" };

/**
 * A file in a folder that anybody may write to.
 *
 * @param {import("node:test").TestContext} test
 * @param {{ owner: number, group: number, mode: number }} rights
 */
function sharedFile(test, { owner, group, mode }) {
	const directory = temporaryDirectory(test);
	chmodSync(directory, 0o777);
	const out = path.join(directory, "out.json");
	writeFileSync(out, "before");
	chownSync(out, owner, group);
	chmodSync(out, mode);
	return { directory, out };
}

/** @param {string} directory */
function telemetryForAll(directory) {
	const telemetry = path.join(directory, "telemetry");
	writeTelemetry(telemetry, { "telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z")] });
	return telemetry;
}

/** @param {string} file */
function rightsOf(file) {
	const { uid: owner, gid: group, mode } = statSync(file);
	return { owner, group, mode: mode & 0o7777 };
}

describe("a file that root replaces", needsRoot, () => {
	for (const mode of [0o660, 0o604, 0o6755, 0o1777, 0o2640, 0o000]) {
		it(`keeps its owner and the permissions of mode ${mode.toString(8)}`, async (test) => {
			const { out } = sharedFile(test, { owner: nobody, group: somebody, mode });
			await exportTelemetry(sample, "allTime", "json", out);
			assert.deepEqual(rightsOf(out), { owner: nobody, group: somebody, mode: mode & 0o777 });
			assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
		});
	}
});

describe("a file of somebody else", needsRoot, () => {
	for (const [before, after] of /** @type {const} */ ([
		// The new group and others, who include the old owner, must not get more.
		[0o660, 0o600],
		[0o664, 0o644],
		[0o666, 0o666],
		[0o640, 0o600],
		[0o644, 0o644],
		// The old owner and group had no rights, and are now among the others.
		[0o004, 0o000],
		[0o604, 0o600],
		[0o6775, 0o755],
	])) {
		it(`gives nobody more rights after it was replaced: ${before.toString(8)} becomes ${after.toString(8)}`, async (test) => {
			const { directory, out } = sharedFile(test, { owner: somebody, group: somebody, mode: before });
			const telemetry = telemetryForAll(directory);
			const { summary, error } = await askChild("export.mjs", { directory: telemetry, out, asNobody: true });
			assert.equal(summary?.eventCount, 1, error?.message);
			assert.deepEqual(rightsOf(out), { owner: nobody, group: nobody, mode: after });
		});
	}

	it("keeps the rights of its group if the group stays", async (test) => {
		const { directory, out } = sharedFile(test, { owner: somebody, group: nobody, mode: 0o460 });
		const telemetry = telemetryForAll(directory);
		await askChild("export.mjs", { directory: telemetry, out, asNobody: true });
		// The old owner, who may be in that group, could only read it.
		assert.deepEqual(rightsOf(out), { owner: nobody, group: nobody, mode: 0o440 });
	});
});

/** @param {string} file */
function listOf(file) {
	const list = execFileSync("getfacl", ["--absolute-names", "--omit-header", "--numeric", file], {
		encoding: "utf8",
	});
	return list.trim().split("\n");
}

/** @param {string[]} args */
function setList(...args) {
	execFileSync("setfacl", args);
}

describe("the access list of a file that is replaced", { skip: accessListsAreMissing() }, () => {
	it("is kept", async (test) => {
		const { out } = sharedFile(test, { ...ours, mode: 0o640 });
		setList("-m", `u:${somebody}:rw,g:${somebody}:r,u:${nobody}:-`, out);
		const before = listOf(out);
		await exportTelemetry(sample, "allTime", "json", out);
		assert.deepEqual(listOf(out), before);
		assert.ok(before.includes(`user:${somebody}:rw-`));
	});

	it("is kept with its owner", needsRoot, async (test) => {
		const { out } = sharedFile(test, { owner: nobody, group: nobody, mode: 0o640 });
		setList("-m", `u:${somebody}:rw`, out);
		const before = listOf(out);
		await exportTelemetry(sample, "allTime", "json", out);
		assert.deepEqual(listOf(out), before);
		assert.deepEqual(rightsOf(out), { owner: nobody, group: nobody, mode: 0o660 });
	});

	it("is not inherited from the folder", async (test) => {
		const { directory, out } = sharedFile(test, { ...ours, mode: 0o640 });
		setList("-d", "-m", `u:${somebody}:rwx`, directory);
		await exportTelemetry(sample, "allTime", "json", out);
		assert.deepEqual(listOf(out), ["user::rw-", "group::r--", "other::---"]);
	});

	it(
		"is removed if the file gets another owner, and only the owner keeps rights",
		needsRoot,
		async (test) => {
			const { directory, out } = sharedFile(test, { owner: somebody, group: somebody, mode: 0o644 });
			setList("-m", "u:4321:-", out);
			const telemetry = telemetryForAll(directory);
			await askChild("export.mjs", { directory: telemetry, out, asNobody: true });
			assert.deepEqual(listOf(out), ["user::rw-", "group::---", "other::---"]);
		},
	);
});

describe("a new file", { skip: accessListsAreMissing() }, () => {
	it("gives nobody rights through a list inherited from the folder", async (test) => {
		const directory = path.join(temporaryDirectory(test), "folder");
		mkdirSync(directory);
		setList("-d", "-m", `u:${somebody}:rwx`, directory);
		const out = path.join(directory, "out.json");
		await exportTelemetry(sample, "allTime", "json", out);
		assert.ok(listOf(out).includes("mask::---"));
		assert.equal(statSync(out).mode & 0o777, 0o600);
	});
});
