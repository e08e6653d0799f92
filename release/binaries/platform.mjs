/** Reads from a binary which platform it is for, because its file name may be wrong. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The oldest glibc that Node 20 and VS Code support. */
export const oldestGlibc = "2.28";

/** Formats of object files, with their first bytes and their numbers of architectures. */
const objectFiles = [
	{
		// ELF: e_machine
		operatingSystem: "linux",
		isKind: (/** @type {Buffer} */ bytes) => bytes.toString("latin1", 0, 5) === "\x7fELF\x02",
		machine: (/** @type {Buffer} */ bytes) => bytes.readUInt16LE(18),
		architectures: new Map([
			[0x3e, "x64"],
			[0xb7, "arm64"],
		]),
	},
	{
		// Mach-O, 64 bits: cputype
		operatingSystem: "darwin",
		isKind: (/** @type {Buffer} */ bytes) => bytes.readUInt32LE(0) === 0xfeedfacf,
		machine: (/** @type {Buffer} */ bytes) => bytes.readUInt32LE(4),
		architectures: new Map([
			[0x01000007, "x64"],
			[0x0100000c, "arm64"],
		]),
	},
	{
		// PE: Machine, after the signature that the DOS header points to
		operatingSystem: "win32",
		isKind: (/** @type {Buffer} */ bytes) => bytes.toString("latin1", 0, 2) === "MZ",
		machine: (/** @type {Buffer} */ bytes) => bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4),
		architectures: new Map([
			[0x8664, "x64"],
			[0xaa64, "arm64"],
		]),
	},
];

/** All headers have at least this length. */
const headerBytes = 64;

/**
 * Finds the reasons why a binary does not fit a target.
 *
 * @param {string} file
 * @param {Pick<import("../targets.mjs").ReleaseTarget, "operatingSystem" | "architecture" | "abi">} target
 * @returns {string[]} sentences without a subject; empty if it fits
 */
export function faultsOfBinary(file, target) {
	const bytes = readFileSync(file);
	const wanted = `${target.operatingSystem}-${target.architecture}`;
	const actual = platformOf(bytes);
	if (actual !== wanted) {
		return [`is for ${actual}, not for ${wanted}`];
	}
	switch (target.abi) {
		case "gnu":
		case "musl":
			return faultsOfLibraries(readDynamicSection(file), target.abi);
		case "msvc":
			// The name of an imported library is in the file as plain text.
			return /vcruntime\d+\.dll/i.test(bytes.toString("latin1"))
				? ["needs the Visual C++ runtime of the machine: build it with crt-static"]
				: [];
		default:
			return [];
	}
}

/**
 * @param {Buffer} bytes
 * @returns {string} operating system and architecture, with Node's names
 */
export function platformOf(bytes) {
	const kind = bytes.length >= headerBytes ? objectFiles.find(({ isKind }) => isKind(bytes)) : undefined;
	if (kind === undefined) {
		return "an unknown platform";
	}
	const machine = kind.machine(bytes);
	return `${kind.operatingSystem}-${kind.architectures.get(machine) ?? `0x${machine.toString(16)}`}`;
}

/**
 * @param {string} file an ELF file
 * @returns {string} the libraries that it needs with their versions, as printed by readelf
 */
function readDynamicSection(file) {
	const readelfArguments = ["--wide", "--dynamic", "--version-info", file];
	const { error, status, stdout, stderr } = spawnSync("readelf", readelfArguments, {
		encoding: "utf8",
		// The output grows with the number of symbols.
		maxBuffer: 1 << 30,
		env: { ...process.env, LC_ALL: "C" },
	});
	if (error !== undefined || status !== 0) {
		throw new Error(`readelf, of binutils, cannot read ${file}: ${error?.message ?? stderr}`, {
			cause: error,
		});
	}
	return stdout;
}

/**
 * @param {string} dynamicSection as printed by readelf
 * @param {"gnu" | "musl"} abi
 * @returns {string[]} faults of the C library that it needs
 */
export function faultsOfLibraries(dynamicSection, abi) {
	const libraries = [...dynamicSection.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name = ""]) => name);
	const needsGlibc = libraries.includes("libc.so.6");
	const needsMusl = libraries.some((name) => name === "libc.so" || name.startsWith("libc.musl-"));
	if (abi === "musl") {
		return needsMusl && !needsGlibc ? [] : [`is not linked against musl, but needs ${libraries.join(", ")}`];
	}
	if (!needsGlibc || needsMusl) {
		return [`is not linked against glibc, but needs ${libraries.join(", ")}`];
	}
	const newest = [...dynamicSection.matchAll(/\bGLIBC_(\d+)\.(\d+)/g)]
		.map(([, major, minor]) => ({ major: Number(major), minor: Number(minor) }))
		.sort((left, right) => right.major - left.major || right.minor - left.minor)[0];
	const [oldestMajor = 0, oldestMinor = 0] = oldestGlibc.split(".").map(Number);
	const isTooNew =
		newest !== undefined &&
		(newest.major > oldestMajor || (newest.major === oldestMajor && newest.minor > oldestMinor));
	return isTooNew ? [`needs glibc ${newest.major}.${newest.minor}, but may need ${oldestGlibc} at most`] : [];
}
