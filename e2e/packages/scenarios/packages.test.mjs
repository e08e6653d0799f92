import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { manifest, ownTarget, releaseTargets } from "../../../release/targets.mjs";
import { packageFile, packedPackages, repositoryUrl } from "../products.mjs";
import { writtenSize } from "../sizes.mjs";
import { commandFile } from "../tools/tools.mjs";

const packed = packedPackages();
const [platformPackage, mainPackage] = packed;
assert.ok(platformPackage !== undefined && mainPackage !== undefined && packed.length === 2);

/**
 * @param {import("../../../release/packages/pack.mjs").PackedPackage} packed
 * @param {string} name
 * @returns {string} the content of a file of it
 */
function contentOf(packed, name) {
	const words = ["--extract", "--to-stdout", "--file", packageFile(packed), `package/${name}`];
	const { status, stdout, stderr } = spawnSync("tar", words, { encoding: "utf8" });
	assert.equal(status, 0, stderr);
	return stdout;
}

/**
 * @param {string} command
 * @param {...string} words
 */
function judge(command, ...words) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile(command), ...words], {
		encoding: "utf8",
	});
	return { status, verdict: stripVTControlCharacters(`${stdout}${stderr}`) };
}

describe("the main package", () => {
	it("holds its JavaScript, its types and its page, and nothing else", () => {
		const files = mainPackage.files.map(({ path: name }) => name);
		assert.deepEqual(
			files.filter((name) => !name.startsWith("bin/")).sort(),
			[
				"LICENSE",
				"README.md",
				"index.d.ts",
				"index.js",
				"load-failure.js",
				"package.json",
				"platform-package.js",
			].sort(),
		);
		assert.ok(files.includes("bin/coder-telemetry-export.js"));
		assert.ok(files.every((name) => path.dirname(name) !== "bin" || /\.js(on)?$/.test(name)));
	});

	it("asks for the binary of each platform in its own version, and for nothing else", () => {
		const shipped = JSON.parse(contentOf(mainPackage, "package.json"));
		assert.deepEqual(
			shipped.optionalDependencies,
			Object.fromEntries(releaseTargets.map(({ packageName }) => [packageName, manifest.version])),
		);
		for (const member of [
			"private",
			"dependencies",
			"devDependencies",
			"scripts",
			"workspaces",
			"overrides",
			"napi",
		]) {
			assert.ok(!(member in shipped), member);
		}
		assert.equal(shipped.repository.url, `git+${repositoryUrl}.git`);
	});

	it("has types that fit for every way to import it, by @arethetypeswrong/cli", () => {
		const { status, verdict } = judge("attw", packageFile(mainPackage), "--format", "ascii", "--no-emoji");
		assert.equal(status, 0, verdict);
		assert.match(verdict, /No problems found/);
	});

	it("is a package as registries and bundlers like it, by publint", () => {
		const { status, verdict } = judge("publint", "--strict", packageFile(mainPackage));
		assert.equal(status, 0, verdict);
		assert.match(verdict, /All good!/);
	});
});

describe("the package of this platform", () => {
	const target = ownTarget();

	it("holds the binary and the licences of what is in it, and nothing else", () => {
		assert.deepEqual(
			platformPackage.files.map(({ path: name }) => name).sort(),
			["LICENSE", "README.md", "THIRD-PARTY-LICENSES.txt", target.addon, "package.json"].sort(),
		);
	});

	it("is for this platform alone", () => {
		const shipped = JSON.parse(contentOf(platformPackage, "package.json"));
		assert.equal(shipped.name, target.packageName);
		assert.equal(shipped.version, manifest.version);
		assert.equal(shipped.main, target.addon);
		assert.deepEqual(shipped.os, [target.operatingSystem]);
		assert.deepEqual(shipped.cpu, [target.architecture]);
		assert.deepEqual(shipped.libc, ["glibc"]);
		assert.equal(shipped.repository.url, `git+${repositoryUrl}.git`);
	});
});

describe("the sizes of the packages", () => {
	for (const [row, size] of /** @type {const} */ ([
		["Main package, packed", mainPackage.size],
		["Main package, installed", mainPackage.unpackedSize],
		["Platform package, packed", platformPackage.size],
		["Platform package, installed", platformPackage.unpackedSize],
	])) {
		it(`are what docs/releasing.md says: ${row}`, () => {
			const written = writtenSize(row);
			// Versions of Rust differ by a few percent.
			assert.ok(Math.abs(size / written - 1) <= 0.1, `${size} bytes, and not ${written}`);
		});
	}
});
