/** Ends itself in the middle of an export, by `process.exit` or an uncaught error. */

import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../../index.js";

const { directory, out, format, way } = JSON.parse(process.argv[2] ?? "");
const folder = path.dirname(out);
const options = {
	threads: 2,
	compressionLevel: 9,
	onProgress: () => {},
	signal: new AbortController().signal,
};
exportTelemetry(directory, "allTime", format, out, options).then(() => {
	console.error("the export finished before the process could end");
	process.exitCode = 1;
});

const watching = setInterval(() => {
	const name = readdirSync(folder).find((entry) => entry.endsWith(".coder-export.tmp"));
	if (name === undefined) {
		return;
	}
	// A report is written after everything is read, so its file stays empty during the export.
	if (format !== "html" && statSync(path.join(folder, name)).size === 0) {
		return;
	}
	clearInterval(watching);
	if (way === "exit") {
		process.exit(7);
	}
	throw new Error("uncaught");
}, 1);
