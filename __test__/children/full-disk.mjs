/** Exports to a small mounted disk, over an existing file, and prints what is there afterwards. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../../index.js";

const { directory, mountPoint, format, old } = JSON.parse(process.argv[2] ?? "");
const out = path.join(mountPoint, "out");
writeFileSync(out, old);
/** @type {any} */
let failure;
try {
	await exportTelemetry(directory, "allTime", format, out);
} catch (error) {
	failure = error;
}
const { code, osCode, message } = failure ?? {};
console.log(
	JSON.stringify({
		error: failure && { code, osCode, message, path: failure.path },
		left: readdirSync(mountPoint),
		old: readFileSync(out, "utf8"),
	}),
);
