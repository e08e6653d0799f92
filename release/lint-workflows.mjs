/**
 * `npm run lint:workflows`: holds the workflows to what GitHub takes, by actionlint with shellcheck, and to what is
 * safe, by zizmor: actions pinned by commit, the least rights, nothing of a name or a branch in a script.
 */

import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { goEnvironment } from "../interop/collector/go.mjs";
import { installDebianPackages } from "../scripts/end-to-end/debian-packages.mjs";
import { installPythonPackages } from "../scripts/end-to-end/python-packages.mjs";
import { endOnFailure, repository, run } from "../scripts/set-up.mjs";

const tools = path.join(path.dirname(fileURLToPath(import.meta.url)), ".workflow-tools");

/** Kept in folders by version, so that another one is never taken for them. */
const actionlint = { version: "1.7.12", program: path.join(tools, "actionlint-1.7.12", "actionlint") };
const zizmor = { version: "1.32.0", program: path.join(tools, "zizmor-1.32.0", "bin", "zizmor") };

const timeout = 600_000;

/** Built from its sources by Go, which checks them against Go's public list of checksums. */
function installActionlint() {
	if (!existsSync(actionlint.program)) {
		console.error("Installing actionlint…");
		const env = { ...goEnvironment(), GOBIN: path.dirname(actionlint.program) };
		const module = `github.com/rhysd/actionlint/cmd/actionlint@v${actionlint.version}`;
		run("go", ["install", module], { env, timeout });
	}
}

function installZizmor() {
	if (!existsSync(zizmor.program)) {
		console.error("Installing zizmor…");
		installPythonPackages(path.dirname(path.dirname(zizmor.program)), [`zizmor==${zizmor.version}`]);
	}
}

endOnFailure(() => {
	installDebianPackages([{ name: "shellcheck", command: "shellcheck" }]);
	installActionlint();
	installZizmor();
	run(actionlint.program, ["-color=false", "-shellcheck", "shellcheck"]);
	run(zizmor.program, [
		"--offline",
		"--no-progress",
		"--persona",
		"regular",
		path.join(repository, ".github"),
	]);
	console.log("The workflows are fine, say actionlint and zizmor.");
});
