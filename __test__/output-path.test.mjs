import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	closeSync,
	existsSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { linksAreMissing, onWindows } from "../scripts/testing/windows.mjs";
import { askChild } from "./child-process.mjs";
import { countEvents, modeOf, sample, setup } from "./output.mjs";

const links = { skip: linksAreMissing() };

describe("a symbolic link as a target", links, () => {
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
		if (!onWindows) {
			assert.equal(modeOf(real), 0o640);
		}
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
		it(`is refused even through a link: "${ending}"`, links, async (test) => {
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

	it("because its name is too long is refused", async (test) => {
		const { directory, run } = setup(test);
		const out = path.join(directory, "x".repeat(256));
		const reason = onWindows ? { message: /more than 255 characters/ } : { osCode: "ENAMETOOLONG" };
		await assert.rejects(run(out), { code: "ERR_OUTPUT", path: out, ...reason });
		assert.deepEqual(readdirSync(directory), []);
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

	it("because it is a FIFO is refused without waiting for a reader", {
		skip: onWindows && "no file of Windows is a FIFO",
	}, async (test) => {
		const { directory, out, run } = setup(test);
		assert.equal(spawnSync("mkfifo", [out]).status, 0);
		await assert.rejects(run(out), { code: "ERR_OUTPUT", message: /no regular file/, path: out });
		assert.ok(lstatSync(out).isFIFO());
		assert.deepEqual(readdirSync(directory), ["out.json"]);
	});

	it("because it is a device is refused", {
		skip: onWindows && "devices of Windows have reserved names",
	}, async (test) => {
		const { run } = setup(test);
		await assert.rejects(run("/dev/null"), { code: "ERR_OUTPUT", message: /no regular file/ });
		assert.ok(lstatSync("/dev/null").isCharacterDevice());
	});

	it("because it would be read as telemetry is refused, through any path", links, async (test) => {
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

	it("because its folder is not writable is refused with EACCES", {
		skip: onWindows && "folders of Windows have no modes",
	}, async (test) => {
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

	it("because its folder vanished is an error, and nothing is written elsewhere", {
		skip: onWindows && "Windows removes no file that is open",
	}, async (test) => {
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
