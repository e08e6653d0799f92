/**
 * `npm run test:package`: rehearses a release for this machine's target. Builds the binary as it is released, packs the
 * npm packages and the VSIX, publishes the packages to a registry on the loopback interface, and uses them as a stranger
 * would, in empty folders, with every Node that is supported. Ends with how many tests really ran.
 */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { installTools as installEditor } from "../../extension/test/e2e/tools.mjs";
import { endOnFailure, setUp } from "../../scripts/set-up.mjs";
import { vsixVariable } from "../../scripts/testing/extension-package.mjs";
import { runScenarios } from "../../scripts/testing/scenarios.mjs";
import { makeProducts, packagedExtension } from "./products.mjs";
import { installTools } from "./tools/tools.mjs";

setUp();
endOnFailure(installTools);
endOnFailure(installEditor);
endOnFailure(makeProducts);
process.env[vsixVariable] = packagedExtension();
await runScenarios({
	name: "packages",
	folder: path.join(path.dirname(fileURLToPath(import.meta.url)), "scenarios"),
	timeoutMs: 20 * 60_000,
});
