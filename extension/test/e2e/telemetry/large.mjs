/** Makes a telemetry directory of gigabytes that needs little disk space. */

import { linkSync, mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { generateTelemetry } from "../../../../scripts/generate-telemetry.mjs";
import { dayMs, utcDay } from "./sample.mjs";

const generatedBytes = 64e6;

/**
 * Links the same generated files repeatedly, under different dates and sessions.
 *
 * @param {object} options
 * @param {string} options.directory the telemetry directory to make
 * @param {string} options.generated a folder to make for the files themselves, on the same file system
 * @param {number} options.bytes the minimum size of all files of the directory
 * @returns {{ files: number, bytes: number }}
 */
export function linkLargeTelemetry({ directory, generated, bytes }) {
	generateTelemetry({
		directory: generated,
		bytes: generatedBytes,
		days: 1,
		sessionsPerDay: 2,
		overlapping: 1,
	});
	const originals = readdirSync(generated).map((name) => ({
		name,
		size: statSync(path.join(generated, name)).size,
	}));
	mkdirSync(directory, { recursive: true });
	const linked = { files: 0, bytes: 0 };
	const firstDay = Date.parse("2026-01-01");
	for (let round = 0; linked.bytes < bytes; round++) {
		const day = utcDay(firstDay + round * dayMs);
		const session = round.toString(16).padStart(4, "0");
		for (const { name, size } of originals) {
			// telemetry-DATE-SESSION.jsonl or telemetry-DATE-SESSION.PART.jsonl
			const renamed = name.replace(/\d{4}-\d\d-\d\d-([0-9a-f]{4})[0-9a-f]{4}/, `${day}-$1${session}`);
			linkSync(path.join(generated, name), path.join(directory, renamed));
			linked.files += 1;
			linked.bytes += size;
		}
	}
	return linked;
}
