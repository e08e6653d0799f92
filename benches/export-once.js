/**
 * One export, as a process of its own: `node benches/export-once.js DIR RANGE FORMAT OUT [OPTIONS]`, options as
 * JSON. Prints what the benchmark must know of the outcome. A CommonJS module: Node takes 7 ms longer to begin with
 * an ES module.
 */

"use strict";

const { exportTelemetry } = require("../index.js");

const [directory = "", range = "", format, out = "", options = "{}"] = process.argv.slice(2);

exportTelemetry(directory, range, /** @type {import("../index.js").ExportFormat} */ (format), out, {
	overwrite: true,
	...JSON.parse(options),
}).then(({ eventCount, bytesWritten, parts }) => {
	const textBytes = parts?.reduce((total, { bytes }) => total + bytes, 0);
	console.log(JSON.stringify({ eventCount, bytesWritten, textBytes }));
});
