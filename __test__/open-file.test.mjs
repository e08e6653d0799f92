import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { openFile } from "../bin/open-file.js";
import { repository } from "../scripts/set-up.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { until } from "../scripts/testing/waiting.mjs";
import { onWindows } from "../scripts/testing/windows.mjs";
import { fakeProgram } from "./fake-programs.mjs";

/** @typedef {import("../bin/open-file.js").Machine} Machine */

/** Names with a special meaning for a shell, a URL or a command line. */
const trickyNames = [
	"a page.html",
	"100%25 & more; $(touch x) `y`.html",
	"-version.html",
	"Übersicht 概要 📄.html",
	"it's.html",
	"http:#a?b.html",
];

/** Longer than any opener runs, even on a busy machine. No test waits this long. */
const failureWindowMs = 60_000;

/**
 * A machine with the programs of one folder.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Machine}
 */
function machineWith(platform, folder, environment = {}) {
	return { platform, environment: { ...environment, PATH: folder }, spawn, failureWindowMs };
}

/**
 * A machine on which every program ends immediately.
 *
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} environment
 * @param {number} exitCode
 */
function pretendedMachine(platform, environment, exitCode) {
	/** @type {Parameters<Machine["spawn"]>[]} */
	const started = [];
	/** @type {Machine["spawn"]} */
	const spawn = (...call) => {
		started.push(call);
		const child = Object.assign(new EventEmitter(), { unref() {} });
		setImmediate(() => child.emit("exit", exitCode));
		return /** @type {import("node:child_process").ChildProcess} */ (/** @type {unknown} */ (child));
	};
	return { machine: { platform, environment, spawn, failureWindowMs }, started };
}

/** The openers of Windows are tested with real programs in `e2e/windows/scenarios`. */
const onUnix = { skip: onWindows && "Unix's openers are shell scripts here, which Windows cannot start" };

describe("a file is opened", onUnix, () => {
	for (const [platform, program] of /** @type {const} */ ([
		["linux", "xdg-open"],
		["darwin", "open"],
		["freebsd", "xdg-open"],
	])) {
		it(`by ${program} on ${platform}, whatever its name`, async (test) => {
			const folder = temporaryDirectory(test);
			const record = fakeProgram(folder, program);
			for (const name of trickyNames) {
				await openFile(`/some where/${name}`, machineWith(platform, folder));
				assert.equal(readFileSync(record, "utf8"), `/some where/${name}\n`);
			}
		});
	}

	it("by its absolute path, so that no name is an option", async (test) => {
		const folder = temporaryDirectory(test);
		const record = fakeProgram(folder, "xdg-open");
		await openFile("-page.html", machineWith("linux", folder));
		assert.equal(readFileSync(record, "utf8"), `${path.resolve("-page.html")}\n`);
	});

	it("with the environment of the machine", async (test) => {
		const folder = temporaryDirectory(test);
		const record = fakeProgram(folder, "xdg-open", `[ "$DISPLAY" = ":7" ] || exit 1`);
		await openFile("/page.html", machineWith("linux", folder, { DISPLAY: ":7" }));
		assert.ok(existsSync(record));
	});

	it("by wslview in WSL, if it is installed", async (test) => {
		const folder = temporaryDirectory(test);
		const wsl = machineWith("linux", folder, { WSL_DISTRO_NAME: "Debian" });
		const byXdgOpen = fakeProgram(folder, "xdg-open");
		await openFile("/a page.html", wsl);
		assert.equal(readFileSync(byXdgOpen, "utf8"), "/a page.html\n");

		const byWslview = fakeProgram(folder, "wslview");
		await openFile("/another page.html", wsl);
		assert.equal(readFileSync(byWslview, "utf8"), "/another page.html\n");
		assert.equal(readFileSync(byXdgOpen, "utf8"), "/a page.html\n");
	});

	it("not by wslview if its name has special characters of a Windows shell", async (test) => {
		const folder = temporaryDirectory(test);
		const byWslview = fakeProgram(folder, "wslview");
		const wsl = machineWith("linux", folder, { WSL_DISTRO_NAME: "Debian" });
		for (const character of '$`"&%^;|<>') {
			const file = `/a ${character}(calc)${character}/page.html`;
			await assert.rejects(openFile(file, wsl), {
				message: "no program that opens files was found: xdg-open",
			});
			assert.equal(existsSync(byWslview), false, character);
		}

		const byXdgOpen = fakeProgram(folder, "xdg-open");
		await openFile("/$(calc)/`calc`.html", wsl);
		assert.equal(readFileSync(byXdgOpen, "utf8"), "/$(calc)/`calc`.html\n");
		assert.equal(existsSync(byWslview), false);
	});

	it("not by wslview outside WSL", async (test) => {
		const folder = temporaryDirectory(test);
		const byWslview = fakeProgram(folder, "wslview");
		fakeProgram(folder, "xdg-open");
		await openFile("/page.html", machineWith("linux", folder));
		assert.equal(existsSync(byWslview), false);
	});

	it("by an opener that becomes the browser, without waiting for it, in its own process group", async (test) => {
		const directory = temporaryDirectory(test);
		const folder = path.join(directory, "programs");
		const pidFile = path.join(directory, "pid");
		fakeProgram(folder, "xdg-open", `echo $$ > '${pidFile}'\nexec sleep 60`);
		const script = path.join(directory, "opens.cjs");
		const modulePath = JSON.stringify(path.join(repository, "bin", "open-file.js"));
		writeFileSync(
			script,
			`const { spawn } = require("node:child_process");
			const machine = { platform: "linux", environment: process.env, spawn, failureWindowMs: 100 };
			require(${modulePath}).openFile("/page.html", machine).then(() => console.log("opened"));`,
		);
		const environment = { PATH: `${folder}${path.delimiter}${process.env.PATH}` };
		const { status, stdout } = spawnSync(process.execPath, [script], {
			encoding: "utf8",
			env: environment,
			timeout: 30_000,
		});
		const pid = await until("the browser", () => Number(readFileSync(pidFile, "utf8")) || undefined);
		test.after(() => process.kill(pid));
		assert.deepEqual({ status, stdout }, { status: 0, stdout: "opened\n" });
		// A negative number is a process group, which has the number of its leader.
		assert.ok(process.kill(-pid, 0), "the browser is gone, or in our group");
	});
});

describe("a file is opened on Windows", () => {
	const environment = { SystemRoot: "D:\\Windows" };

	it("by the system's Explorer, whose exit code 1 is not a failure", async () => {
		for (const code of [0, 1]) {
			const { machine, started } = pretendedMachine("win32", environment, code);
			await openFile("C:\\Users\\Ada\\page.html", machine);
			const [[program, commandLine, options] = []] = started;
			assert.equal(program, "D:\\Windows\\explorer.exe");
			assert.deepEqual(commandLine, ['"C:\\Users\\Ada\\page.html"']);
			assert.equal(options?.shell, undefined);
			assert.equal(options?.windowsVerbatimArguments, true);
			assert.equal(options?.argv0, '"D:\\Windows\\explorer.exe"');
		}
	});

	it("in quotes, which protect spaces, commas and special characters", async () => {
		for (const name of ["a page, mine.html", "50%TEMP%^&x=1.html", "-x.html", "Übersicht 概要.html"]) {
			const { machine, started } = pretendedMachine("win32", environment, 1);
			await openFile(`C:\\dir\\${name}`, machine);
			assert.deepEqual(started[0]?.[1], [`"C:\\dir\\${name}"`]);
		}
	});

	it("with backslashes, because Explorer treats a slash as an option", async () => {
		const { machine, started } = pretendedMachine("win32", {}, 1);
		await openFile("C:/dir/page.html", machine);
		assert.deepEqual(started[0]?.slice(0, 2), ["C:\\Windows\\explorer.exe", ['"C:\\dir\\page.html"']]);
	});

	it("without the start of a path that has no limit of 260 characters, which Explorer does not know", async () => {
		for (const [file, opened] of /** @type {const} */ ([
			["\\\\?\\C:\\dir\\page.html", "C:\\dir\\page.html"],
			["\\\\?\\c:\\page. html", "c:\\page. html"],
			["\\\\?\\UNC\\server\\share\\page.html", "\\\\server\\share\\page.html"],
			["\\\\server\\share\\page.html", "\\\\server\\share\\page.html"],
			[`C:\\${"x".repeat(256)}`, `C:\\${"x".repeat(256)}`],
			[`\\\\?\\C:\\${"x".repeat(256)}`, `C:\\${"x".repeat(256)}`],
		])) {
			const { machine, started } = pretendedMachine("win32", environment, 1);
			await openFile(file, machine);
			assert.deepEqual(started[0]?.[1], [`"${opened}"`]);
		}
	});

	it("not if Explorer would open something else", async () => {
		for (const [file, message] of /** @type {const} */ ([
			[`C:\\${"x".repeat(257)}`, "Explorer opens no path of more than 259 characters"],
			[`\\\\?\\C:\\${"x".repeat(257)}`, "Explorer opens no path of more than 259 characters"],
			["\\\\?\\C:\\page.html.", "Explorer would leave out dots and blanks at the end of a name"],
			["\\\\?\\C:\\dir \\page.html", "Explorer would leave out dots and blanks at the end of a name"],
		])) {
			const { machine, started } = pretendedMachine("win32", environment, 1);
			await assert.rejects(openFile(file, machine), { message });
			assert.deepEqual(started, []);
		}
	});

	it("not if there is no Explorer", async (test) => {
		const folder = temporaryDirectory(test);
		await assert.rejects(openFile("C:\\page.html", machineWith("win32", folder, { SystemRoot: folder })), {
			message: `no program that opens files was found: ${path.win32.join(folder, "explorer.exe")}`,
		});
	});

	it("not if Explorer crashes", async () => {
		const { machine } = pretendedMachine("win32", environment, 0xc0000142);
		await assert.rejects(openFile("C:\\page.html", machine), {
			message: "D:\\Windows\\explorer.exe failed with exit code 3221225794",
		});
	});
});

describe("a file that cannot be opened", onUnix, () => {
	it("is reported if no opener is installed, with the names that were tried", async (test) => {
		const folder = temporaryDirectory(test);
		await assert.rejects(openFile("/page.html", machineWith("linux", folder)), {
			message: "no program that opens files was found: xdg-open",
		});
		await assert.rejects(
			openFile("/page.html", machineWith("linux", folder, { WSL_DISTRO_NAME: "Debian" })),
			{
				message: "no program that opens files was found: wslview, xdg-open",
			},
		);
		await assert.rejects(openFile("/page.html", machineWith("darwin", folder)), {
			message: "no program that opens files was found: open",
		});
	});

	it("is reported if the opener fails, with its exit code", async (test) => {
		const folder = temporaryDirectory(test);
		fakeProgram(folder, "xdg-open", "exit 3");
		await assert.rejects(openFile("/page.html", machineWith("linux", folder)), {
			message: "xdg-open failed with exit code 3",
		});
	});

	it("is reported if a signal ends the opener", async (test) => {
		const folder = temporaryDirectory(test);
		fakeProgram(folder, "xdg-open", "kill -TERM $$");
		await assert.rejects(openFile("/page.html", machineWith("linux", folder)), {
			message: "xdg-open was ended by SIGTERM",
		});
	});

	it("is reported if the opener cannot be started", async (test) => {
		const folder = temporaryDirectory(test);
		mkdirSync(path.join(folder, "xdg-open"));
		await assert.rejects(openFile("/page.html", machineWith("linux", folder)), {
			message: /^xdg-open could not be started: .*EACCES/,
		});
	});

	it("is not opened again by xdg-open if wslview fails, because it may be open already", async (test) => {
		const folder = temporaryDirectory(test);
		fakeProgram(folder, "wslview", "exit 1");
		const byXdgOpen = fakeProgram(folder, "xdg-open");
		await assert.rejects(
			openFile("/page.html", machineWith("linux", folder, { WSL_DISTRO_NAME: "Debian" })),
			/^Error: wslview failed with exit code 1$/,
		);
		assert.equal(existsSync(byXdgOpen), false);
	});
});
