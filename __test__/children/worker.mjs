/** A worker thread that exports. */

import { parentPort, workerData } from "node:worker_threads";
import { exportTelemetry } from "../../index.js";

const { directory, out, format, follow } = workerData;
const options = follow ? { signal: new AbortController().signal, onProgress: () => {} } : {};
const { eventCount } = await exportTelemetry(directory, "allTime", format, out, options);
parentPort?.postMessage(eventCount);
