import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { parseTriple } from "@napi-rs/cli";
import { binaryFromEnvironment, ownPlatform, packageOf, prebuiltPlatforms } from "../platform-package.js";
import { repository } from "../scripts/set-up.mjs";
import { onWindows, underWine } from "../scripts/testing/windows.mjs";

const manifest = createRequire(import.meta.url)("../package.json");

/** Older versions of Node call the permission model experimental. */
const permission = process.allowedNodeEnvironmentFlags.has("--permission")
	? "--permission"
	: "--experimental-permission";

/** Our variables without the one that names a binary, which these tests must not find. */
const { NAPI_RS_NATIVE_LIBRARY_PATH, ...unnamed } = process.env;

/** @returns {string | false} the reason why no file system can be mounted here */
function cannotMount() {
	if (process.platform !== "linux" || process.getuid?.() !== 0) {
		return "needs Linux and root";
	}
	const folder = mkdtempSync(path.join(tmpdir(), "mounted-"));
	const isMounted = spawnSync("mount", ["-t", "tmpfs", "tmpfs", folder]).status === 0;
	if (isMounted) {
		spawnSync("umount", [folder]);
	}
	rmSync(folder, { recursive: true });
	return !isMounted && "needs the right to mount";
}

describe("on a machine without a binary", () => {
	/** @type {string} */
	let installation;
	before(() => {
		installation = mkdtempSync(path.join(tmpdir(), "no-binary-"));
		for (const file of ["index.js", "load-failure.js", "platform-package.js", "package.json"]) {
			cpSync(path.join(repository, file), path.join(installation, file));
		}
	});
	after(() => rmSync(installation, { recursive: true }));

	/**
	 * Loads index.js in a child process and returns its error.
	 *
	 * @param {string} [beforeLoading] code that simulates another machine
	 * @param {{ node?: string[], env?: Record<string, string> }} [start] options of Node, and variables
	 * @returns {{ message: string, hasCause: boolean }}
	 */
	function loadError(beforeLoading = "", { node = [], env = {} } = {}) {
		const script = `${beforeLoading}
			try {
				require("./index.js");
				console.log(JSON.stringify({ message: "it loads", hasCause: false }));
			} catch (error) {
				console.log(JSON.stringify({ message: error.message, hasCause: error.cause instanceof Error }));
			}`;
		const file = path.join(installation, "load.cjs");
		writeFileSync(file, script);
		const options = {
			encoding: /** @type {const} */ ("utf8"),
			env: { ...unnamed, ...env },
			stdio: /** @type {("ignore" | "pipe")[]} */ (["ignore", "pipe", "ignore"]),
		};
		return JSON.parse(execFileSync(process.execPath, [...node, file], options));
	}

	/**
	 * Installs a package for this machine.
	 *
	 * @param {string | Buffer} binary content of its binary
	 * @returns {{ name: string, file: string, remove: () => void }}
	 */
	function install(binary) {
		const name = packageOf(ownPlatform());
		const folder = path.join(installation, "node_modules", name);
		const main = `coder-telemetry-export.${ownPlatform()}.node`;
		mkdirSync(folder, { recursive: true });
		writeFileSync(path.join(folder, "package.json"), JSON.stringify({ version: manifest.version, main }));
		writeFileSync(path.join(folder, main), binary);
		return { name, file: path.join(folder, main), remove: () => rmSync(folder, { recursive: true }) };
	}

	const own = readFileSync(
		binaryFromEnvironment() ?? path.join(repository, `coder-telemetry-export.${ownPlatform()}.node`),
	);
	const onGlibc = { skip: !ownPlatform().endsWith("-gnu") && "needs Linux with glibc" };
	const installAgain = `Install it again: npm install ${packageOf(ownPlatform())}@${manifest.version}, or build it`;

	it("names the package for this machine with its version and how to build, and keeps the cause", () => {
		const { message, hasCause } = loadError();
		const name = packageOf(ownPlatform());
		assert.equal(
			message,
			`coder-telemetry-export needs the package ${name}, which is not installed; npm leaves it out if ` +
				"--omit=optional is given, or if the lock file was made on another platform. " +
				`Install it: npm install ${name}@${manifest.version}, or build it from source: ` +
				"in a clone of the repository, with stable Rust, npm run build",
		);
		assert.equal(hasCause, true);
	});

	it("shows the system's message about a binary that does not load", () => {
		const folder = path.join(installation, "node_modules", packageOf(ownPlatform()));
		mkdirSync(folder, { recursive: true });
		const main = `coder-telemetry-export.${ownPlatform()}.node`;
		writeFileSync(path.join(folder, "package.json"), JSON.stringify({ version: manifest.version, main }));
		writeFileSync(path.join(folder, main), "no binary");
		const { message, hasCause } = loadError();
		rmSync(folder, { recursive: true });
		assert.match(message, new RegExp(`has a binary for ${ownPlatform()} that does not load: .*${main}`));
		assert.match(
			message,
			new RegExp(`npm install ${packageOf(ownPlatform())}@${manifest.version}, or build`),
		);
		assert.equal(hasCause, true);
	});

	it("reports a missing binary that the environment names", () => {
		const { message } = loadError('process.env.NAPI_RS_NATIVE_LIBRARY_PATH = "/nowhere/addon.node";');
		assert.match(
			message,
			/^coder-telemetry-export cannot load \/nowhere\/addon\.node, which NAPI_RS_.* names/,
		);
		assert.match(message, /\. Unset it, or build it from source: /);
	});

	it("loads the package, but prefers a file beside index.js", () => {
		const { remove } = install(own);
		assert.equal(loadError().message, "it loads");
		remove();
		const beside = path.join(installation, `coder-telemetry-export.${ownPlatform()}.node`);
		writeFileSync(beside, own);
		const broken = install("no binary");
		assert.equal(loadError().message, "it loads");
		writeFileSync(beside, "no binary");
		writeFileSync(broken.file, own);
		const { message } = loadError();
		rmSync(beside);
		broken.remove();
		assert.match(
			message,
			/that does not load: .*\. Build it again: .*; or remove .* and install the package: npm/,
		);
	});

	it("reports a package without its binary", () => {
		const { file, name, remove } = install(own);
		rmSync(file);
		const { message } = loadError();
		remove();
		assert.ok(
			message.includes(`needs the package ${name}, which is installed without its binary. ${installAgain}`),
			message,
		);
	});

	const changed = (/** @type {number} */ at, /** @type {number} */ byte) => {
		const binary = Buffer.from(own);
		binary[at] = byte;
		return binary;
	};
	const renamed = (/** @type {string} */ from, /** @type {string} */ to) =>
		Buffer.from(own.toString("latin1").replaceAll(`${from}\0`, `${to}\0`), "latin1");

	/** One of the versions of glibc that the binary asks for. */
	const [glibcVersion = ""] = /GLIBC_2\.\d\d(?=\0)/.exec(own.toString("latin1")) ?? [];

	for (const [what, binary, expected] of /** @type {[string, () => Buffer, RegExp][]} */ ([
		[
			"for other processors",
			() => changed(18, 0xf3),
			/\(it is built for another kind of machine\)\. Install it again: /,
		],
		[
			"for 32 bits",
			() => changed(4, 1),
			/ELFCLASS32 \(it is built for another kind of machine\)\. Install it again: /,
		],
		[
			"for musl",
			() => renamed("libc.so.6", "libc.musl"),
			/\(it is built for musl, and this system has glibc\)\. Install it again: /,
		],
		[
			"for a newer C library",
			() => renamed(glibcVersion, "GLIBC_2.99"),
			/GLIBC_2\.99' not found .*\. The C library of this system is older/,
		],
		[
			"for a library that is missing",
			() => renamed("libc.so.6", "libz.so.9"),
			/\. Install the library libz\.so\.9 on this system$/,
		],
		["cut off", () => own.subarray(0, 100_000), /file too short\. Install it again: /],
		[
			"cut off in its last bytes",
			() => own.subarray(0, own.length - 1),
			/file too short\. Install it again: /,
		],
		["empty", () => Buffer.alloc(0), /file too short\. Install it again: /],
		["something else", () => Buffer.alloc(5_000, "x"), /invalid ELF header\. Install it again: /],
	])) {
		it(`gives advice that fits the cause, for a binary that is ${what}`, onGlibc, () => {
			const { remove } = install(binary());
			const { message, hasCause } = loadError();
			remove();
			assert.match(message, expected);
			assert.equal(hasCause, true);
			assert.equal(message.includes("Install it again"), expected.source.includes("Install it again"));
		});
	}

	/** Wine has words of its own. */
	const badFormat = underWine
		? /does not load: Bad EXE format for .*\.node\. Install it again: /
		: /not a valid Win32 application \(it is damaged, or built for another kind of machine\)\. Install it again: /;
	/** The binary with a 16-bit number of its PE header changed. */
	const changedHeader = (/** @type {[at: number, value: number][]} */ ...changes) => {
		const binary = Buffer.from(own);
		const header = binary.readUInt32LE(0x3c);
		for (const [at, value] of changes) {
			binary.writeUInt16LE(value, header + at);
		}
		return binary;
	};
	const renamedImport = (/** @type {RegExp} */ from, /** @type {string} */ to) => {
		const text = own.toString("latin1");
		assert.match(text, from);
		return Buffer.from(text.replace(from, to), "latin1");
	};
	const lacks = "This Windows lacks a library or a function";

	for (const [
		what,
		binary,
		expected,
		notUnderWine,
	] of /** @type {[string, () => Buffer, RegExp, string?][]} */ ([
		["for other processors", () => changedHeader([4, 0xaa64]), badFormat],
		[
			"for 32 bits",
			() => changedHeader([4, 0x14c], [24, 0x10b]),
			badFormat,
			"Wine 8 relocates a binary before it looks at the processor, and crashes over this one",
		],
		["cut off", () => own.subarray(0, 100_000), badFormat],
		["empty", () => Buffer.alloc(0), badFormat],
		["something else", () => Buffer.alloc(5_000, "x"), badFormat],
		[
			"for a library that is missing",
			() => renamedImport(/ntdll\.dll(?=\0)/gi, "nodll.dll"),
			underWine ? /\.node: Module not found\. / : new RegExp(`could not be found\\. ${lacks}`),
		],
		[
			"for a function that is missing",
			() => renamedImport(/NtWriteFile(?=\0)/g, "NtWriteFill"),
			new RegExp(`specified procedure could not be found\\. ${lacks}`),
			"Wine 8 loads a binary that lacks a function",
		],
	])) {
		const skip = (!onWindows && "needs Windows") || (underWine && notUnderWine);
		it(`gives advice that fits Windows' message about a binary that is ${what}`, { skip }, () => {
			const { file, remove } = install(binary());
			const { message, hasCause } = loadError();
			remove();
			assert.match(message, expected);
			assert.ok(
				message.includes(`${file}`) && !message.includes("\r") && !message.includes("\\\\?\\"),
				message,
			);
			assert.equal(hasCause, true);
		});
	}

	for (const [what, start, expected] of /** @type {const} */ ([
		[
			"--no-addons",
			{ node: ["--no-addons"] },
			/\. Start Node without --no-addons \(NODE_OPTIONS may have it\)$/,
		],
		[
			"NODE_OPTIONS=--no-addons",
			{ env: { NODE_OPTIONS: "--no-addons" } },
			/\. Start Node without --no-addons/,
		],
		[
			"the permission model",
			{ node: [permission, "--allow-fs-read=*"] },
			/\. Start Node with --allow-addons, since its permission model is on$/,
		],
		[
			"both",
			{ node: [permission, "--allow-fs-read=*", "--no-addons"] },
			/\. Start Node with --allow-addons, .*, and without --no-addons/,
		],
	])) {
		it(`says how to start Node if ${what} forbids addons, and does not advise to install anything`, () => {
			const { remove } = install(own);
			const { message } = loadError(
				"",
				/** @type {{ node?: string[], env?: Record<string, string> }} */ (start),
			);
			remove();
			assert.match(message, /addons is disabled\. Start/);
			assert.match(message, expected);
			assert.doesNotMatch(message, /install|build/i);
		});
	}

	it("loads under a permission model that allows addons", () => {
		const { remove } = install(own);
		const { message } = loadError("", { node: [permission, "--allow-fs-read=*", "--allow-addons"] });
		remove();
		assert.equal(message, "it loads");
	});

	it("names a file system that forbids running code", { skip: cannotMount() }, () => {
		const { file, remove } = install(own);
		const folder = path.dirname(file);
		execFileSync("mount", ["-t", "tmpfs", "-o", "noexec", "tmpfs", folder]);
		try {
			install(own);
			const { message } = loadError();
			assert.match(message, /\. Its file system \(noexec\) or a security policy forbids running code/);
			assert.doesNotMatch(message, /Install it/);
		} finally {
			execFileSync("umount", [folder]);
			remove();
		}
	});

	it("makes one process report without network information, and leaves the report's settings unchanged", () => {
		const { message } = loadError(`
			Object.defineProperty(process, "platform", { value: "linux" });
			Object.defineProperty(process, "arch", { value: "riscv64" });
			const asked = [];
			process.report.excludeNetwork = false;
			process.report.getReport = () => {
				asked.push(process.report.excludeNetwork);
				return { header: {} };
			};
			process.on("exit", () => {
				if (asked.join() !== "true" || process.report.excludeNetwork !== false) {
					process.exitCode = 1;
				}
			});`);
		assert.match(message, /no prebuilt binary for linux-riscv64-musl/);
	});

	it("lists the supported platforms on another platform", () => {
		const { message } = loadError(`
			Object.defineProperty(process, "platform", { value: "freebsd" });
			Object.defineProperty(process, "arch", { value: "x64" });`);
		assert.match(
			message,
			/^coder-telemetry-export has no prebuilt binary for freebsd-x64\. Run it on a platform/,
		);
		assert.match(message, /\(darwin-arm64, .*, win32-x64-msvc\), or build it from source: /);
	});

	for (const [libc, report] of [
		["gnu", { header: { glibcVersionRuntime: "2.36" } }],
		["musl", { header: {} }],
	]) {
		it(`names the ${libc} package on Linux with ${libc}`, () => {
			const { message } = loadError(`
				Object.defineProperty(process, "platform", { value: "linux" });
				Object.defineProperty(process, "arch", { value: "arm64" });
				process.report.getReport = () => (${JSON.stringify(report)});`);
			assert.match(message, new RegExp(`the package coder-telemetry-export-linux-arm64-${libc},`));
		});
	}

	for (const [platform, architecture, platformPackage] of [
		["darwin", "arm64", "coder-telemetry-export-darwin-arm64"],
		["win32", "x64", "coder-telemetry-export-win32-x64-msvc"],
	]) {
		it(`names ${platformPackage} on ${platform}`, () => {
			const { message } = loadError(`
				Object.defineProperty(process, "platform", { value: ${JSON.stringify(platform)} });
				Object.defineProperty(process, "arch", { value: ${JSON.stringify(architecture)} });`);
			assert.match(message, new RegExp(`the package ${platformPackage},`));
		});
	}
});

describe("the platforms that have a binary", () => {
	it("are the targets of the addon", () => {
		const built = manifest.napi.targets.map(
			(/** @type {string} */ triple) => parseTriple(triple).platformArchABI,
		);
		assert.deepEqual(prebuiltPlatforms, built.sort());
	});
});
