/** Makes what this suite tests: the binary, the packages and the VSIX of this machine's target. */

import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildAddon } from "../../release/binaries/build.mjs";
import { packExtensions } from "../../release/extension/pack.mjs";
import { artifactsFolder, bindingsFolder, extensionsFolder, packagesFolder } from "../../release/folders.mjs";
import { packPackages } from "../../release/packages/pack.mjs";
import { manifest, ownTarget } from "../../release/targets.mjs";
import { repository, run } from "../../scripts/set-up.mjs";
import { nodeRuntimes } from "./tools/tools.mjs";

/** Stands for the repository that a release is made of. */
export const repositoryUrl = "https://github.com/example/coder-telemetry-export";

const receiptsFolder = path.join(artifactsFolder, "receipts");
const listing = path.join(artifactsFolder, "packages.json");

/** Makes all of them, by the commands that the release runs. */
export function makeProducts() {
	const target = ownTarget();
	rmSync(artifactsFolder, { recursive: true, force: true });
	buildAddon(target, artifactsFolder);
	tryBinary(target);
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
 * The binary under test takes the place of the checkout's own while every Node loads it and runs the addon's tests.
 *
 * @param {import("../../release/targets.mjs").ReleaseTarget} target
 */
function tryBinary(target) {
	const place = path.join(repository, target.addon);
	const own = existsSync(place) ? readFileSync(place) : undefined;
	const put = (/** @type {() => void} */ write) => {
		// Another file, not another content: a process may have the old one open.
		rmSync(place, { force: true });
		write();
	};
	put(() => copyFileSync(path.join(bindingsFolder(artifactsFolder, target), target.addon), place));
	try {
		for (const { program } of nodeRuntimes()) {
			run(program, [path.join(repository, "scripts", "test.mjs"), "--addon"]);
			const script = path.join(repository, "release", "binaries", "load.mjs");
			run(program, [script, "--receipts", receiptsFolder]);
		}
	} finally {
		put(() => own !== undefined && writeFileSync(place, own));
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
