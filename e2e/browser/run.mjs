/**
 * `npm run test:browser`: sets the checkout and the tools up, and opens report pages in a real Chromium, from disk, with
 * no network. Ends with how many tests really ran. Pictures and prints of every page are in `artifacts`.
 */

import { rmSync } from "node:fs";
import path from "node:path";
import { endOnFailure, setUp } from "../../scripts/set-up.mjs";
import { runScenarios, scenariosIn } from "../../scripts/testing/scenarios.mjs";
import { artifactsFolder, browserFolder, installTools } from "./tools.mjs";

setUp();
endOnFailure(installTools);
rmSync(artifactsFolder, { recursive: true, force: true });
await runScenarios({
	name: "report page",
	files: scenariosIn(path.join(browserFolder, "scenarios")),
	timeoutMs: 10 * 60_000,
});
