/**
 * `npm run test:package`: rehearses a release for this machine's target. Builds the binary as it is released, packs the
 * npm packages and the VSIX, publishes the packages to a registry on the loopback interface, and uses them as a stranger
 * would, in empty folders, with every Node that is supported. Then runs a scenario of `extension/test/e2e` on the VSIX.
 * Ends with how many tests really ran.
 */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { endOnFailure, repository, run, setUp } from "../../scripts/set-up.mjs";
import { vsixVariable } from "../../scripts/testing/extension-package.mjs";
import { runScenarios, scenariosIn } from "../../scripts/testing/scenarios.mjs";
import { makeProducts, packagedExtension } from "./products.mjs";
import { installTools } from "./tools/tools.mjs";

const editorSuite = path.join(repository, "extension", "test", "e2e");

setUp();
endOnFailure(installTools);
endOnFailure(() => run(process.execPath, [path.join(editorSuite, "tools.mjs")]));
endOnFailure(makeProducts);
process.env[vsixVariable] = packagedExtension();
await runScenarios({
	name: "packages",
	files: [
		...scenariosIn(path.join(path.dirname(fileURLToPath(import.meta.url)), "scenarios")),
		path.join(editorSuite, "scenarios", "installed.test.mjs"),
	],
	timeoutMs: 20 * 60_000,
});
