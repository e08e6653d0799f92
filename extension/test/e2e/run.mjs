/**
 * `npm run test:vscode`: sets up the checkout and the tools, makes the VSIX, and runs the scenarios in a VS Code server
 * with a browser. At the end it prints how many tests ran. It leaves no processes, and no files outside this repository.
 * Pictures of every step are in `artifacts`.
 */

import { rmSync } from "node:fs";
import path from "node:path";
import { endOnFailure, setUp } from "../../../scripts/set-up.mjs";
import { packageExtension } from "../../../scripts/testing/extension-package.mjs";
import { runScenarios, scenariosIn } from "../../../scripts/testing/scenarios.mjs";
import { installTools, testFolder } from "./tools.mjs";

setUp();
endOnFailure(packageExtension);
endOnFailure(installTools);
rmSync(path.join(testFolder, "artifacts"), { recursive: true, force: true });
await runScenarios({
	name: "VS Code",
	files: scenariosIn(path.join(testFolder, "scenarios")),
	timeoutMs: 20 * 60_000,
});
