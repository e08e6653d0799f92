/**
 * One export in its own process: `node benches/export-once.js DIR RANGE FORMAT OUT [OPTIONS]`, options as JSON. Prints
 * the members of the summary that the benchmark needs.
 *
 * It is a CommonJS module, because Node takes 7 ms longer to start with an ES module.
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
