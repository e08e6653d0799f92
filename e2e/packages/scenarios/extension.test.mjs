import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { artifactsFolder, bindingsFolder } from "../../../release/folders.mjs";
import { manifest, ownTarget } from "../../../release/targets.mjs";
import { extensionFiles } from "../../../scripts/testing/extension-files.mjs";
import {
	packagedFiles,
	packagedIdentity,
	vsixUnderTest,
} from "../../../scripts/testing/extension-package.mjs";
import { packagedExtension, repositoryUrl } from "../products.mjs";
import { writtenSize } from "../sizes.mjs";

const target = ownTarget();
const addon = path.join("dist", "native", target.addon);

describe("the VSIX of this platform", () => {
	assert.equal(vsixUnderTest(), packagedExtension());
	const files = packagedFiles();

	it("holds the bundle, the released binary, licences and its page, and nothing else", () => {
		assert.deepEqual([...files.keys()].sort(), extensionFiles(target.addon));
		const released = readFileSync(path.join(bindingsFolder(artifactsFolder, target), target.addon));
		assert.ok(files.get(addon)?.equals(released));
	});

	it("names the repository that it is made of, and shows pictures from there", () => {
		const { repository } = JSON.parse(files.get("package.json")?.toString("utf8") ?? "");
		const { version } = packagedIdentity();
		assert.equal(repository.url, `${repositoryUrl}.git`);
		assert.equal(version, manifest.version);
		const page = files.get("readme.md")?.toString("utf8") ?? "";
		assert.ok(page.includes(`(${repositoryUrl}/raw/v${version}/extension/media/progress.png)`));
		assert.doesNotMatch(page, /\]\((?!https:\/\/|#)/);
	});

	it("is as large as docs/releasing.md says", () => {
		const { size } = statSync(vsixUnderTest());
		const written = writtenSize("VSIX");
		assert.ok(Math.abs(size / written - 1) <= 0.1, `${size} bytes, and not ${written}`);
	});
});
