import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry, listTelemetryFiles } from "../index.js";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { junctionsAreMissing, linksAreMissing, onWindows, underWine } from "../scripts/testing/windows.mjs";
import * as commandLine from "./command.mjs";
import { countEvents, sample, setup } from "./output.mjs";

const windowsOnly = { skip: !onWindows && "needs the paths of Windows" };
const telemetryFile = "telemetry-2026-06-01-aa.jsonl";

/** Other forms of an absolute path. */
const forms = {
	"as it is": (/** @type {string} */ file) => file,
	"after \\\\?\\": (/** @type {string} */ file) => `\\\\?\\${file}`,
	"after \\\\.\\": (/** @type {string} */ file) => `\\\\.\\${file}`,
	"with slashes": (/** @type {string} */ file) => file.replaceAll("\\", "/"),
	"with a detour": (/** @type {string} */ file) =>
		`${path.dirname(file)}\\.\\none\\..\\${path.basename(file)}`,
};

describe("a path of more than 260 characters", windowsOnly, () => {
	for (const [form, write] of Object.entries(forms)) {
		it(`can be the target: ${form}`, async (test) => {
			const { directory, run } = setup(test);
			const folder = deepFolder(directory, 400);
			await run(write(path.join(folder, "out.json")));
			assert.equal(countEvents(path.join(folder, "out.json")), 396);
			await run(write(path.join(folder, "out.json")));
			await assert.rejects(run(write(path.join(folder, "out.json")), { overwrite: false }), {
				code: "ERR_OUTPUT",
				osCode: "EEXIST",
			});
			await run(write(path.join(folder, "new.json")), { overwrite: false });
			assert.deepEqual(readdirSync(folder), ["new.json", "out.json"]);
		});

		it(`can be the telemetry directory: ${form}`, async (test) => {
			const { directory, out } = setup(test);
			const telemetry = path.join(deepFolder(directory, 400), "telemetry");
			writeTelemetry(telemetry, { [telemetryFile]: [row("2026-06-01T12:00:00Z")] });
			const { skippedFiles } = await exportTelemetry(write(telemetry), "allTime", "json", out);
			assert.deepEqual(skippedFiles, []);
			assert.equal(countEvents(out), 1);
			assert.equal((await listTelemetryFiles(write(telemetry), "allTime")).length, 1);
			const target = write(path.join(telemetry, telemetryFile));
			await assert.rejects(exportTelemetry(write(telemetry), "allTime", "json", target), {
				code: "ERR_OUTPUT",
				message: /telemetry file's name/,
			});
		});
	}

	for (const length of [235, 247, 248, 258, 259, 260]) {
		it(`is no limit for the temporary file beside a target of ${length} characters`, async (test) => {
			const { directory, run } = setup(test);
			const out = path.join(deepFolder(directory, length - "\\o.json".length), "o.json");
			assert.equal(out.length, length);
			await run(out);
			assert.equal(countEvents(out), 396);
			await run(out, { overwrite: true });
			assert.deepEqual(readdirSync(path.dirname(out)), ["o.json"]);
		});
	}
});

/**
 * Makes a folder whose path has this length.
 *
 * @param {string} directory
 * @param {number} length
 */
function deepFolder(directory, length) {
	let folder = directory;
	while (folder.length < length) {
		// A separator and one character are left for the last name.
		const room = length - folder.length - 1;
		const size = room > 102 ? 100 : room > 100 ? 50 : room;
		folder = path.join(folder, "d".repeat(size));
	}
	mkdirSync(folder, { recursive: true });
	return folder;
}

describe("a path to a server", windowsOnly, () => {
	for (const folder of [
		"\\\\no-such-server.invalid\\share",
		"//no-such-server.invalid/share/folder",
		"\\\\?\\UNC\\no-such-server.invalid\\share",
	]) {
		it(`that does not exist is an error that names it: ${folder}`, async (test) => {
			const { out, run } = setup(test);
			await assert.rejects(run(`${folder}\\x.json`), (/** @type {any} */ error) => {
				assert.equal(error.code, "ERR_OUTPUT");
				assert.ok(error.osCode);
				assert.match(error.message, /no-such-server\.invalid/);
				return true;
			});
			await assert.rejects(exportTelemetry(folder, "allTime", "json", out), {
				code: "ERR_TELEMETRY_DIR",
				message: /no-such-server\.invalid/,
			});
		});
	}

	it("without a name after the share names no file", async (test) => {
		const { run } = setup(test);
		for (const out of ["\\\\server\\share", "\\\\server\\share\\", "\\\\?\\UNC\\server\\share"]) {
			await assert.rejects(run(out), { code: "ERR_OUTPUT", message: /it names no file$/ });
		}
	});

	it("can be the target and the telemetry directory", async (test) => {
		const { directory } = setup(test);
		const share = `\\\\localhost\\${directory[0]}$`;
		if (!existsSync(`${share}\\`)) {
			test.skip("this machine has no administrative share, as under Wine");
			return;
		}
		const shared = share + directory.slice(2);
		const out = path.join(shared, "out.json");
		for (const target of [out, out.replaceAll("\\", "/"), `\\\\?\\UNC${out.slice(1)}`]) {
			await exportTelemetry(sample, "allTime", "json", target);
			assert.equal(countEvents(path.join(directory, "out.json")), 396);
		}
		writeTelemetry(directory, { [telemetryFile]: [row("2026-06-01T12:00:00Z")] });
		await exportTelemetry(shared, "allTime", "json", out);
		assert.equal(countEvents(path.join(directory, "out.json")), 1);
	});
});

describe("a name that Windows takes for something else", windowsOnly, () => {
	for (const [reason, names] of /** @type {[RegExp, string[]][]} */ ([
		[
			/reserves this name for a device.*`--out -`/,
			["CON", "NUL", "nul.json", "COM1", "COM\u00b9", "LPT1.txt", "CONIN$", "aux .json", "PRN.", "NUL:"],
		],
		[/a stream inside a file/, ["ab:c.json", "x.json::$DATA", "x.json:stream:$DATA", "a:b.json"]],
		[/no dot or blank at the end/, ["x.json.", "x.json ", "x.json. .", "...", `${telemetryFile}.`]],
		[/none of < > " \| \? \*/, ["a?b", "*.json", "a<b", "a>b", "a|b", 'a"b', "a\u0001b", "a\nb"]],
	])) {
		for (const name of names) {
			it(`is refused as a target: ${JSON.stringify(name)}`, async (test) => {
				const { directory, out, run } = setup(test);
				writeFileSync(out, "before");
				for (const write of Object.values(forms)) {
					for (const overwrite of [true, false]) {
						await assert.rejects(run(write(`${directory}\\${name}`), { overwrite }), {
							code: "ERR_OUTPUT",
							message: reason,
						});
					}
				}
				await assert.rejects(run(`${directory}\\link\\..\\${name}`), { message: reason });
				assert.deepEqual(readdirSync(directory), ["out.json"]);
				assert.equal(readFileSync(out, "utf8"), "before");
			});
		}
	}

	for (const out of [
		"NUL",
		"nul.json",
		".\\CON",
		"C:AUX",
		"\\\\.\\NUL",
		"\\\\?\\COM1",
		"\\\\.\\pipe\\x.json",
	]) {
		it(`is refused as a target without a folder: ${out}`, async (test) => {
			const { run } = setup(test);
			await assert.rejects(run(out), { code: "ERR_OUTPUT", message: /for a device.*`--out -`/ });
		});
	}

	it("is refused by the command line", (test) => {
		const { directory, run } = commandLine.setup(test);
		for (const out of ["NUL", "con.json", "x.json.", "x.json:y"]) {
			const { status, stdout, stderr } = run(sample, "--out", out);
			assert.deepEqual([status, stdout], [1, ""]);
			assert.match(stderr, /choose another name/);
		}
		assert.deepEqual(readdirSync(directory), []);
	});

	it("is refused in a folder of the path if no name may have its characters", async (test) => {
		const { directory, run } = setup(test);
		await assert.rejects(run(`${directory}\\a?b\\x.json`), { code: "ERR_OUTPUT", message: /none of < >/ });
		await assert.rejects(run(`\\\\?\\${directory}/x.json`), {
			code: "ERR_OUTPUT",
			message: /no \/ in a path/,
		});
	});
});

describe("a path that depends on the current folder", windowsOnly, () => {
	it("of a drive or on the root of a drive is resolved as Windows does, and the summary names the file", (test) => {
		const { directory, run } = commandLine.setup(test);
		mkdirSync(path.join(directory, "inner"));
		const drive = directory.slice(0, 2);
		for (const [out, file] of [
			[`${drive}x.json`, "x.json"],
			[`${drive}inner\\..\\y.json`, "y.json"],
			[`${drive.toLowerCase()}inner/z.json`, "inner\\z.json"],
			[`${directory.slice(2)}\\r.json`, "r.json"],
			[`${directory.slice(2).replaceAll("\\", "/")}/s.json`, "s.json"],
			["inner\\.\\..\\d.json", "d.json"],
		]) {
			const { status, stdout, stderr } = run(sample, "--json", "--out", String(out));
			assert.deepEqual([status, stderr], [0, ""], out);
			const { output } = JSON.parse(stdout);
			assert.equal(realpathSync.native(output), realpathSync.native(path.join(directory, String(file))));
			assert.equal(countEvents(output), 396);
		}
	});

	it("of a drive is no file without a name", async (test) => {
		const { directory, run } = setup(test);
		const drive = directory.slice(0, 2);
		for (const out of [drive, `${drive}\\`, `${drive}/`, `${drive}..`, "\\", ".\\", "..\\.", "x\\"]) {
			await assert.rejects(run(out), { code: "ERR_OUTPUT", message: /it names no file$/ });
		}
	});

	it("of a drive that does not exist is an error", async (test) => {
		const { run } = setup(test);
		const free = freeDrive();
		for (const out of [
			`${free}x.json`,
			`${free}\\x.json`,
			`\\\\?\\${free}\\x.json`,
			`\\\\.\\${free}\\x.json`,
		]) {
			await assert.rejects(run(out), { code: "ERR_OUTPUT", osCode: "ENOENT" });
		}
	});
});

/** @returns {string} a drive that does not exist, such as `Q:` */
function freeDrive() {
	const free = [..."QRSTUVWXYLMNOP"].map((letter) => `${letter}:`).find((drive) => !existsSync(`${drive}\\`));
	assert.ok(free);
	return free;
}

describe("a file by another spelling", windowsOnly, () => {
	it("in upper or lower case is the same file, and keeps its name", async (test) => {
		const { directory, run } = setup(test);
		writeFileSync(path.join(directory, "Out.json"), "before");
		await assert.rejects(run(path.join(directory, "OUT.JSON"), { overwrite: false }), { osCode: "EEXIST" });
		await run(path.join(directory.toUpperCase(), "OUT.JSON"));
		assert.deepEqual(readdirSync(directory), ["Out.json"]);
		assert.equal(countEvents(path.join(directory, "out.json")), 396);
	});

	it("by its short name is the same file, and keeps its long name", async (test) => {
		const { directory, run } = setup(test);
		const file = path.join(directory, "a long name of a file.json");
		writeFileSync(file, "before");
		await run(shortName(test, file) ?? file);
		assert.deepEqual(readdirSync(directory), [path.basename(file)]);
		assert.equal(countEvents(file), 396);
	});
});

describe("a telemetry directory by another spelling", windowsOnly, () => {
	/** @type {[string, (test: import("node:test").TestContext, telemetry: string) => string | undefined, skip?: string | false][]} */
	const spellings = [
		["in upper case", (_, telemetry) => telemetry.toUpperCase()],
		["with a dot at the end", (_, telemetry) => `${telemetry}.`],
		["with separators at the end", (_, telemetry) => `${telemetry}\\/`],
		["after \\\\?\\", (_, telemetry) => `\\\\?\\${telemetry}`],
		["after \\\\.\\", (_, telemetry) => `\\\\.\\${telemetry}`],
		["with slashes", (_, telemetry) => telemetry.replaceAll("\\", "/")],
		["relative to a drive", (_, telemetry) => relativeToDrive(telemetry)],
		["by its short name", shortName],
		["through a junction", (_, telemetry) => linked(telemetry, "junction"), junctionsAreMissing],
		["through a symbolic link", (_, telemetry) => linked(telemetry, "dir"), linksAreMissing()],
		["on a drive made by subst", substituted, underWine && "subst of Wine 8 does nothing"],
	];
	for (const [spelling, spell, skip] of spellings) {
		it(`is read, and its files' names are no targets: ${spelling}`, { skip }, async (test) => {
			const { directory, out } = setup(test);
			const telemetry = path.join(directory, "telemetry folder");
			writeTelemetry(telemetry, { [telemetryFile]: [row("2026-06-01T12:00:00Z")] });
			const before = readFileSync(path.join(telemetry, telemetryFile), "utf8");
			const spelled = spell(test, telemetry);
			if (spelled === undefined) {
				return;
			}
			await exportTelemetry(spelled, "allTime", "json", out);
			assert.equal(countEvents(out), 1);
			const names = [telemetryFile, "TELEMETRY-2030-01-01-NEW.3.JSONL"];
			for (const name of names) {
				for (const [read, written] of [
					[spelled, telemetry],
					[telemetry, spelled],
				]) {
					const target = `${written}\\${name}`;
					await assert.rejects(exportTelemetry(String(read), "allTime", "json", target), {
						code: "ERR_OUTPUT",
						message: /telemetry file's name/,
					});
				}
			}
			assert.deepEqual(readdirSync(telemetry), [telemetryFile]);
			assert.equal(readFileSync(path.join(telemetry, telemetryFile), "utf8"), before);
		});
	}
});

/** @param {string} folder */
function relativeToDrive(folder) {
	const drive = folder.slice(0, 2);
	return `${drive}${path.relative(path.resolve(drive), folder)}`;
}

/**
 * @param {import("node:test").TestContext} test is skipped if the volume makes no short names
 * @param {string} file
 * @returns {string | undefined} the path in 8.3 names
 */
function shortName(test, file) {
	const name = path.basename(file);
	const { stdout } = spawnSync("cmd", ["/d", "/c", "dir /x"], { cwd: path.dirname(file), encoding: "utf8" });
	const [, short] =
		stdout
			.split("\n")
			.map((line) => line.trimEnd())
			.find((line) => line.endsWith(name))
			?.slice(0, -name.length)
			.match(/(\S*~\S*)\s+$/) ?? [];
	if (short === undefined) {
		test.skip("this volume makes no short names");
		return undefined;
	}
	return path.join(path.dirname(file), short);
}

/**
 * @param {string} folder
 * @param {"junction" | "dir"} kind
 */
function linked(folder, kind) {
	const link = `${folder} link`;
	symlinkSync(folder, link, kind);
	return link;
}

/**
 * @param {import("node:test").TestContext} test
 * @param {string} folder
 */
function substituted(test, folder) {
	const drive = freeDrive();
	assert.equal(spawnSync("subst", [drive, folder]).status, 0);
	test.after(() => spawnSync("subst", [drive, "/D"]));
	return `${drive}\\`;
}
