import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	closeSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { repository } from "../scripts/set-up.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { askChild } from "./child-process.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");
const onWindows = process.platform === "win32";
const onUnix = { skip: onWindows && "needs a Unix file system" };

/** @param {import("node:test").TestContext} test */
function setup(test) {
	const directory = temporaryDirectory(test);
	return {
		directory,
		out: path.join(directory, "out.json"),
		/**
		 * @param {string} out
		 * @param {import("../index.js").ExportOptions} [options]
		 */
		run: (out, options) => exportTelemetry(sample, "allTime", "json", out, options),
	};
}

/** @param {string} file */
function modeOf(file) {
	return statSync(file).mode & 0o777;
}

/** @param {string} file */
function countEvents(file) {
	return JSON.parse(readFileSync(file, "utf8")).length;
}

describe("the file that an export writes", () => {
	it("can be read only by its owner if it is new", onUnix, async (test) => {
		const { out, run } = setup(test);
		await run(out);
		assert.equal(modeOf(out), 0o600);
	});

	for (const mode of [0o644, 0o640, 0o600]) {
		it(`keeps mode ${mode.toString(8)} of the file it replaces`, onUnix, async (test) => {
			const { out, run } = setup(test);
			writeFileSync(out, "before");
			chmodSync(out, mode);
			await run(out);
			assert.equal(modeOf(out), mode);
			assert.equal(countEvents(out), 396);
		});
	}

	it("replaces the name of the old file, whose other link keeps the old content", onUnix, async (test) => {
		const { directory, out, run } = setup(test);
		const other = path.join(directory, "other");
		writeFileSync(out, "before");
		linkSync(out, other);
		await run(out);
		assert.equal(readFileSync(other, "utf8"), "before");
		assert.equal(countEvents(out), 396);
	});

	it("is the only file that an export leaves behind", async (test) => {
		const { directory, out, run } = setup(test);
		await run(out);
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("may be named relative to the current directory", async (test) => {
		const { out, run } = setup(test);
		await run(path.relative(process.cwd(), out));
		assert.equal(countEvents(out), 396);
	});

	it("may have the longest name of the file system, with any characters", async (test) => {
		const { directory, run } = setup(test);
		for (const name of ["x".repeat(255), "é".repeat(127), onWindows ? "a b" : "a b\n", ".json", "-"]) {
			await run(path.join(directory, name));
			assert.equal(countEvents(path.join(directory, name)), 396);
		}
		assert.equal(readdirSync(directory).length, 5);
	});

	it("may have a telemetry file's name outside the telemetry directory", async (test) => {
		const { directory, run } = setup(test);
		const out = path.join(directory, "telemetry-2026-06-01-aa.jsonl");
		await run(out);
		assert.equal(countEvents(out), 396);
	});
});

describe("a file of any format", () => {
	for (const format of /** @type {const} */ (["json", "otlp", "html"])) {
		it(`can be read only by its owner if it is new: ${format}`, onUnix, async (test) => {
			const { directory, out } = setup(test);
			const { bytesWritten } = await exportTelemetry(sample, "allTime", format, out);
			assert.equal(modeOf(out), 0o600);
			assert.equal(statSync(out).size, bytesWritten);
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});

		it(`keeps the mode of the replaced file: ${format}`, onUnix, async (test) => {
			const { out } = setup(test);
			writeFileSync(out, "before");
			chmodSync(out, 0o644);
			await exportTelemetry(sample, "allTime", format, out);
			assert.equal(modeOf(out), 0o644);
		});

		it(`is not replaced with overwrite: false: ${format}`, async (test) => {
			const { directory, out } = setup(test);
			writeFileSync(out, "before");
			const promise = exportTelemetry(sample, "allTime", format, out, { overwrite: false });
			await assert.rejects(promise, { code: "ERR_OUTPUT", osCode: "EEXIST", path: out });
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});

		it(`is unchanged if an export fails, and the error has its code: ${format}`, async (test) => {
			const { directory, out } = setup(test);
			writeFileSync(out, "before");
			const missing = path.join(directory, "missing");
			for (const [telemetry, range, target, code] of /** @type {const} */ ([
				[missing, "allTime", out, "ERR_TELEMETRY_DIR"],
				[sample, "never", out, "ERR_INVALID_RANGE"],
				[sample, "allTime", path.join(missing, "out"), "ERR_OUTPUT"],
				[sample, "allTime", directory, "ERR_OUTPUT"],
			])) {
				await assert.rejects(exportTelemetry(telemetry, range, format, target), { code });
			}
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});
	}
});

describe("a symbolic link as a target", onUnix, () => {
	it("stays, and the file it leads to is replaced", async (test) => {
		const { directory, out, run } = setup(test);
		mkdirSync(path.join(directory, "real"));
		const real = path.join(directory, "real", "file.json");
		writeFileSync(real, "before", { mode: 0o640 });
		symlinkSync("hop", out);
		symlinkSync(path.join("real", "file.json"), path.join(directory, "hop"));
		await run(out);
		assert.equal(readlinkSync(out), "hop");
		assert.ok(lstatSync(real).isFile());
		assert.equal(countEvents(real), 396);
		assert.equal(modeOf(real), 0o640);
		assert.deepEqual(readdirSync(path.join(directory, "real")), ["file.json"]);
		assert.deepEqual(readdirSync(directory).sort(), ["hop", "out.json", "real"]);
	});

	it("that dangles stays, and its target is created", async (test) => {
		const { directory, out, run } = setup(test);
		symlinkSync("made.json", out);
		await run(out);
		assert.ok(lstatSync(out).isSymbolicLink());
		assert.equal(countEvents(path.join(directory, "made.json")), 396);
	});

	it("is refused if it leads to a missing folder", async (test) => {
		const { directory, out, run } = setup(test);
		symlinkSync(path.join("missing", "made.json"), out);
		await assert.rejects(run(out), { code: "ERR_OUTPUT", osCode: "ENOENT", path: out });
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("is refused if it leads to itself", async (test) => {
		const { out, run } = setup(test);
		symlinkSync("out.json", out);
		await assert.rejects(run(out), { code: "ERR_OUTPUT", osCode: "ELOOP", path: out, message: /ELOOP/ });
	});

	it("counts as existing with overwrite: false only if it leads to a file", async (test) => {
		const { directory, out, run } = setup(test);
		symlinkSync("made.json", out);
		await run(out, { overwrite: false });
		assert.equal(countEvents(path.join(directory, "made.json")), 396);
		await assert.rejects(run(out, { overwrite: false }), { code: "ERR_OUTPUT", osCode: "EEXIST" });
	});
});

describe("a path that only the system can follow", {
	skip: process.platform !== "linux" && "needs /proc",
}, () => {
	it("to a pipe is refused with a hint, whether it may be replaced or not", async (test) => {
		const { directory } = setup(test);
		for (const out of ["/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"]) {
			const { error } = await askChild("export.mjs", { directory: sample, out });
			assert.equal(error?.code, "ERR_OUTPUT");
			assert.match(error.message, /no regular file.*--out -/);
			const { error: refused } = await askChild("export.mjs", {
				directory: sample,
				out,
				options: { overwrite: false },
			});
			assert.equal(refused?.osCode, "EEXIST");
		}
		assert.deepEqual(readdirSync(directory), []);
	});

	it("to a file without a name is refused with a hint, and no file gets its old name", async (test) => {
		const { directory, out, run } = setup(test);
		const descriptor = openSync(out, "w");
		unlinkSync(out);
		for (const link of [
			`/dev/fd/${descriptor}`,
			`/proc/self/fd/${descriptor}`,
			`/proc/${process.pid}/fd/${descriptor}`,
		]) {
			await assert.rejects(run(link), { code: "ERR_OUTPUT", message: /cannot be found by name.*--out -/ });
		}
		// A file with the name that the link shows is a different file.
		writeFileSync(`${out} (deleted)`, "somebody's");
		await assert.rejects(run(`/dev/fd/${descriptor}`), { code: "ERR_OUTPUT" });
		closeSync(descriptor);
		assert.deepEqual(readdirSync(directory), ["out.json (deleted)"]);
		assert.equal(readFileSync(`${out} (deleted)`, "utf8"), "somebody's");
	});

	it("is followed to a file that has a name", async (test) => {
		const { directory, out, run } = setup(test);
		const descriptor = openSync(out, "w");
		await run(`/dev/fd/${descriptor}`);
		closeSync(descriptor);
		assert.equal(countEvents(out), 396);
		assert.deepEqual(readdirSync(directory), ["out.json"]);
		await run(`/proc/self/cwd/${path.relative(process.cwd(), out)}`);
		assert.equal(countEvents(out), 396);
	});
});

describe("a path that names a folder", () => {
	for (const ending of ["/", "/.", "/..", "/./", "/../."]) {
		it(`is refused even if a file or nothing is there: "${ending}"`, async (test) => {
			const { directory, out, run } = setup(test);
			await assert.rejects(run(`${out}${ending}`), { code: "ERR_OUTPUT" });
			writeFileSync(out, "before");
			await assert.rejects(run(`${out}${ending}`), { code: "ERR_OUTPUT" });
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});
	}

	for (const ending of ["", "/", "/.", "/.."]) {
		it(`is refused even through a link: "${ending}"`, onUnix, async (test) => {
			const { directory, out, run } = setup(test);
			mkdirSync(path.join(directory, "folder"));
			symlinkSync(`folder${ending}`, out);
			await assert.rejects(run(out), { code: "ERR_OUTPUT" });
			await assert.rejects(run(`${out}/`), { code: "ERR_OUTPUT" });
			symlinkSync(`missing${ending === "" ? "/" : ending}`, path.join(directory, "other"));
			await assert.rejects(run(path.join(directory, "other")), { code: "ERR_OUTPUT" });
			assert.deepEqual(readdirSync(directory).sort(), ["folder", "other", "out.json"]);
		});
	}
});

describe("overwrite: false", () => {
	it("makes a new file", async (test) => {
		const { out, run } = setup(test);
		await run(out, { overwrite: false });
		assert.equal(countEvents(out), 396);
	});

	it("refuses an existing file, and leaves it unchanged", async (test) => {
		const { directory, out, run } = setup(test);
		writeFileSync(out, "before");
		await assert.rejects(run(out, { overwrite: false }), {
			code: "ERR_OUTPUT",
			osCode: "EEXIST",
			path: out,
			message: /EEXIST.*/,
		});
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("refuses a file that appears while the export runs", async (test) => {
		const { directory, out, run } = setup(test);
		const onProgress = () => writeFileSync(out, "somebody else's");
		await assert.rejects(run(out, { overwrite: false, onProgress }), {
			code: "ERR_OUTPUT",
			osCode: "EEXIST",
		});
		assert.equal(readFileSync(out, "utf8"), "somebody else's");
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});
});

describe("a target that cannot be written", () => {
	it("in a missing folder is refused, with the system's code and the path", async (test) => {
		const { directory, run } = setup(test);
		const out = path.join(directory, "missing", "out.json");
		await assert.rejects(run(out), (/** @type {any} */ error) => {
			assert.equal(error.code, "ERR_OUTPUT");
			assert.equal(error.osCode, "ENOENT");
			assert.equal(error.path, out);
			assert.ok(error.message.includes("ENOENT") && error.message.includes(out), error.message);
			return true;
		});
		assert.deepEqual(readdirSync(directory), []);
	});

	it("below a file is refused", async (test) => {
		const { directory, run } = setup(test);
		writeFileSync(path.join(directory, "file"), "");
		const out = path.join(directory, "file", "out.json");
		const osCode = onWindows ? "ENOENT" : "ENOTDIR";
		await assert.rejects(run(out), { code: "ERR_OUTPUT", osCode, path: out });
	});

	it("because its name is too long is refused", onUnix, async (test) => {
		const { directory, run } = setup(test);
		const out = path.join(directory, "x".repeat(256));
		await assert.rejects(run(out), { code: "ERR_OUTPUT", osCode: "ENAMETOOLONG", path: out });
	});

	for (const ending of ["", path.sep, `${path.sep}.`, `${path.sep}..`]) {
		it(`because it is a folder is refused, with the ending "${ending}"`, async (test) => {
			const { directory, run } = setup(test);
			mkdirSync(path.join(directory, "folder", "inner"), { recursive: true });
			const out = `${path.join(directory, "folder", "inner")}${ending}`;
			await assert.rejects(run(out), (/** @type {any} */ error) => {
				assert.equal(error.code, "ERR_OUTPUT");
				assert.equal("osCode" in error, false);
				return true;
			});
			assert.deepEqual(readdirSync(directory), ["folder"]);
			assert.deepEqual(readdirSync(path.join(directory, "folder")), ["inner"]);
		});
	}

	it("because it names a folder is refused even if nothing exists", async (test) => {
		const { directory, run } = setup(test);
		await assert.rejects(run(path.join(directory, "new", path.sep)), { code: "ERR_OUTPUT" });
		assert.deepEqual(readdirSync(directory), []);
	});

	it("because it is a FIFO is refused without waiting for a reader", onUnix, async (test) => {
		const { directory, out, run } = setup(test);
		assert.equal(spawnSync("mkfifo", [out]).status, 0);
		await assert.rejects(run(out), { code: "ERR_OUTPUT", message: /no regular file/, path: out });
		assert.ok(lstatSync(out).isFIFO());
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("because it is a device is refused", onUnix, async (test) => {
		const { run } = setup(test);
		await assert.rejects(run("/dev/null"), { code: "ERR_OUTPUT", message: /no regular file/ });
		assert.ok(lstatSync("/dev/null").isCharacterDevice());
	});

	it("because it would be read as telemetry is refused, through any path", onUnix, async (test) => {
		const { directory, run } = setup(test);
		const telemetry = path.join(directory, "telemetry");
		const name = "telemetry-2026-06-01-aa.jsonl";
		writeTelemetry(telemetry, { [name]: [row("2026-06-01T12:00:00Z")] });
		symlinkSync(telemetry, path.join(directory, "alias"));
		symlinkSync(path.join("telemetry", name), path.join(directory, "link.json"));
		const before = readFileSync(path.join(telemetry, name), "utf8");
		for (const out of [
			path.join(telemetry, name),
			path.join(telemetry, "telemetry-2030-01-01-new.3.jsonl"),
			path.join(directory, "alias", name),
			path.join(directory, "link.json"),
		]) {
			await assert.rejects(exportTelemetry(telemetry, "allTime", "json", out), {
				code: "ERR_OUTPUT",
				path: out,
			});
		}
		assert.deepEqual(readdirSync(telemetry), [name]);
		assert.equal(readFileSync(path.join(telemetry, name), "utf8"), before);
		await run(path.join(telemetry, "telemetry-2026-06-31-aa.jsonl"));
		assert.equal(readdirSync(telemetry).length, 2);
	});

	it("because its folder is not writable is refused with EACCES", onUnix, async (test) => {
		const { directory } = setup(test);
		const folder = path.join(directory, "folder");
		mkdirSync(folder);
		chmodSync(directory, 0o755);
		chmodSync(folder, 0o555);
		const out = path.join(folder, "out.json");
		const telemetry = path.join(directory, "telemetry");
		writeTelemetry(telemetry, { "telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T12:00:00Z")] });
		const { error } = await askChild("export.mjs", { directory: telemetry, out, asNobody: true });
		assert.equal(error.code, "ERR_OUTPUT");
		assert.equal(error.osCode, "EACCES");
		assert.equal(error.path, out);
		assert.ok(error.message.includes("EACCES") && error.message.includes(out), error.message);
		assert.deepEqual(readdirSync(folder), []);
	});

	it("is refused before anything is read, even if nothing would match or the directory is missing", async (test) => {
		const { directory } = setup(test);
		const out = path.join(directory, "missing", "out.json");
		await assert.rejects(exportTelemetry(sample, "2020-01-01", "json", out), { code: "ERR_OUTPUT" });
		const nowhere = path.join(directory, "nowhere");
		await assert.rejects(exportTelemetry(nowhere, "allTime", "json", out), { code: "ERR_OUTPUT" });
	});

	it("because its folder vanished is an error, and nothing is written elsewhere", onUnix, async (test) => {
		const { directory, run } = setup(test);
		const folder = path.join(directory, "folder");
		mkdirSync(folder);
		const onProgress = () => {
			for (const name of readdirSync(folder)) {
				unlinkSync(path.join(folder, name));
			}
		};
		const out = path.join(folder, "out.json");
		await assert.rejects(run(out, { onProgress }), { code: "ERR_OUTPUT", osCode: "ENOENT", path: out });
		assert.equal(existsSync(out), false);
	});
});

describe("a telemetry directory that cannot be read", () => {
	it("because it is missing is named in the error", async (test) => {
		const { directory, out } = setup(test);
		const missing = path.join(directory, "missing");
		await assert.rejects(exportTelemetry(missing, "allTime", "json", out), (/** @type {any} */ error) => {
			assert.equal(error.code, "ERR_TELEMETRY_DIR");
			assert.equal(error.path, missing);
			assert.equal(error.osCode, "ENOENT");
			assert.ok(error.message.includes(missing), error.message);
			return true;
		});
		assert.deepEqual(readdirSync(directory), []);
	});

	it("because it is a file is named in the error, and the old export stays", async (test) => {
		const { directory, out } = setup(test);
		const file = path.join(directory, "file");
		writeFileSync(file, "");
		writeFileSync(out, "before");
		await assert.rejects(exportTelemetry(file, "allTime", "otlp", out), {
			code: "ERR_TELEMETRY_DIR",
			path: file,
			osCode: "ENOTDIR",
		});
		assert.equal(readFileSync(out, "utf8"), "before");
		assert.deepEqual(readdirSync(directory).sort(), ["file", "out.json"]);
	});

	it("because it cannot be listed is named in the error", onUnix, async (test) => {
		const { directory } = setup(test);
		const telemetry = path.join(directory, "telemetry");
		mkdirSync(telemetry, { mode: 0o300 });
		chmodSync(telemetry, 0o311);
		chmodSync(directory, 0o777);
		const out = path.join(directory, "out.json");
		const { error } = await askChild("export.mjs", { directory: telemetry, out, asNobody: true });
		chmodSync(telemetry, 0o755);
		assert.equal(error.code, "ERR_TELEMETRY_DIR");
		assert.equal(error.osCode, "EACCES");
		assert.equal(error.path, telemetry);
	});
});
