/** Exports while the only thread of libuv's pool waits for something that comes after the export. */

import { closeSync, open, openSync } from "node:fs";
import { exportTelemetry } from "../../index.js";

const { directory, out, fifo } = JSON.parse(process.argv[2] ?? "");
let opened = false;
// To open a FIFO waits for its other end.
open(fifo, "r", () => {
	opened = true;
});
const { eventCount } = await exportTelemetry(directory, "allTime", "json", out);
console.log(JSON.stringify({ eventCount, opened }));
// Lets the pool's thread go, for which the process would wait at its end.
closeSync(openSync(fifo, "w"));
