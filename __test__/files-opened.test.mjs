import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { askChild } from "./child-process.mjs";
import { straceIsMissing } from "./missing-tools.mjs";

/** June 2026, two sessions a day. */
const days = Array.from({ length: 30 }, (_, index) => `2026-06-${String(index + 1).padStart(2, "0")}`);

describe("the files that an export opens", { skip: straceIsMissing() }, () => {
	for (const format of /** @type {const} */ (["json", "otlp", "html"])) {
		for (const [range, graceDays, selected] of /** @type {const} */ ([
			["2026-06-10..2026-06-12", 0, ["2026-06-10", "2026-06-11", "2026-06-12"]],
			["2026-06-10", 2, ["2026-06-10", "2026-06-11", "2026-06-12"]],
			[{ startMs: Date.UTC(2026, 5, 30) - 1 }, 0, ["2026-06-29", "2026-06-30"]],
			["2026-07-01", 0, []],
		])) {
			it(`are only the files of its days: ${format}, ${JSON.stringify(range)}, ${graceDays} grace days`, async (test) => {
				const directory = temporaryDirectory(test);
				const telemetry = path.join(directory, "telemetry");
				const nameOf = (/** @type {string} */ day, /** @type {string} */ session) =>
					`telemetry-${day}-${session}.jsonl`;
				const names = days.flatMap((day) => [nameOf(day, "aa"), nameOf(day, "bb")]);
				writeTelemetry(
					telemetry,
					Object.fromEntries(names.map((name) => [name, [row(`${name.slice(10, 20)}T12:00:00Z`)]])),
				);
				const trace = path.join(directory, "trace");
				const command = ["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-s", "4096", "-o", trace];
				const job = { directory: telemetry, range, format, out: path.join(directory, "out") };
				await askChild("export.mjs", { ...job, options: { graceDays } }, { command });

				const opened = Array.from(
					readFileSync(trace, "utf8").matchAll(/open\w*\([^"]*"([^"]*)"/g),
					([, file = ""]) => file,
				);
				assert.ok(opened.includes(telemetry), "strace saw nothing");
				const telemetryFiles = opened.filter((file) => file.startsWith(`${telemetry}${path.sep}`));
				const expected = selected.flatMap((day) => [nameOf(day, "aa"), nameOf(day, "bb")]);
				assert.deepEqual([...new Set(telemetryFiles.map((file) => path.basename(file)))].sort(), expected);
			});
		}
	}
});
