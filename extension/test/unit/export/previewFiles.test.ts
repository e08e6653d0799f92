import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { onWindows } from "../../../../scripts/testing/windows.mjs";
import { isProcessRunning, PreviewFiles } from "../../../src/export/previewFiles.js";
import { temporaryFolder } from "../../mocks/temporaryFolder.js";

/** Process ids. */
const otherWindow = process.pid + 1;
const crashedWindow = process.pid + 2;

/** The files of this window, of another window, and of a crashed window. */
function setup() {
	const storage = path.join(temporaryFolder(), "own.extension");
	const previews = path.join(storage, "previews");
	const files = new PreviewFiles(storage, (processId) => processId !== crashedWindow);
	/** Writes a preview file as the window of this process would. */
	const write = (name: string) => {
		mkdirSync(path.join(previews, name), { recursive: true });
		writeFileSync(path.join(previews, name, "report.html"), "<h1>June</h1>");
		return name;
	};
	return { storage, previews, files, write };
}

describe("the file of a preview", () => {
	it("is in the extension's storage folder, which need not exist yet", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		expect(path.dirname(path.dirname(file))).toBe(previews);
		writeFileSync(file, "<h1>June</h1>");
	});

	it("is in folders that other users cannot enter", async ({ skip }) => {
		skip(onWindows, "Windows has no mode bits; the folder of the user's profile has an access list");
		const { previews, files } = setup();
		const file = await files.create();
		for (const folder of [previews, path.dirname(file)]) {
			expect(statSync(folder).mode & 0o777, folder).toBe(0o700);
		}
	});

	it("has a new path each time", async () => {
		const { files } = setup();
		expect(await files.create()).not.toBe(await files.create());
	});

	it("is removed with its folder and everything in it", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		writeFileSync(file, "<h1>June</h1>");
		writeFileSync(path.join(path.dirname(file), ".report.html.tmp"), "");
		const other = await files.create();
		await files.remove(file);
		expect(readdirSync(previews)).toEqual([path.basename(path.dirname(other))]);
	});

	it("is removed even if another program prevents it for a moment, as a scanner does on Windows", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		// On Windows, nobody can remove the current directory of a process.
		const program = spawn(process.execPath, ["--eval", "process.stdin.resume()"], {
			cwd: path.dirname(file),
			stdio: ["pipe", "ignore", "ignore"],
		});
		await once(program, "spawn");
		setTimeout(() => program.kill(), 100);
		await files.remove(file);
		expect(readdirSync(previews)).toEqual([]);
	});

	it("can be removed even if it was never written, or is gone", async () => {
		const { files } = setup();
		const file = await files.create();
		await files.remove(file);
		await expect(files.remove(file)).resolves.toBeUndefined();
	});

	it("cannot be created if the storage folder is a file", async () => {
		const { storage, files } = setup();
		writeFileSync(storage, "");
		await expect(files.create()).rejects.toThrow("ENOTDIR");
		await expect(files.removeAll()).resolves.toBeUndefined();
	});
});

describe("all files of a window", () => {
	it("are removed together, without those of other windows", async () => {
		const { previews, files, write } = setup();
		const others = write(`${otherWindow}-a`);
		writeFileSync(await files.create(), "");
		await files.create();
		await files.removeAll();
		expect(readdirSync(previews)).toEqual([others]);
	});

	it("are gone when removeAll() resolves, even if a removal had begun before", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		writeFileSync(file, "<h1>June</h1>");
		void files.remove(file);
		await files.removeAll();
		expect(readdirSync(previews)).toEqual([]);
	});
});

describe("leftovers", () => {
	it("are the files of processes that have ended, and not of running ones, however old", async () => {
		const { previews, files, write } = setup();
		const others = write(`${otherWindow}-a`);
		write(`${crashedWindow}-a`);
		write(`${crashedWindow}-b`);
		const file = await files.create();
		await files.removeLeftovers();
		expect(readdirSync(previews).sort()).toEqual([others, path.basename(path.dirname(file))].sort());
	});

	it("include the files of an earlier process with our id", async () => {
		const { previews, files, write } = setup();
		write(`${process.pid}-a`);
		await files.removeLeftovers();
		expect(readdirSync(previews)).toEqual([]);
	});

	it("include files that could not be removed when they were closed", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		await files.remove(file);
		// As if the removal had failed: the folder exists again.
		mkdirSync(path.dirname(file));
		await files.removeLeftovers();
		expect(readdirSync(previews)).toEqual([]);
	});

	it("do not include names without a process id", async () => {
		const { previews, files, write } = setup();
		write("notes");
		await files.removeLeftovers();
		expect(readdirSync(previews)).toEqual(["notes"]);
	});

	it("do not exist if no preview was ever made", async () => {
		const { previews, files } = setup();
		await files.removeLeftovers();
		expect(existsSync(previews)).toBe(false);
	});
});

describe("a process", () => {
	it("is running until it has ended", () => {
		expect(isProcessRunning(process.pid)).toBe(true);
		const { pid } = spawnSync(process.execPath, ["--version"]);
		expect(isProcessRunning(pid)).toBe(false);
	});

	it("is running if the system refuses the signal, because it belongs to another user", () => {
		vi.spyOn(process, "kill").mockImplementation(() => {
			throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
		});
		expect(isProcessRunning(otherWindow)).toBe(true);
	});
});
