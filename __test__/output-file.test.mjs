import assert from "node:assert/strict";
import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { onWindows } from "../scripts/testing/windows.mjs";
import { askChild } from "./child-process.mjs";
import { countEvents, modeOf, sample, setup } from "./output.mjs";

const withModes = { skip: onWindows && "Windows has no modes" };

describe("the file that an export writes", () => {
	it("can be read only by its owner if it is new", withModes, async (test) => {
		const { out, run } = setup(test);
		await run(out);
		assert.equal(modeOf(out), 0o600);
	});

	for (const mode of [0o644, 0o640, 0o600]) {
		it(`keeps mode ${mode.toString(8)} of the file it replaces`, withModes, async (test) => {
			const { out, run } = setup(test);
			writeFileSync(out, "before");
			chmodSync(out, mode);
			await run(out);
			assert.equal(modeOf(out), mode);
			assert.equal(countEvents(out), 396);
		});
	}

	it("replaces the name of the old file, whose other link keeps the old content", async (test) => {
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
		it(`has as many bytes as the summary says: ${format}`, async (test) => {
			const { directory, out } = setup(test);
			const { bytesWritten } = await exportTelemetry(sample, "allTime", format, out);
			assert.equal(statSync(out).size, bytesWritten);
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});

		it(`can be read only by its owner if it is new: ${format}`, withModes, async (test) => {
			const { out } = setup(test);
			await exportTelemetry(sample, "allTime", format, out);
			assert.equal(modeOf(out), 0o600);
		});

		it(`keeps the mode of the replaced file: ${format}`, withModes, async (test) => {
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

	it("because it cannot be listed is named in the error", withModes, async (test) => {
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
