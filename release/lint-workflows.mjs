/**
 * `npm run lint:workflows`: checks the workflows. actionlint with shellcheck checks that GitHub accepts them. zizmor checks
 * that they are safe: actions pinned by commit, least permissions, and no names or branches expanded in scripts.
 */

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { endOnFailure, repository, run, installationTimeoutMs as timeout } from "../scripts/set-up.mjs";
import { installDebianPackages } from "../scripts/testing/debian-packages.mjs";
import { goEnvironment } from "../scripts/testing/go.mjs";
import { installPythonPackages } from "../scripts/testing/python-packages.mjs";

const tools = path.join(path.dirname(fileURLToPath(import.meta.url)), ".workflow-tools");

const actionlintVersion = "1.7.12";
const zizmorVersion = "1.32.0";

// In folders by version, so that another version is never used.
const actionlintFolder = path.join(tools, `actionlint-${actionlintVersion}`);
const zizmorFolder = path.join(tools, `zizmor-${zizmorVersion}`);
const actionlint = path.join(actionlintFolder, "actionlint");
const zizmor = path.join(zizmorFolder, "bin", "zizmor");

/** Go builds it from source, and checks the source against Go's public checksums. */
function installActionlint() {
	if (!existsSync(actionlint)) {
		console.error("Installing actionlint…");
		const env = { ...goEnvironment(), GOBIN: actionlintFolder };
		const module = `github.com/rhysd/actionlint/cmd/actionlint@v${actionlintVersion}`;
		run("go", ["install", module], { env, timeout });
	}
}

function installZizmor() {
	if (!existsSync(zizmor)) {
		console.error("Installing zizmor…");
		installPythonPackages(zizmorFolder, [`zizmor==${zizmorVersion}`]);
	}
}

endOnFailure(() => {
	installDebianPackages([{ name: "shellcheck", command: "shellcheck" }]);
	installActionlint();
	installZizmor();
	run(actionlint, ["-color=false", "-shellcheck", "shellcheck"]);
	run(zizmor, ["--offline", "--no-progress", "--persona", "regular", path.join(repository, ".github")]);
	console.log("actionlint and zizmor found no problems in the workflows.");
});
