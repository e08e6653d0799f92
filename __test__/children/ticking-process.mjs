/** Counts how often a timer fires during an export, and measures the longest pause. */

import { exportTelemetry } from "../../index.js";

const { directory, out, format } = JSON.parse(process.argv[2] ?? "");
let ticks = 0;
const timer = setInterval(() => {
	ticks += 1;
}, 5);
const started = performance.now();
const { eventCount } = await exportTelemetry(directory, "allTime", format, out, { compressionLevel: 9 });
clearInterval(timer);
console.log(JSON.stringify({ eventCount, ticks, elapsed: performance.now() - started }));
