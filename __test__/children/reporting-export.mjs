/** Exports, and prints every report of its progress. */

import { exportTelemetry } from "../../index.js";

const { directory, out } = JSON.parse(process.argv[2] ?? "");
/** @type {import("../../index.js").ExportProgress[]} */
const reports = [];
await exportTelemetry(directory, "allTime", "json", out, { onProgress: (report) => reports.push(report) });
console.log(JSON.stringify(reports));
