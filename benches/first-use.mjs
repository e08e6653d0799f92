/**
 * What the first use of the addon takes in a fresh process: `node benches/first-use.mjs DIR RANGE`. Prints the
 * milliseconds of its import, and of a first export of a range that no file matches.
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
