/** Ends itself in the middle of an export, in the way that it is told. */

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
	console.error("the export was done before the process could end");
	process.exitCode = 1;
});

const watching = setInterval(() => {
	const name = readdirSync(folder).find((entry) => entry.endsWith(".coder-export.tmp"));
	if (name === undefined) {
		return;
	}
	// A page is written when all is read: its file is empty for as long as the export runs.
	if (format !== "html" && statSync(path.join(folder, name)).size === 0) {
		return;
	}
	clearInterval(watching);
	if (way === "exit") {
		process.exit(7);
	}
	throw new Error("uncaught");
}, 1);
