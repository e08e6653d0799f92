/**
 * Measures the first use of the addon in a fresh process: `node benches/first-use.mjs DIR RANGE`. Prints the
 * milliseconds of the import and of a first export with a range that matches no file.
 */

import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

const [directory = "", range = ""] = process.argv.slice(2);
const require = createRequire(import.meta.url);

const started = performance.now();
const { exportTelemetry } = require("../index.js");
const imported = performance.now();
await exportTelemetry(directory, range, "json", path.join(tmpdir(), `no-export-${process.pid}`));
console.log(JSON.stringify({ importMs: imported - started, firstCallMs: performance.now() - imported }));
