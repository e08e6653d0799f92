/**
 * `npm run test:windows`: sets up the checkout and the tools, builds for Windows, and runs under Wine the tests of the core,
 * the addon, the command line and the extension, and the scenarios of this suite. Prints what was skipped and why, and how
 * many tests ran.
 */

import path from "node:path";
import { endOnFailure, repository, setUp } from "../../scripts/set-up.mjs";
import { scenariosIn } from "../../scripts/testing/scenarios.mjs";
import { buildForWindows, programsFolder } from "./build.mjs";
import { runCoreTests } from "./core-tests.mjs";
import { linuxExportsVariable, programsVariable } from "./environment.mjs";
import { installVitestForWindows, runExtensionTests } from "./extension.mjs";
import { runNodeTests } from "./node-tests.mjs";
import { runParts } from "./outcome.mjs";
import { cacheFolder, windowsFolder } from "./tools.mjs";
import { startWine, windowsPath } from "./wine.mjs";

const linuxExportsFolder = path.join(cacheFolder, "linux-exports");

setUp();
const coreTests = endOnFailure(buildForWindows);
endOnFailure(installVitestForWindows);
endOnFailure(startWine);
await runParts([
	{ name: "core", run: () => runCoreTests(coreTests) },
	{ name: "addon", run: runAddonTests },
	{ name: "scenarios", run: runScenarios },
	{ name: "extension", run: runExtensionTests },
]);

function runAddonTests() {
	const files = scenariosIn(path.join(repository, "__test__"));
	return runNodeTests({ name: "addon", files, timeoutMs: 10 * 60_000 });
}

async function runScenarios() {
	// Loads the addon for Linux, which the set-up has built.
	const { exportSamples } = await import("./sample-exports.mjs");
	await exportSamples(linuxExportsFolder);
	return runNodeTests({
		name: "scenarios",
		files: scenariosIn(path.join(windowsFolder, "scenarios")),
		timeoutMs: 10 * 60_000,
		// They hold files and start programs: one after the other.
		concurrency: 1,
		env: {
			[programsVariable]: windowsPath(programsFolder),
			[linuxExportsVariable]: windowsPath(linuxExportsFolder),
		},
	});
}
