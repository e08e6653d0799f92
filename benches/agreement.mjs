/** Checks that the peers export the same events as we do. Otherwise their times could not be compared. */

import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { exportTelemetry } from "../index.js";
import { readZip } from "../scripts/zip.mjs";
import { measureProcess } from "./measured-process.mjs";
import { peers } from "./process-cases.mjs";

/** @typedef {import("./telemetry-sets.mjs").TelemetrySet} TelemetrySet */

/** The peer that keeps events in the order of the files. */
const unsorted = "line-by-line-json";

/**
 * @param {TelemetrySet} set small, because all of it is parsed
 * @param {string} outputs a directory
 * @returns {Promise<string[]>} labels of the peers
 * @throws {Error} if one exports other events
 */
export async function checkAgreement(set, outputs) {
	const [json, otlp] = [path.join(outputs, "agreed.json"), path.join(outputs, "agreed.zip")];
	await exportTelemetry(set.directory, "allTime", "json", json);
	const { records } = await exportTelemetry(set.directory, "allTime", "otlp", otlp);
	const ours = canonicalEvents(json);
	rmSync(json);
	rmSync(otlp);

	const agreeing = [];
	for (const { name, label, format, command, output = "" } of peers(set, outputs)) {
		measureProcess(command);
		if (format === "otlp") {
			compare(label, JSON.stringify(countRecords(output)), JSON.stringify(records));
		} else {
			const theirs = canonicalEvents(output);
			const sorts = !name.endsWith(unsorted);
			compare(label, digest(sorts ? theirs : theirs.sort()), digest(sorts ? ours : ours.toSorted()));
		}
		rmSync(output);
		agreeing.push(label);
	}
	return agreeing;
}

/**
 * @param {string} label
 * @param {string} theirs
 * @param {string} ours
 */
function compare(label, theirs, ours) {
	if (theirs !== ours) {
		throw new Error(`${label} exports other events: ${theirs}, not ${ours}`);
	}
}

/** @param {readonly string[]} events */
function digest(events) {
	const hash = createHash("sha256");
	for (const event of events) {
		hash.update(event).update("\n");
	}
	return `${events.length} events ${hash.digest("hex")}`;
}

/**
 * @param {string} file
 * @returns {string[]} its events in canonical form
 */
function canonicalEvents(file) {
	return JSON.parse(readFileSync(file, "utf8")).map((/** @type {any} */ event) =>
		JSON.stringify(canonical(event)),
	);
}

/**
 * @param {any} event
 * @returns {any} with members sorted by name, and without optional ones that are null
 */
function canonical(event) {
	const members = Object.entries(event).filter(([, value]) => value !== null);
	members.sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(
		members.map(([name, value]) => [name, isPlainObject(value) ? sorted(value) : value]),
	);
}

/** @param {any} value */
function isPlainObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {object} members `null` is kept, because it has a meaning here */
function sorted(members) {
	return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * @param {string} file a zip of OTLP/JSON
 * @returns {{ logs: number, traces: number, metrics: number }}
 */
function countRecords(file) {
	const texts = new Map(readZip(file).map(({ name, content }) => [name, content().toString()]));
	/**
	 * @param {string} signal
	 * @param {RegExp} pattern matches once in each record
	 */
	const count = (signal, pattern) => {
		const text = texts.get(`${signal}.json`) ?? "";
		JSON.parse(text);
		return text.match(pattern)?.length ?? 0;
	};
	return {
		logs: count("logs", /"observedTimeUnixNano":/g),
		traces: count("traces", /"endTimeUnixNano":/g),
		metrics: count("metrics", /"timeUnixNano":/g),
	};
}
