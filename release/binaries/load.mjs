/**
 * `node release/binaries/load.mjs --receipts FOLDER`: loads the addon at the top of the repository, or the one that
 * `NAPI_RS_NATIVE_LIBRARY_PATH` names, in the current runtime, Node or Electron. Exports the sample in every format, and
 * writes a receipt with the checksum of the binary. A binary is released only with its receipts.
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { binaryFromEnvironment } from "../../platform-package.js";
import { isProgram } from "../../scripts/programs.mjs";
import { repository } from "../../scripts/set-up.mjs";
import { ownTarget } from "../targets.mjs";

/**
 * @typedef {object} Receipt
 * @property {string} triple of the target
 * @property {string} runtime `node` or `electron`
 * @property {string} version of the runtime
 * @property {string} sha256 of the loaded binary, in hex
 * @property {number} events number of exported events
 */

/** @typedef {import("../targets.mjs").ReleaseTarget} ReleaseTarget */

/**
 * @param {Buffer} bytes
 * @returns {string} in hex
 */
export function checksum(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}

/** @returns {Promise<number>} the number of events, which must be the same in every format */
async function exportSample() {
	const { exportTelemetry } = createRequire(import.meta.url)("../../index.js");
	const sample = path.join(repository, "examples", "telemetry", "current");
	const folder = mkdtempSync(path.join(tmpdir(), "load-"));
	try {
		const array = path.join(folder, "telemetry.json");
		const zip = path.join(folder, "telemetry.otlp.zip");
		const page = path.join(folder, "telemetry.html");
		const { eventCount, bytesWritten } = await exportTelemetry(sample, "allTime", "json", array);
		assert.ok(eventCount > 0);
		assert.equal(JSON.parse(readFileSync(array, "utf8")).length, eventCount);
		assert.equal(statSync(array).size, bytesWritten);
		for (const { format, file } of [
			{ format: "otlp", file: zip },
			{ format: "html", file: page },
		]) {
			const { logs, traces, metrics, bytesWritten } = await exportTelemetry(sample, "allTime", format, file);
			assert.equal(logs + traces + metrics, eventCount, format);
			assert.equal(statSync(file).size, bytesWritten, format);
		}
		return eventCount;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/**
 * @param {ReleaseTarget} target
 * @returns {string} the file that was loaded
 */
function loadedBinary({ addon }) {
	const { sharedObjects } = /** @type {{ sharedObjects: string[] }} */ (process.report.getReport());
	const file = binaryFromEnvironment() ?? path.join(repository, addon);
	assert.ok(
		sharedObjects.some((object) => path.relative(object, file) === ""),
		`${file} was not loaded, but ${sharedObjects.filter((object) => object.endsWith(".node")).join(", ")}`,
	);
	return file;
}

async function main() {
	const { receipts } = parseArgs({ options: { receipts: { type: "string", default: "receipts" } } }).values;
	const target = ownTarget();
	const runtime = process.versions.electron === undefined ? "node" : "electron";
	const version = process.versions[runtime] ?? "";
	const events = await exportSample();
	/** @type {Receipt} */
	const receipt = {
		triple: target.triple,
		runtime,
		version,
		sha256: checksum(readFileSync(loadedBinary(target))),
		events,
	};
	mkdirSync(receipts, { recursive: true });
	const file = path.join(receipts, `${target.triple}-${runtime}-${version}.json`);
	writeFileSync(file, `${JSON.stringify(receipt, null, "\t")}\n`);
	console.log(`${runtime} ${version} loads ${target.addon} and exports ${events} events: ${file}`);
}

if (isProgram(import.meta.url)) {
	await main();
}
