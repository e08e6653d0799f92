/** An ES module that uses what it imports by name, and prints what came of it. */

import { exportTelemetry, listTelemetryFiles, resolveRange } from "coder-telemetry-export";

const [, , telemetry = "", folder = ""] = process.argv;
const { eventCount } = await exportTelemetry(telemetry, "allTime", "json", `${folder}/imported.json`);
const files = await listTelemetryFiles(telemetry, "allTime");
console.log(JSON.stringify({ eventCount, files: files.length, label: resolveRange("allTime").label }));
