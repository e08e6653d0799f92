import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { addonPlatforms, isTarget, ownTarget } from "../../extension/scripts/targets.mjs";
import { repository } from "../../scripts/set-up.mjs";
import { extensionFiles } from "../../scripts/testing/extension-files.mjs";
import { temporaryDirectory } from "../../scripts/testing/temporary-directory.mjs";
import { readZip } from "../../scripts/zip.mjs";

const manifest = JSON.parse(readFileSync(path.join(repository, "extension", "package.json"), "utf8"));

/** @param {string[]} options */
function runPackaging(...options) {
	const script = path.join(repository, "extension", "scripts", "package.mjs");
	return spawnSync(process.execPath, [script, ...options], { encoding: "utf8", timeout: 120_000 });
}

describe("the packaged extension", () => {
	const target = ownTarget();
	const folder = temporaryDirectory({ after });
	const { status, stderr } = runPackaging("--out", folder);
	assert.equal(status, 0, stderr);
	const file = path.join(folder, `${manifest.name}-${target}-${manifest.version}.vsix`);
	const entries = new Map(readZip(file).map((entry) => [entry.name, entry]));
	/** @param {string} name */
	const text = (name) => entries.get(name)?.content().toString("utf8") ?? "";

	it("contains only the bundle, this platform's addon and its README", () => {
		assert.ok(isTarget(target));
		const files = extensionFiles(`coder-telemetry-export.${addonPlatforms[target]}.node`);
		assert.deepEqual(
			[...entries.keys()].sort(),
			["[Content_Types].xml", "extension.vsixmanifest", ...files.map((name) => `extension/${name}`)].sort(),
		);
	});

	it("is at most 3 MB", () => {
		assert.ok(statSync(file).size <= 3_000_000, `${statSync(file).size} bytes`);
	});

	it("is for this platform only", () => {
		assert.match(text("extension.vsixmanifest"), new RegExp(`TargetPlatform="${target}"`));
	});

	it("leaves out members of the manifest for developers", () => {
		const shipped = JSON.parse(text("extension/package.json"));
		assert.deepEqual(
			Object.keys(manifest).filter((name) => !(name in shipped)),
			["private", "scripts", "devDependencies"],
		);
		assert.deepEqual(shipped.contributes, manifest.contributes);
	});

	it("contains the pictures of its README", () => {
		const pictures = [...text("extension/readme.md").matchAll(/!\[[^\]]+\]\(([^)]*)\)/g)].map(
			([, address]) => `extension/${address}`,
		);
		assert.ok(pictures.length >= 3);
		for (const name of pictures) {
			assert.equal(entries.get(name)?.content().toString("latin1", 1, 4), "PNG", name);
		}
	});

	it("contains no source maps, doc comments or source paths", () => {
		assert.doesNotMatch(text("extension/dist/extension.js"), /sourceMappingURL|\/\*\*|src\/export/);
	});
});

describe("packaging the extension", () => {
	it("links the pictures of its README with --images-url", (test) => {
		const folder = temporaryDirectory(test);
		const { status, stderr } = runPackaging("--out", folder, "--images-url", "https://example.com/v1/");
		assert.equal(status, 0, stderr);
		const [file = ""] = readdirSync(folder);
		const page = readZip(path.join(folder, file)).find(({ name }) => name === "extension/readme.md");
		assert.match(
			page?.content().toString("utf8") ?? "",
			/\(https:\/\/example\.com\/v1\/media\/progress\.png\)/,
		);
	});

	it("refuses an unsupported platform", () => {
		const { status, stderr } = runPackaging("--target", "linux-mips");
		assert.equal(status, 1);
		assert.match(stderr, /^No VSIX is made for linux-mips\. Targets are linux-x64, /);
	});

	it("requires the addon of the platform", () => {
		const foreign = ownTarget() === "win32-arm64" ? "darwin-x64" : "win32-arm64";
		const { status, stderr } = runPackaging("--target", foreign);
		assert.equal(status, 1);
		assert.match(
			stderr,
			new RegExp(
				`coder-telemetry-export\\.${foreign}.*\\.node is missing\\. Build the addon for ${foreign} first\\.`,
			),
		);
	});
});

describe("the manifest of the extension", () => {
	it("has packages for all platforms of the addon", () => {
		const { napi } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
		/** @param {string} triple */
		const platformOf = (triple) => {
			const [architecture, , system = "", library] = triple.split("-");
			const name = system === "windows" ? "win32" : system;
			const suffix = library === undefined ? "" : `-${library}`;
			return `${name}-${architecture === "aarch64" ? "arm64" : "x64"}${suffix}`;
		};
		assert.deepEqual(Object.values(addonPlatforms).sort(), napi.targets.map(platformOf).sort());
	});

	it("is activated only by its commands, on the machine that has the files", () => {
		assert.deepEqual(manifest.activationEvents, []);
		assert.deepEqual(manifest.extensionKind, ["ui"]);
	});

	it("needs no trusted workspace, because it reads nothing from it", () => {
		assert.deepEqual(manifest.capabilities, {
			untrustedWorkspaces: { supported: true },
			virtualWorkspaces: true,
		});
	});
});
