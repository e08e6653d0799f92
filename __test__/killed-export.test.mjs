import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { linksAreMissing, onWindows } from "../scripts/testing/windows.mjs";
import { askChild, startChild } from "./child-process.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const withFifos = { skip: onWindows && "Windows has no FIFOs in folders" };
const withLinks = { skip: linksAreMissing() };

/** Large enough to be killed in the middle. */
const slow = { format: "otlp", options: { threads: 1, compressionLevel: 9 } };

/** @param {string} directory */
function temporaries(directory) {
	return readdirSync(directory).filter((name) => name.endsWith(".coder-export.tmp"));
}

/**
 * Starts an export over an existing file in its own process, and waits until it has begun to write.
 *
 * @param {string} out
 */
async function startExport(out) {
	const directory = path.dirname(out);
	writeFileSync(out, "before");
	const plan = { bytes: 40e6, days: 2, sessionsPerDay: 4 };
	const child = startChild("export.mjs", { directory: generatedTelemetry(plan).directory, out, ...slow });
	for (;;) {
		const [temporary] = temporaries(directory);
		if (temporary !== undefined && statSync(path.join(directory, temporary)).size > 0) {
			return { child, temporary };
		}
		assert.equal(child.exitCode, null, "the export ended before errors could be injected");
		await wait(2);
	}
}

describe("an export that is killed", () => {
	it("leaves the old file unchanged, and a temporary that the next export removes", async (test) => {
		const directory = temporaryDirectory(test);
		const out = path.join(directory, "out.json");
		const { child, temporary } = await startExport(out);
		child.kill("SIGKILL");
		await once(child, "exit");
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory).sort(), [temporary, "out.json"]);
		assert.match(temporary, /^\.out\.json\.[0-9a-f]{16}\.coder-export\.tmp$/);
		// Windows has no modes.
		assert.equal(onWindows || statSync(path.join(directory, temporary)).mode & 0o777, onWindows || 0o600);

		await exportTelemetry(sample, "allTime", "json", out);
		assert.deepEqual(readdirSync(directory), ["out.json"]);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);
	});

	it("leaves a temporary that is removed even by an export without events", async (test) => {
		const directory = temporaryDirectory(test);
		const leftover = path.join(directory, ".out.json.0123456789abcdef.coder-export.tmp");
		writeFileSync(leftover, "half");
		// An export waits for the removal for only 40 ms. If the machine is busy, a later export removes it.
		for (let exports = 0; exports < 20 && existsSync(leftover); exports += 1) {
			await exportTelemetry(sample, "2020-01-01", "json", path.join(directory, "out.json"));
		}
		assert.deepEqual(readdirSync(directory), []);
	});
});

describe("a temporary that a killed export to another file left behind", () => {
	const nameOf = (/** @type {string} */ target) => `.${target}.0123456789abcdef.coder-export.tmp`;
	const minutesAgo = (/** @type {number} */ minutes) => new Date(Date.now() - minutes * 60_000);

	it("is removed after an hour, and not before", async (test) => {
		const directory = temporaryDirectory(test);
		for (const [target, minutes] of /** @type {const} */ ([
			["old.json", 61],
			["young.html", 59],
		])) {
			const leftover = path.join(directory, nameOf(target));
			writeFileSync(leftover, "half");
			utimesSync(leftover, minutesAgo(minutes), minutesAgo(minutes));
		}
		await exportTelemetry(sample, "allTime", "json", path.join(directory, "out.json"));
		assert.deepEqual(readdirSync(directory), [nameOf("young.html"), "out.json"]);
	});

	it("stays if it belongs to somebody else", {
		skip: process.getuid?.() !== 0 && (onWindows ? "needs a second user" : "needs root"),
	}, async (test) => {
		const directory = temporaryDirectory(test);
		const leftover = path.join(directory, nameOf("old.json"));
		writeFileSync(leftover, "half");
		chownSync(leftover, 65534, 65534);
		utimesSync(leftover, minutesAgo(10_000), minutesAgo(10_000));
		await exportTelemetry(sample, "allTime", "json", path.join(directory, "out.json"));
		assert.deepEqual(temporaries(directory), [nameOf("old.json")]);
	});
});

/**
 * Starts an export over an existing file in its own process, and stops it once it has begun to write.
 *
 * @param {import("node:test").TestContext} test
 * @param {string} out
 */
async function startAndStop(test, out) {
	if (!onWindows) {
		const { child, temporary } = await startExport(out);
		child.kill("SIGSTOP");
		return { child, temporary, goOn: () => child.kill("SIGCONT") };
	}
	// Windows cannot stop processes, so the export waits for a file.
	writeFileSync(out, "before");
	const mayGoOn = path.join(temporaryDirectory(test), "go");
	const child = startChild("paused-export.mjs", { directory: sample, out, format: "otlp", mayGoOn });
	await once(child.stderr, "data");
	const [temporary = ""] = temporaries(path.dirname(out));
	return { child, temporary, goOn: () => writeFileSync(mayGoOn, "") };
}

describe("a temporary of a running export", () => {
	it("is not removed by another export to the same file, and both succeed", async (test) => {
		const directory = temporaryDirectory(test);
		const out = path.join(directory, "out.json");
		const { child, temporary, goOn } = await startAndStop(test, out);
		await exportTelemetry(sample, "allTime", "json", out);
		assert.deepEqual(readdirSync(directory).sort(), [temporary, "out.json"]);
		assert.equal(JSON.parse(readFileSync(out, "utf8")).length, 396);

		goOn();
		const [status] = await once(child, "exit");
		assert.equal(status, 0);
		assert.deepEqual(readdirSync(directory), ["out.json"]);
		assert.equal(readFileSync(out).toString("latin1", 0, 4), "PK\x03\x04");
	});
});

describe("what only looks like a leftover", () => {
	for (const name of [
		".other.json.0123456789abcdef.coder-export.tmp",
		".out.json.0123456789abcde.coder-export.tmp",
		".out.json.0123456789abcdeF.coder-export.tmp",
		".out.json.0123456789abcdef.coder-export.tmp.bak",
		"out.json.0123456789abcdef.coder-export.tmp",
		".out.json.x.0123456789abcdef.coder-export.tmp",
	]) {
		it(`such as ${name} stays`, async (test) => {
			const directory = temporaryDirectory(test);
			writeFileSync(path.join(directory, name), "somebody's");
			await exportTelemetry(sample, "allTime", "json", path.join(directory, "out.json"));
			assert.equal(readFileSync(path.join(directory, name), "utf8"), "somebody's");
		});
	}

	const leftover = ".out.json.0123456789abcdef.coder-export.tmp";

	it("but is a folder stays", async (test) => {
		const directory = temporaryDirectory(test);
		mkdirSync(path.join(directory, leftover));
		await exportTelemetry(sample, "allTime", "json", path.join(directory, "out.json"));
		assert.deepEqual(temporaries(directory), [leftover]);
	});

	it("but is a link stays, and so does what it leads to", withLinks, async (test) => {
		const directory = temporaryDirectory(test);
		writeFileSync(path.join(directory, "precious"), "precious");
		symlinkSync("precious", path.join(directory, leftover));
		await exportTelemetry(sample, "allTime", "json", path.join(directory, "out.json"));
		assert.deepEqual(temporaries(directory), [leftover]);
		assert.equal(readFileSync(path.join(directory, "precious"), "utf8"), "precious");
	});

	it("but is a FIFO stays", withFifos, async (test) => {
		const directory = temporaryDirectory(test);
		assert.equal(spawnSync("mkfifo", [path.join(directory, leftover)]).status, 0);
		await exportTelemetry(sample, "allTime", "json", path.join(directory, "out.json"));
		assert.deepEqual(temporaries(directory), [leftover]);
	});
});

describe("a disk that is full", { skip: fullDiskIsImpossible() }, () => {
	for (const format of /** @type {const} */ (["json", "otlp", "html"])) {
		it(`fails a ${format} export with ENOSPC, keeps the old file and leaves no temporary`, async (test) => {
			const mountPoint = temporaryDirectory(test);
			const { directory } = generatedTelemetry({ bytes: 40e6, days: 2, sessionsPerDay: 4 });
			const job = { directory, mountPoint, format, old: "before".repeat(1000) };
			const { error, left, old } = await askChild("full-disk.mjs", job, { command: onSmallDisk(mountPoint) });
			assert.equal(error?.code, "ERR_OUTPUT");
			assert.equal(error.osCode, "ENOSPC");
			assert.equal(error.path, path.join(mountPoint, "out"));
			assert.match(error.message, /ENOSPC/);
			assert.deepEqual(left, ["out"]);
			assert.equal(old, job.old);
			assert.equal(existsSync(path.join(mountPoint, "out")), false, "the small disk was not used");
		});
	}
});

/**
 * Runs a command with a mounted disk of 32 KiB, which is too small even for a report. The disk goes away with the command.
 *
 * @param {string} mountPoint
 */
function onSmallDisk(mountPoint) {
	const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
	const mount = 'mount -t tmpfs -o size=32k small "$0" && exec "$@"';
	return ["unshare", ...asRoot, "--mount", "sh", "-c", mount, mountPoint];
}

/** @returns {string | false} the reason why no disk can be mounted here */
function fullDiskIsImpossible() {
	if (process.platform !== "linux") {
		return "needs Linux";
	}
	const [command = "", ...args] = onSmallDisk("/mnt");
	const { status } = spawnSync(command, [...args, "true"]);
	return status !== 0 && "may not mount a disk here";
}
