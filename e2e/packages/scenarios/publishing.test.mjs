import assert from "node:assert/strict";
import { appendFileSync, cpSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { prebuiltPlatforms } from "../../../platform-package.js";
import { packagesFolder } from "../../../release/folders.mjs";
import { manifest, ownTarget } from "../../../release/targets.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { outputOf } from "../installation.mjs";
import { packageFile, packedPackages } from "../products.mjs";
import { Registry } from "../registry.mjs";

const [platformPackage, mainPackage] = packedPackages();
assert.ok(platformPackage !== undefined && mainPackage !== undefined);

/** @param {string} output */
const outcomes = (output) => output.match(/^(published|unchanged) .*$/gm);

describe("publishing", () => {
	/** @type {Registry} */
	let registry;
	/** @type {string} */
	let copy;
	before(async () => {
		registry = await Registry.start("publishing");
		copy = path.join(scratchFolder(), "packages-to-publish");
		cpSync(packagesFolder, copy, { recursive: true });
	});
	after(() => registry?.server.kill());

	const release = `${manifest.name}@${manifest.version}`;
	const platformRelease = `${ownTarget().packageName}@${manifest.version}`;

	it("does nothing if the main package or a platform package is missing", async () => {
		rmSync(path.join(copy, mainPackage.filename));
		const withoutMain = registry.publish(copy);
		assert.equal(withoutMain.status, 1);
		assert.match(
			withoutMain.stderr,
			new RegExp(`^Nothing is published: \\S*${mainPackage.filename} missing\\.`, "m"),
		);
		cpSync(packageFile(mainPackage), path.join(copy, mainPackage.filename));

		const withoutOthers = registry.publish(copy, prebuiltPlatforms.join(","));
		assert.equal(withoutOthers.status, 1);
		assert.match(withoutOthers.stderr, /darwin-arm64-1.*, .*win32-x64-msvc-1.* missing\./);
		assert.doesNotMatch(withoutOthers.stderr, /linux-x64-gnu-1/);
		for (const { name } of [platformPackage, mainPackage]) {
			assert.equal((await registry.metadata(name)).versions, undefined);
		}
	});

	it("publishes the platform packages before the main package, which depends on them", async () => {
		const output = outputOf(registry.publish(copy));
		assert.deepEqual(outcomes(output), [`published  ${platformRelease}`, `published  ${release}`]);
		const { versions, "dist-tags": tags } = await registry.metadata(manifest.name);
		assert.deepEqual(Object.keys(versions), [manifest.version]);
		assert.deepEqual(tags, { latest: manifest.version });
	});

	it("can be repeated after a failure", () => {
		const output = outputOf(registry.publish(copy));
		assert.deepEqual(outcomes(output), [`unchanged  ${platformRelease}`, `unchanged  ${release}`]);
	});

	it("fails if the registry has a different package of this version", () => {
		// A byte after the end of a gzip stream changes the file, but not its content.
		appendFileSync(path.join(copy, platformPackage.filename), "\0");
		const { status, stdout, stderr } = registry.publish(copy);
		assert.equal(status, 1);
		assert.equal(outcomes(stdout), null);
		assert.match(
			stderr,
			new RegExp(`^The registry has a different ${platformRelease} than .*next one\\.$`, "m"),
		);
	});
});
