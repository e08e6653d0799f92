/** Makes the binary, the packages and the VSIX that this suite tests, for this machine's target. */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildAddon } from "../../release/binaries/build.mjs";
import { packExtensions } from "../../release/extension/pack.mjs";
import { artifactsFolder, bindingsFolder, extensionsFolder, packagesFolder } from "../../release/folders.mjs";
import { packPackages } from "../../release/packages/pack.mjs";
import { manifest, ownTarget } from "../../release/targets.mjs";
import { repository, run } from "../../scripts/set-up.mjs";
import { nodeRuntimes } from "./tools/tools.mjs";

/** A made-up address of the repository. */
export const repositoryUrl = "https://github.com/example/coder-telemetry-export";

const receiptsFolder = path.join(artifactsFolder, "receipts");
const listing = path.join(artifactsFolder, "packages.json");

/** Makes everything with the commands of a release. */
export function makeProducts() {
	const target = ownTarget();
	rmSync(artifactsFolder, { recursive: true, force: true });
	buildAddon(target, artifactsFolder);
	testBinary(target);
	const limits = ["--artifacts", artifactsFolder, "--receipts", receiptsFolder, "--targets", target.triple];
	run(process.execPath, [path.join(repository, "release", "binaries", "gate.mjs"), ...limits]);
	const packed = packPackages({
		artifacts: artifactsFolder,
		targets: [target],
		folder: packagesFolder,
		repositoryUrl,
	});
	writeFileSync(listing, JSON.stringify(packed));
	packExtensions({
		artifacts: artifactsFolder,
		targets: [target],
		folder: extensionsFolder,
		repositoryUrl,
		revision: `v${manifest.version}`,
	});
}

/**
 * Loads the binary with every Node and runs the addon's tests with it. The first Node runs all of them, the others those that may
 * depend on Node.
 *
 * @param {import("../../release/targets.mjs").ReleaseTarget} target
 */
function testBinary(target) {
	const binary = path.join(bindingsFolder(artifactsFolder, target), target.addon);
	const env = { ...process.env, NAPI_RS_NATIVE_LIBRARY_PATH: binary };
	for (const [index, { program }] of nodeRuntimes().entries()) {
		const tests = index === 0 ? ["--addon"] : ["--addon", "--without-core"];
		run(program, [path.join(repository, "scripts", "test.mjs"), ...tests], { env });
		const script = path.join(repository, "release", "binaries", "load.mjs");
		run(program, [script, "--receipts", receiptsFolder], { env });
	}
}

/** @returns {string} the VSIX for this machine's target */
export function packagedExtension() {
	const name = `coder-telemetry-export-vscode-${ownTarget().codeTarget}-${manifest.version}.vsix`;
	return path.join(extensionsFolder, name);
}

/** @returns {import("../../release/packages/pack.mjs").PackedPackage[]} the packages, the main one last */
export function packedPackages() {
	return JSON.parse(readFileSync(listing, "utf8"));
}

/**
 * @param {{ filename: string }} packed
 * @returns {string} its file
 */
export function packageFile({ filename }) {
	return path.join(packagesFolder, filename);
}
