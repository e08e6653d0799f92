/** Telemetry that is too large for the repository. It is generated on first use and kept for the next run. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateTelemetry } from "../generate-telemetry.mjs";
import { repository } from "../set-up.mjs";
import { fingerprint } from "../telemetry/fingerprint.mjs";

/** @typedef {import("../generate-telemetry.mjs").Plan} Plan */
/** @typedef {import("../generate-telemetry.mjs").GeneratedTelemetry} GeneratedTelemetry */

const kept = path.join(repository, ".bench-data", "tests");
const countsFile = "counts.json";

/**
 * @param {Omit<Plan, "directory">} plan
 * @returns {GeneratedTelemetry} the directory, which tests must not change, and the counts of an export of it
 */
export function generatedTelemetry(plan) {
	const home = path.join(kept, fingerprint(plan));
	const directory = path.join(home, "telemetry");
	if (!existsSync(home)) {
		const unfinished = `${home}.${process.pid}`;
		rmSync(unfinished, { recursive: true, force: true });
		mkdirSync(unfinished, { recursive: true });
		const counts = generateTelemetry({ ...plan, directory: path.join(unfinished, "telemetry") });
		writeFileSync(path.join(unfinished, countsFile), JSON.stringify(counts));
		try {
			renameSync(unfinished, home);
		} catch (error) {
			// Another test process has generated it meanwhile.
			rmSync(unfinished, { recursive: true });
			if (!existsSync(home)) {
				throw error;
			}
		}
	}
	// The folder has other paths for other systems that share it, such as Wine.
	return { ...JSON.parse(readFileSync(path.join(home, countsFile), "utf8")), directory };
}
