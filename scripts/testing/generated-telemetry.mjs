/** Telemetry too large for the repository: generated when it is first asked for, and kept for the next run. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generateTelemetry } from "../generate-telemetry.mjs";
import { repository } from "../set-up.mjs";

/** @typedef {import("../generate-telemetry.mjs").Plan} Plan */
/** @typedef {import("../generate-telemetry.mjs").GeneratedTelemetry} GeneratedTelemetry */

const kept = path.join(repository, ".bench-data", "tests");
const countsFile = "counts.json";

/**
 * @param {Omit<Plan, "directory">} plan
 * @returns {GeneratedTelemetry} the directory, which no test may change, and what an export of it must count
 */
export function generatedTelemetry(plan) {
	const home = path.join(kept, digest(plan));
	const directory = path.join(home, "telemetry");
	if (!existsSync(home)) {
		const unfinished = `${home}.${process.pid}`;
		rmSync(unfinished, { recursive: true, force: true });
		mkdirSync(unfinished, { recursive: true });
		const counts = generateTelemetry({ ...plan, directory: path.join(unfinished, "telemetry") });
		writeFileSync(path.join(unfinished, countsFile), JSON.stringify({ ...counts, directory }));
		try {
			renameSync(unfinished, home);
		} catch (error) {
			// Another test file was faster.
			rmSync(unfinished, { recursive: true });
			if (!existsSync(home)) {
				throw error;
			}
		}
	}
	return JSON.parse(readFileSync(path.join(home, countsFile), "utf8"));
}

/**
 * A name that changes with the plan and with the generator.
 *
 * @param {object} plan
 */
function digest(plan) {
	const hash = createHash("sha256").update(JSON.stringify(plan));
	const parts = path.join(repository, "scripts", "telemetry");
	const sources = [path.join(repository, "scripts", "generate-telemetry.mjs")];
	sources.push(
		...readdirSync(parts)
			.filter((name) => name.endsWith(".mjs"))
			.sort()
			.map((name) => path.join(parts, name)),
	);
	for (const source of sources) {
		hash.update(readFileSync(source));
	}
	return hash.digest("hex").slice(0, 16);
}
