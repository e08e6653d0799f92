/**
 * `npm run test:vscode`: sets the checkout and the tools up, makes the VSIX, and runs the scenarios against it in a
 * VS Code that is served to a browser. Ends with how many tests really ran; nothing it started or wrote outside this
 * repository is left. Pictures of every step are in `artifacts`.
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
