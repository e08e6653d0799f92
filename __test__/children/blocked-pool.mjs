/** Exports while the only thread of libuv's pool is blocked until after the export. */

import { closeSync, open, openSync } from "node:fs";
import { exportTelemetry } from "../../index.js";

const { directory, out, fifo } = JSON.parse(process.argv[2] ?? "");
let opened = false;
// Opening a FIFO waits for the other end.
open(fifo, "r", () => {
	opened = true;
});
const { eventCount } = await exportTelemetry(directory, "allTime", "json", out);
console.log(JSON.stringify({ eventCount, opened }));
// Unblocks the thread. Otherwise the process would not end.
closeSync(openSync(fifo, "w"));
