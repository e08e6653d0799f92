import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { manifest, ownTarget, releaseTargets } from "../../../release/targets.mjs";
import { packageFile, packedPackages, repositoryUrl } from "../products.mjs";
import { assertDocumentedSize } from "../sizes.mjs";
import { commandFile } from "../tools/tools.mjs";

const packed = packedPackages();
const [platformPackage, mainPackage] = packed;
assert.ok(platformPackage !== undefined && mainPackage !== undefined && packed.length === 2);

/**
 * @param {import("../../../release/packages/pack.mjs").PackedPackage} packed
 * @param {string} name
 * @returns {string} the content of a file in the package
 */
function contentOf(packed, name) {
	const tarArguments = ["--extract", "--to-stdout", "--file", packageFile(packed), `package/${name}`];
	const { status, stdout, stderr } = spawnSync("tar", tarArguments, { encoding: "utf8" });
	assert.equal(status, 0, stderr);
	return stdout;
}

/**
 * Runs a linter of packages.
 *
 * @param {string} command
 * @param {...string} args
 */
function lint(command, ...args) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile(command), ...args], {
		encoding: "utf8",
	});
	return { status, output: stripVTControlCharacters(`${stdout}${stderr}`) };
}

describe("the main package", () => {
	it("contains only its JavaScript, its types and its README", () => {
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

	it("depends only on the binaries of all platforms, in its own version", () => {
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

	it("has correct types for every way to import it, according to @arethetypeswrong/cli", () => {
		const { status, output } = lint("attw", packageFile(mainPackage), "--format", "ascii", "--no-emoji");
		assert.equal(status, 0, output);
		assert.match(output, /No problems found/);
	});

	it("has no problem according to publint", () => {
		const { status, output } = lint("publint", "--strict", packageFile(mainPackage));
		assert.equal(status, 0, output);
		assert.match(output, /All good!/);
	});
});

describe("the package of this platform", () => {
	const target = ownTarget();

	it("contains only the binary, its licences and a README", () => {
		assert.deepEqual(
			platformPackage.files.map(({ path: name }) => name).sort(),
			["LICENSE", "README.md", "THIRD-PARTY-LICENSES.txt", target.addon, "package.json"].sort(),
		);
	});

	it("is for this platform only", () => {
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
		it(`are those in docs/releasing.md: ${row}`, () => assertDocumentedSize(row, size));
	}
});
