/** What a binary is for, as it says itself: a file that is called after one platform may hold another's. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The oldest glibc that Node 20 runs on, and VS Code too. */
export const oldestGlibc = "2.28";

/** Kinds of object files, told by their first bytes; machines by the numbers that each kind gives them. */
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
		// PE: Machine, behind the signature that the DOS header points to
		operatingSystem: "win32",
		isKind: (/** @type {Buffer} */ bytes) => bytes.toString("latin1", 0, 2) === "MZ",
		machine: (/** @type {Buffer} */ bytes) => bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4),
		architectures: new Map([
			[0x8664, "x64"],
			[0xaa64, "arm64"],
		]),
	},
];

/** The shortest header of all of them. */
const headerBytes = 64;

/**
 * Tells why a binary is not for a target.
 *
 * @param {string} file
 * @param {Pick<import("../targets.mjs").ReleaseTarget, "operatingSystem" | "architecture" | "abi">} target
 * @returns {string[]} sentences without their subject, none where it is fine
 */
export function faultsOfBinary(file, target) {
	const bytes = readFileSync(file);
	const wanted = `${target.operatingSystem}-${target.architecture}`;
	const actual = machineOf(bytes);
	if (actual !== wanted) {
		return [`is for ${actual}, not for ${wanted}`];
	}
	switch (target.abi) {
		case "gnu":
		case "musl":
			return faultsOfLibraries(readDynamicSection(file), target.abi);
		case "msvc":
			// The name of an imported library stands in the file as it is.
			return /vcruntime\d+\.dll/i.test(bytes.toString("latin1"))
				? ["needs the Visual C++ runtime of the machine: build it with crt-static"]
				: [];
		default:
			return [];
	}
}

/**
 * @param {Buffer} bytes
 * @returns {string} operating system and architecture as Node calls them
 */
export function machineOf(bytes) {
	const kind = bytes.length >= headerBytes ? objectFiles.find(({ isKind }) => isKind(bytes)) : undefined;
	if (kind === undefined) {
		return "no platform that is known";
	}
	const machine = kind.machine(bytes);
	return `${kind.operatingSystem}-${kind.architectures.get(machine) ?? `0x${machine.toString(16)}`}`;
}

/**
 * @param {string} file an ELF file
 * @returns {string} the libraries and their versions that it needs, as readelf prints them
 */
function readDynamicSection(file) {
	const words = ["--wide", "--dynamic", "--version-info", file];
	const { error, status, stdout, stderr } = spawnSync("readelf", words, {
		encoding: "utf8",
		// It prints a line for every few symbols.
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
 * @param {string} dynamicSection as readelf prints it
 * @param {"gnu" | "musl"} abi
 * @returns {string[]} what is wrong with the C library that it needs
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
