/** Fingerprints of generated telemetry, to know whether telemetry from an earlier run can be reused. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../set-up.mjs";

const modules = path.join(repository, "scripts", "telemetry");

/**
 * @param {object} plan
 * @param {string[]} [writers] files, besides the generator, that write the telemetry
 * @returns {string} changes with the plan and with the code that writes the telemetry
 */
export function fingerprint(plan, writers = []) {
	// JSON has no infinity.
	const text = JSON.stringify(plan, (_, value) => (value === Number.POSITIVE_INFINITY ? "never" : value));
	const hash = createHash("sha256").update(text);
	const sources = readdirSync(modules)
		.filter((name) => name.endsWith(".mjs"))
		.sort()
		.map((name) => path.join(modules, name));
	for (const source of [...sources, path.join(repository, "scripts", "generate-telemetry.mjs"), ...writers]) {
		hash.update(readFileSync(source));
	}
	return hash.digest("hex").slice(0, 16);
}
