import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { isProcessRunning, PreviewFiles } from "../../../src/export/previewFiles.js";
import { temporaryFolder } from "../../mocks/temporaryFolder.js";

/** Ids of processes that are not this one. */
const otherWindow = process.pid + 1;
const crashedWindow = process.pid + 2;

/** The files of this window, beside those of another one and what a third one left. */
function setup() {
	const storage = path.join(temporaryFolder(), "own.extension");
	const previews = path.join(storage, "previews");
	const files = new PreviewFiles(storage, (processId) => processId !== crashedWindow);
	/** Puts a preview there as the window of a process does. */
	const write = (name: string) => {
		mkdirSync(path.join(previews, name), { recursive: true });
		writeFileSync(path.join(previews, name, "report.html"), "<h1>June</h1>");
		return name;
	};
	return { storage, previews, files, write };
}

describe("the file of a preview", () => {
	it("is in the extension's own storage, which need not exist yet", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		expect(path.dirname(path.dirname(file))).toBe(previews);
		writeFileSync(file, "<h1>June</h1>");
	});

	it.skipIf(process.platform === "win32")("is in folders that no other user may enter", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		for (const folder of [previews, path.dirname(file)]) {
			expect(statSync(folder).mode & 0o777, folder).toBe(0o700);
		}
	});

	it("is another one each time", async () => {
		const { files } = setup();
		expect(await files.create()).not.toBe(await files.create());
	});

	it("is removed with its folder and all that an export left in it", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		writeFileSync(file, "<h1>June</h1>");
		writeFileSync(path.join(path.dirname(file), ".report.html.tmp"), "");
		const other = await files.create();
		await files.remove(file);
		expect(readdirSync(previews)).toEqual([path.basename(path.dirname(other))]);
	});

	it("is removed without complaint where it never was written, or is gone", async () => {
		const { files } = setup();
		const file = await files.create();
		await files.remove(file);
		await expect(files.remove(file)).resolves.toBeUndefined();
	});

	it("cannot be made where the storage is a file", async () => {
		const { storage, files } = setup();
		writeFileSync(storage, "");
		await expect(files.create()).rejects.toThrow("ENOTDIR");
		await expect(files.removeAll()).resolves.toBeUndefined();
	});
});

describe("all files of a window", () => {
	it("are removed together, and none of another window", async () => {
		const { previews, files, write } = setup();
		const others = write(`${otherWindow}-a`);
		writeFileSync(await files.create(), "");
		await files.create();
		await files.removeAll();
		expect(readdirSync(previews)).toEqual([others]);
	});

	it("are gone when that is said, one included whose removal had begun: the window may end right then", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		writeFileSync(file, "<h1>June</h1>");
		void files.remove(file);
		await files.removeAll();
		expect(readdirSync(previews)).toEqual([]);
	});
});

describe("leftovers", () => {
	it("are the files of windows that are gone, and none of those that are there, however old", async () => {
		const { previews, files, write } = setup();
		const others = write(`${otherWindow}-a`);
		write(`${crashedWindow}-a`);
		write(`${crashedWindow}-b`);
		const file = await files.create();
		await files.removeLeftovers();
		expect(readdirSync(previews).sort()).toEqual([others, path.basename(path.dirname(file))].sort());
	});

	it("are those of a process before that had our id, too", async () => {
		const { previews, files, write } = setup();
		write(`${process.pid}-a`);
		await files.removeLeftovers();
		expect(readdirSync(previews)).toEqual([]);
	});

	it("are what could not be removed when it was closed", async () => {
		const { previews, files } = setup();
		const file = await files.create();
		await files.remove(file);
		// As if the system had refused: the folder is there again.
		mkdirSync(path.dirname(file));
		await files.removeLeftovers();
		expect(readdirSync(previews)).toEqual([]);
	});

	it("are not what bears no id of a process", async () => {
		const { previews, files, write } = setup();
		write("notes");
		await files.removeLeftovers();
		expect(readdirSync(previews)).toEqual(["notes"]);
	});

	it("are none where no preview was ever made", async () => {
		const { previews, files } = setup();
		await files.removeLeftovers();
		expect(existsSync(previews)).toBe(false);
	});
});

describe("a process", () => {
	it("runs while it has not ended", () => {
		expect(isProcessRunning(process.pid)).toBe(true);
		const { pid } = spawnSync(process.execPath, ["--version"]);
		expect(isProcessRunning(pid)).toBe(false);
	});

	it("runs where it is another user's, which the system says by refusing", () => {
		vi.spyOn(process, "kill").mockImplementation(() => {
			throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
		});
		expect(isProcessRunning(otherWindow)).toBe(true);
	});
});
