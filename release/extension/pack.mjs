/**
 * `node release/extension/pack.mjs --repository URL --revision NAME [--artifacts FOLDER] [--targets TRIPLE,…]
 * [--out FOLDER]`: packs a VSIX for each target. Its README shows the pictures of that revision of the repository.
 */

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { isProgram } from "../../scripts/programs.mjs";
import { endOnFailure, repository, run } from "../../scripts/set-up.mjs";
import { artifactsFolder, bindingsFolder, extensionsFolder } from "../folders.mjs";
import { targetsOf } from "../targets.mjs";

/**
 * @param {object} plan
 * @param {string} plan.artifacts the folder of the binaries
 * @param {import("../targets.mjs").ReleaseTarget[]} plan.targets to pack a VSIX for
 * @param {string} plan.folder output; emptied first
 * @param {string} plan.repositoryUrl of the sources
 * @param {string} plan.revision of the sources: a tag or a branch
 */
export function packExtensions({ artifacts, targets, folder, repositoryUrl, revision }) {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const target of targets) {
		run(process.execPath, [
			path.join(repository, "extension", "scripts", "package.mjs"),
			...["--target", target.codeTarget],
			...["--addons", bindingsFolder(artifacts, target)],
			...["--out", folder],
			...["--images-url", `${repositoryUrl}/raw/${revision}/extension/`],
			...["--repository", `${repositoryUrl}.git`],
		]);
	}
}

if (isProgram(import.meta.url)) {
	endOnFailure(() => {
		const {
			artifacts,
			targets,
			out,
			repository: repositoryUrl,
			revision,
		} = parseArgs({
			options: {
				artifacts: { type: "string", default: artifactsFolder },
				targets: { type: "string" },
				out: { type: "string", default: extensionsFolder },
				repository: { type: "string" },
				revision: { type: "string" },
			},
		}).values;
		if (repositoryUrl === undefined || revision === undefined) {
			throw new Error(
				"Say where the sources are: --repository https://github.com/OWNER/NAME --revision v1.2.3",
			);
		}
		packExtensions({
			artifacts,
			targets: targetsOf(targets),
			folder: path.resolve(out),
			repositoryUrl,
			revision,
		});
	});
}
