/** Exports while the only thread of libuv's pool is blocked: it reads standard input, which the parent ends later. */

import { read } from "node:fs";
import { exportTelemetry } from "../../index.js";

const { directory, out } = JSON.parse(process.argv[2] ?? "");
let ended = false;
read(0, Buffer.alloc(1), 0, 1, null, () => {
	ended = true;
});
const { eventCount } = await exportTelemetry(directory, "allTime", "json", out);
console.log(JSON.stringify({ eventCount, ended }));
