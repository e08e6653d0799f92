/**
 * The simplest export of a JSON array in Node: read each file, split it into lines, parse them, sort all events by time,
 * and print them. `node benches/peers/plain-node.mjs DIR OUT`
 *
 * It keeps everything in memory, fails at the first broken line, and leaves a partial file if it fails.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { compareTexts, telemetryFiles, withContext } from "./telemetry-files.mjs";

const [directory = "", out = ""] = process.argv.slice(2);

const events = [];
for (const file of telemetryFiles(directory)) {
	let header;
	for (const line of readFileSync(file, "utf8").split("\n")) {
		if (line.trim() === "") {
			continue;
		}
		const row = JSON.parse(line);
		if (row.kind === "header") {
			header = row;
		} else {
			events.push(withContext(row, header));
		}
	}
}
events.sort(
	(a, b) =>
		compareTexts(a.timestamp, b.timestamp) || compareTexts(a.context.session_id, b.context.session_id),
);
writeFileSync(out, `[\n${events.map((event) => JSON.stringify(event)).join(",\n")}\n]\n`);
