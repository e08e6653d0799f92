/**
 * One export, as a process of its own: `node benches/export-once.mjs DIR RANGE FORMAT OUT [OPTIONS]`, options as
 * JSON. Prints what the benchmark must know of the outcome.
 */

import { exportTelemetry } from "../index.js";

const [directory = "", range = "", format, out = "", options = "{}"] = process.argv.slice(2);
const summary = await exportTelemetry(directory, range, /** @type {"json" | "otlp"} */ (format), out, {
	overwrite: true,
	...JSON.parse(options),
});
const { eventCount, bytesWritten, parts } = summary;
const textBytes = parts?.reduce((total, { bytes }) => total + bytes, 0);
console.log(JSON.stringify({ eventCount, bytesWritten, textBytes }));
