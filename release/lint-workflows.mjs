/**
 * `npm run lint:workflows`: holds the workflows to what GitHub takes, by actionlint with shellcheck, and to what is
 * safe, by zizmor: actions pinned by commit, the least rights, nothing of a name or a branch in a script.
 */

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { endOnFailure, repository, run } from "../scripts/set-up.mjs";
import { installDebianPackages } from "../scripts/testing/debian-packages.mjs";
import { goEnvironment } from "../scripts/testing/go.mjs";
import { installPythonPackages } from "../scripts/testing/python-packages.mjs";

const tools = path.join(path.dirname(fileURLToPath(import.meta.url)), ".workflow-tools");

const actionlintVersion = "1.7.12";
const zizmorVersion = "1.32.0";

// In folders by version, so that another one is never taken for them.
const actionlintFolder = path.join(tools, `actionlint-${actionlintVersion}`);
const zizmorFolder = path.join(tools, `zizmor-${zizmorVersion}`);
const actionlint = path.join(actionlintFolder, "actionlint");
const zizmor = path.join(zizmorFolder, "bin", "zizmor");

const timeout = 600_000;

/** Built from its sources by Go, which checks them against Go's public list of checksums. */
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
	console.log("The workflows are fine, say actionlint and zizmor.");
});
