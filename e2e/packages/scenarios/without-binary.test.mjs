import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { packagesFolder } from "../../../release/folders.mjs";
import { manifest, ownTarget } from "../../../release/targets.mjs";
import { repository } from "../../../scripts/set-up.mjs";
import { Installation, outputOf } from "../installation.mjs";
import { Registry } from "../registry.mjs";
import { nodeRuntimes } from "../tools/tools.mjs";

const sample = path.join(repository, "examples", "telemetry", "current");

describe("installed without the package of this platform", () => {
	/** @type {Registry} */
	let registry;
	/** @type {Installation} */
	let installation;
	before(async () => {
		registry = await Registry.start("without-binary");
		outputOf(registry.publish(packagesFolder));
		const [runtime] = nodeRuntimes();
		assert.ok(runtime !== undefined);
		installation = new Installation("without-binary", runtime, registry);
		outputOf(installation.npm("install", "--omit=optional", manifest.name));
		installation.addPrograms();
	});
	after(() => registry?.server.kill());

	const command = () => installation.file("node_modules", ".bin", manifest.name);
	const release = `${ownTarget().packageName}@${manifest.version}`;

	it("tells a program which package to install and how to build", () => {
		for (const program of ["import.mjs", "require.cjs"]) {
			const { status, stderr } = installation.node(program, sample, installation.folder);
			assert.equal(status, 1);
			assert.match(
				stderr,
				new RegExp(`needs the package ${ownTarget().packageName}, which is not installed`),
			);
			assert.match(stderr, new RegExp(`npm install ${release}, or build it from source: .* npm run build`));
		}
	});

	it("tells the user of the command in one line, and still has help and version", () => {
		const { status, stderr } = installation.run(command(), sample, "--out", "none.json");
		assert.equal(status, 1);
		assert.match(stderr, new RegExp(`^coder-telemetry-export: .*npm install ${release}, or .*\n$`));
		assert.equal(outputOf(installation.run(command(), "--version")), `${manifest.version}\n`);
		assert.match(outputOf(installation.run(command(), "--help")), /--range/);
	});

	it("tells what the system says of a binary that does not load", () => {
		const folder = installation.file("node_modules", ownTarget().packageName);
		mkdirSync(folder);
		writeFileSync(path.join(folder, "package.json"), JSON.stringify({ main: ownTarget().addon }));
		writeFileSync(path.join(folder, ownTarget().addon), "no binary");
		const { status, stderr } = installation.node("import.mjs", sample, installation.folder);
		assert.equal(status, 1);
		assert.match(
			stderr,
			/has a binary for linux-x64-gnu that does not load: .*file too short\. Install it anew/,
		);
	});

	it("works once its advice is followed", () => {
		outputOf(installation.npm("install", release));
		const output = outputOf(installation.node("import.mjs", sample, installation.folder));
		assert.equal(JSON.parse(output).eventCount, 396);
	});
});
