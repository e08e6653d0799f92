/**
 * `npm run test:collector`: sets the checkout up, builds the Collector, installs Prometheus, and runs the scenarios
 * against them on the loopback interface. Ends with how many tests really ran.
 */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { endOnFailure, setUp } from "../../scripts/set-up.mjs";
import { runScenarios, scenariosIn } from "../../scripts/testing/scenarios.mjs";
import { buildCollector } from "./collector/build.mjs";
import { installPrometheus } from "./prometheus/prometheus.mjs";

setUp();
endOnFailure(buildCollector);
endOnFailure(installPrometheus);
await runScenarios({
	name: "Collector and Prometheus",
	files: scenariosIn(path.join(path.dirname(fileURLToPath(import.meta.url)), "scenarios")),
	timeoutMs: 20 * 60_000,
});
