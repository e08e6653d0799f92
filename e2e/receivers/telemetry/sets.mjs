/** The telemetry that is sent to receivers. */

import { existsSync } from "node:fs";
import path from "node:path";
import { repository } from "../../../scripts/set-up.mjs";
import { generatedTelemetry } from "../../../scripts/testing/generated-telemetry.mjs";
import { writeOverlapping } from "./overlapping.mjs";

/**
 * @typedef {object} TelemetrySet
 * @property {string} name
 * @property {boolean} [isLarge] whether sending it takes a minute
 * @property {(scratch: string) => string} directory returns its directory; writes it below the scratch folder if needed
 */

/** @type {TelemetrySet[]} */
export const telemetrySets = [
	...["current", "self-contained", "earliest"].map((layout) => ({
		name: `the sample, ${layout} layout`,
		directory: () => path.join(repository, "examples", "telemetry", layout),
	})),
	{
		name: "100 MB",
		isLarge: true,
		directory: () =>
			generatedTelemetry({ bytes: 100e6, days: 3, sessionsPerDay: 8, overlapping: 4 }).directory,
	},
	{
		name: "three to eight sessions at any moment",
		directory: (scratch) => {
			const directory = path.join(scratch, "overlapping");
			return existsSync(directory) ? directory : writeOverlapping(directory);
		},
	},
];

/** Limits on the size of parts. */
export const partSizes = [
	{ size: "the default size", maxRequestBytes: undefined },
	{ size: "900,000 bytes", maxRequestBytes: 900_000 },
];
