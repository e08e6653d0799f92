/**
 * `npm run test:collector`: sets up the checkout, builds the Collector, installs Prometheus, and runs the scenarios with
 * them on the loopback interface. Prints how many tests ran.
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
	timeoutMs: 40 * 60_000,
});
