import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { repository } from "../../scripts/set-up.mjs";
import { temporaryDirectory } from "../../scripts/testing/temporary-directory.mjs";
import { faultsOfTarget, supportedNodeVersions } from "../binaries/gate.mjs";
import { checksum } from "../binaries/load.mjs";
import { faultsOfBinary, faultsOfLibraries, platformOf } from "../binaries/platform.mjs";
import { bindingsFolder } from "../folders.mjs";
import { releaseTargets, targetOf, targetsOf } from "../targets.mjs";

/** @typedef {import("../binaries/load.mjs").Receipt} Receipt */

/**
 * Only the first bytes of a binary.
 *
 * @param {"elf" | "mach-o" | "pe"} kind
 * @param {number} machine
 */
function header(kind, machine) {
	const bytes = Buffer.alloc(256);
	switch (kind) {
		case "elf":
			bytes.write("\x7fELF\x02", "latin1");
			bytes.writeUInt16LE(machine, 18);
			break;
		case "mach-o":
			bytes.writeUInt32LE(0xfeedfacf, 0);
			bytes.writeUInt32LE(machine, 4);
			break;
		case "pe":
			bytes.write("MZ", "latin1");
			bytes.writeUInt32LE(0x80, 0x3c);
			bytes.write("PE\0\0", 0x80, "latin1");
			bytes.writeUInt16LE(machine, 0x84);
	}
	return bytes;
}

describe("a binary", () => {
	for (const [kind, machine, platform] of /** @type {const} */ ([
		["elf", 0x3e, "linux-x64"],
		["elf", 0xb7, "linux-arm64"],
		["mach-o", 0x01000007, "darwin-x64"],
		["mach-o", 0x0100000c, "darwin-arm64"],
		["pe", 0x8664, "win32-x64"],
		["pe", 0xaa64, "win32-arm64"],
		["elf", 0xf3, "linux-0xf3"],
	])) {
		it(`is recognized by its header: ${platform}`, () => {
			assert.equal(platformOf(header(kind, machine)), platform);
		});
	}

	it("is not recognized if the header is missing or cut off", () => {
		assert.equal(platformOf(Buffer.from("#!/bin/sh\n".repeat(10))), "an unknown platform");
		assert.equal(platformOf(header("elf", 0x3e).subarray(0, 20)), "an unknown platform");
	});

	it("for another platform is refused", (test) => {
		const file = path.join(temporaryDirectory(test), "addon.node");
		writeFileSync(file, header("pe", 0x8664));
		assert.deepEqual(faultsOfBinary(file, targetOf("aarch64-pc-windows-msvc")), [
			"is for win32-x64, not for win32-arm64",
		]);
		assert.deepEqual(faultsOfBinary(file, targetOf("x86_64-pc-windows-msvc")), []);
	});

	it("for Windows must not need the Visual C++ runtime", (test) => {
		const file = path.join(temporaryDirectory(test), "addon.node");
		writeFileSync(file, Buffer.concat([header("pe", 0x8664), Buffer.from("VCRUNTIME140.dll\0")]));
		const [fault] = faultsOfBinary(file, targetOf("x86_64-pc-windows-msvc"));
		assert.match(fault ?? "", /^needs the Visual C\+\+ runtime/);
	});
});

describe("a real binary", { skip: process.platform !== "linux" && "needs readelf" }, () => {
	it("is refused if it needs another C library than its target", () => {
		const node = targetOf(`${process.arch === "arm64" ? "aarch64" : "x86_64"}-unknown-linux-musl`);
		const [fault, ...others] = faultsOfBinary(process.execPath, node);
		assert.match(fault ?? "", /^is not linked against musl, but needs .*libc\.so\.6/);
		assert.deepEqual(others, []);
		assert.deepEqual(faultsOfBinary(process.execPath, { ...node, abi: "gnu" }), []);
	});
});

describe("the C library that a binary needs", () => {
	/**
	 * @param {string[]} libraries
	 * @param {...string} versions
	 */
	const section = (libraries, ...versions) =>
		[
			...libraries.map((name) => ` 0x0000000000000001 (NEEDED)             Shared library: [${name}]`),
			...versions.map((version) => `  0x0090:   Name: ${version}  Flags: none  Version: 8`),
		].join("\n");

	it("may be glibc up to the oldest that Node 20 runs on", () => {
		const libraries = ["libc.so.6", "ld-linux-x86-64.so.2"];
		assert.deepEqual(faultsOfLibraries(section(libraries, "GLIBC_2.2.5", "GLIBC_2.28"), "gnu"), []);
		assert.deepEqual(faultsOfLibraries(section(libraries, "GLIBC_2.4", "GLIBC_2.34", "GLIBC_2.9"), "gnu"), [
			"needs glibc 2.34, but may need 2.28 at most",
		]);
		assert.deepEqual(faultsOfLibraries(section(libraries, "GLIBC_3.0"), "gnu"), [
			"needs glibc 3.0, but may need 2.28 at most",
		]);
	});

	it("must be musl for musl targets", () => {
		assert.deepEqual(faultsOfLibraries(section(["libc.so"]), "musl"), []);
		assert.deepEqual(faultsOfLibraries(section(["libc.musl-x86_64.so.1"]), "musl"), []);
		assert.deepEqual(faultsOfLibraries(section(["libc.so.6"], "GLIBC_2.2.5"), "musl"), [
			"is not linked against musl, but needs libc.so.6",
		]);
		assert.deepEqual(faultsOfLibraries(section(["libc.so"]), "gnu"), [
			"is not linked against glibc, but needs libc.so",
		]);
	});
});

describe("the gate", () => {
	const target = targetOf("x86_64-pc-windows-msvc");
	const content = header("pe", 0x8664);

	/**
	 * @param {string} version
	 * @param {Partial<Receipt>} [changes]
	 * @returns {Receipt}
	 */
	function receipt(version, changes) {
		return {
			triple: target.triple,
			runtime: "node",
			version,
			sha256: checksum(content),
			events: 396,
			...changes,
		};
	}
	const good = [receipt("20.20.2"), receipt("22.23.3"), receipt("24.21.0")];

	/**
	 * @param {import("node:test").TestContext} test
	 * @param {Receipt[]} receipts
	 */
	function faults(test, receipts) {
		const artifacts = temporaryDirectory(test);
		mkdirSync(bindingsFolder(artifacts, target));
		writeFileSync(path.join(bindingsFolder(artifacts, target), target.addon), content);
		return faultsOfTarget(target, artifacts, receipts);
	}

	it("accepts a binary that every Node has loaded", (test) => {
		assert.deepEqual(faults(test, good), []);
		assert.deepEqual(faults(test, [...good, receipt("42.11.18", { runtime: "electron" })]), []);
	});

	it("refuses a missing binary, and says how to build it", (test) => {
		const [fault, ...others] = faultsOfTarget(target, temporaryDirectory(test), good);
		assert.match(
			fault ?? "",
			/is missing\. Build it: npm run build:release -- --target x86_64-pc-windows-msvc$/,
		);
		assert.deepEqual(others, []);
	});

	it("requires a receipt of each Node", (test) => {
		const [, , youngest] = good;
		assert.ok(youngest !== undefined);
		for (const [others, reason] of /** @type {const} */ ([
			[[], "no receipt"],
			[[receipt("24.21.0", { triple: "aarch64-pc-windows-msvc" })], "receipt of another target"],
			[[receipt("24.21.0", { runtime: "electron" })], "receipt of Electron"],
			[[receipt("24.21.0", { events: 0 })], "receipt of an export without events"],
		])) {
			const found = faults(test, [...good.slice(0, 2), ...others]);
			assert.deepEqual(found, [`${target.triple}: there is no receipt that Node 24 loaded it`], reason);
		}
	});

	it("refuses a receipt of another file", (test) => {
		assert.deepEqual(faults(test, [...good, receipt("24.1.0", { sha256: checksum(Buffer.from("other")) })]), [
			`${target.triple}: node 24.1.0 loaded a different binary`,
		]);
	});
});

describe("the gate as a command", () => {
	const target = targetOf("aarch64-apple-darwin");
	const content = header("mach-o", 0x0100000c);
	const gate = path.join(repository, "release", "binaries", "gate.mjs");

	/**
	 * @param {import("node:test").TestContext} test
	 * @param {number[]} loadedBy major versions of Node
	 * @param {string[]} [args] further arguments
	 * @param {string} [program] path of the gate
	 */
	function run(test, loadedBy, args = ["--targets", target.triple], program = gate) {
		const artifacts = temporaryDirectory(test);
		const receipts = temporaryDirectory(test);
		mkdirSync(bindingsFolder(artifacts, target));
		writeFileSync(path.join(bindingsFolder(artifacts, target), target.addon), content);
		for (const version of loadedBy) {
			// In separate folders, as downloaded artifacts are.
			mkdirSync(path.join(receipts, `receipt-${version}`));
			writeFileSync(
				path.join(receipts, `receipt-${version}`, "receipt.json"),
				JSON.stringify({
					triple: target.triple,
					runtime: "node",
					version: `${version}.1.0`,
					sha256: checksum(content),
					events: 396,
				}),
			);
		}
		const options = ["--artifacts", artifacts, "--receipts", receipts, ...args];
		return spawnSync(process.execPath, [program, ...options], { encoding: "utf8" });
	}

	it("accepts a binary with all its receipts", (test) => {
		const { status, stdout } = run(test, supportedNodeVersions);
		assert.equal(stdout, `passed  ${target.triple}\n`);
		assert.equal(status, 0);
	});

	it("fails if a receipt is missing", (test) => {
		const { status, stdout } = run(test, supportedNodeVersions.slice(1));
		assert.equal(stdout, `FAILED  ${target.triple}: there is no receipt that Node 20 loaded it\n`);
		assert.equal(status, 1);
	});

	it("checks all targets by default", (test) => {
		const { status, stdout } = run(test, supportedNodeVersions, []);
		assert.equal(status, 1);
		assert.equal(stdout.match(/^FAILED .* is missing\./gm)?.length, releaseTargets.length - 1);
	});

	it("works if it is started through a link", (test) => {
		const link = path.join(temporaryDirectory(test), "gate.mjs");
		symlinkSync(gate, link);
		assert.equal(run(test, [], undefined, link).status, 1);
	});
});

describe("the targets of a release", () => {
	it("have different packages and VSIX files", () => {
		assert.equal(releaseTargets.length, 8);
		for (const member of /** @type {const} */ ([
			"triple",
			"platform",
			"packageName",
			"codeTarget",
			"addon",
		])) {
			assert.equal(new Set(releaseTargets.map((target) => target[member])).size, 8, member);
		}
	});

	it("are all by default, and an unknown one is an error", () => {
		assert.deepEqual(targetsOf(undefined), releaseTargets);
		assert.deepEqual(
			targetsOf("aarch64-apple-darwin,x86_64-unknown-linux-musl").map(({ codeTarget }) => codeTarget),
			["darwin-arm64", "alpine-x64"],
		);
		assert.throws(
			() => targetsOf("mips-unknown-linux-gnu"),
			/^Error: Nothing is released for mips-unknown-linux-gnu/,
		);
	});
});
