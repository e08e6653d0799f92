import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { junctionsAreMissing, linksAreMissing, onWindows } from "../scripts/testing/windows.mjs";
import { countEvents, setup } from "./output.mjs";

const notWindows = !onWindows && "needs the links of Windows";
const links = { skip: notWindows || linksAreMissing() };
const junctions = { skip: notWindows || junctionsAreMissing };
const telemetryFile = "telemetry-2026-06-01-aa.jsonl";

describe("the text of a symbolic link on Windows", links, () => {
	/** @type {[string, (file: string) => string][]} */
	const texts = [
		["an absolute path", (file) => file],
		["a path after \\\\?\\", (file) => `\\\\?\\${file}`],
		["a path on the root of the drive", (file) => file.slice(2)],
		["a relative path", (file) => `..\\${path.basename(path.dirname(file))}\\.\\${path.basename(file)}`],
		["a path in another case", (file) => file.toUpperCase()],
	];
	for (const [what, text] of texts) {
		it(`can be ${what}`, async (test) => {
			const { directory, run } = setup(test);
			const file = path.join(directory, "real", "file.json");
			const link = path.join(directory, "links", "link.json");
			mkdirSync(path.dirname(file));
			mkdirSync(path.dirname(link));
			symlinkSync(text(file), link, "file");
			await run(link);
			assert.ok(lstatSync(link).isSymbolicLink());
			assert.equal(countEvents(file), 396);
			await run(link);
			assert.deepEqual(readdirSync(path.dirname(link)), ["link.json"]);
			assert.equal(readdirSync(path.dirname(file)).length, 1);
		});
	}

	it("is relative to the real folder of the link, even through a junction", async (test) => {
		const { directory, run } = setup(test);
		const inner = path.join(directory, "elsewhere", "inner");
		mkdirSync(inner, { recursive: true });
		symlinkSync(inner, path.join(directory, "junction"), "junction");
		symlinkSync("..\\file.json", path.join(inner, "link.json"), "file");
		const link = path.join(directory, "junction", "link.json");
		await run(link);
		assert.deepEqual(readdirSync(directory).sort(), ["elsewhere", "junction"]);
		assert.equal(countEvents(path.join(directory, "elsewhere", "file.json")), 396);
		// Now that the file exists, the system follows the link, too.
		await run(link);
		assert.equal(countEvents(link), 396);
	});

	for (const name of ["NUL", "x.json.", "x.json:stream"]) {
		it(`is no target if it is a name that Windows takes for something else: ${name}`, async (test) => {
			const { directory, out, run } = setup(test);
			symlinkSync(name, out, "file");
			await assert.rejects(run(out), { code: "ERR_OUTPUT", message: /choose another name/ });
			assert.equal(readlinkSync(out), name);
			assert.deepEqual(readdirSync(directory), ["out.json"]);
		});
	}

	it("is no target if it is a telemetry file's name in another case", async (test) => {
		const { directory, out } = setup(test);
		const telemetry = path.join(directory, "telemetry");
		writeTelemetry(telemetry, { [telemetryFile]: [row("2026-06-01T12:00:00Z")] });
		symlinkSync(path.join("TELEMETRY", telemetryFile.toUpperCase()), out, "file");
		await assert.rejects(exportTelemetry(telemetry, "allTime", "json", out), {
			code: "ERR_OUTPUT",
			message: /telemetry file's name/,
		});
	});
});

describe("a junction", junctions, () => {
	it("in the path of the target is followed", async (test) => {
		const { directory, run } = setup(test);
		mkdirSync(path.join(directory, "real"));
		symlinkSync(path.join(directory, "real"), path.join(directory, "hop"), "junction");
		symlinkSync(path.join(directory, "hop"), path.join(directory, "junction"), "junction");
		await run(path.join(directory, "junction", "out.json"));
		assert.equal(countEvents(path.join(directory, "real", "out.json")), 396);
	});

	it("is no target, whether it leads to a folder, to nothing or to itself", async (test) => {
		const { directory, out, run } = setup(test);
		mkdirSync(path.join(directory, "real"));
		const [nothing, loop] = [path.join(directory, "nothing"), path.join(directory, "loop")];
		symlinkSync(path.join(directory, "real"), out, "junction");
		symlinkSync(path.join(directory, "missing"), nothing, "junction");
		symlinkSync(loop, loop, "junction");
		for (const target of [out, nothing, loop, path.join(loop, "x.json")]) {
			await assert.rejects(run(target), { code: "ERR_OUTPUT" });
		}
		assert.deepEqual(readdirSync(directory).sort(), ["loop", "nothing", "out.json", "real"]);
		assert.deepEqual(readdirSync(path.join(directory, "real")), []);
	});

	it("to a telemetry directory that does not exist is an error that names the junction", async (test) => {
		const { directory, out } = setup(test);
		const junction = path.join(directory, "junction");
		symlinkSync(path.join(directory, "missing"), junction, "junction");
		await assert.rejects(exportTelemetry(junction, "allTime", "json", out), {
			code: "ERR_TELEMETRY_DIR",
			path: junction,
		});
	});

	it("to a file in place of the telemetry directory is an error", async (test) => {
		const { directory, out } = setup(test);
		const [file, junction] = [path.join(directory, "file"), path.join(directory, "junction")];
		writeFileSync(file, "");
		symlinkSync(file, junction, "junction");
		await assert.rejects(exportTelemetry(junction, "allTime", "json", out), { code: "ERR_TELEMETRY_DIR" });
	});
});
