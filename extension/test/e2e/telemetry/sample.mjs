/** The repository's sample telemetry, under other dates, and what an export of it must hold, read without the addon. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../../../scripts/set-up.mjs";
import { readStoredEvents } from "../../../../scripts/testing/stored-events.mjs";

export const dayMs = 86_400_000;

/** First and last day of the sample. */
export const firstDay = "2026-06-01";
export const lastDay = "2026-06-03";

/** @typedef {"current" | "earliest" | "self-contained"} Layout */
/** @typedef {import("../../../../scripts/testing/stored-events.mjs").StoredEvent} TelemetryEvent */

/**
 * @param {Layout} layout
 * @returns {string} the folder of the sample, which no test may change
 */
export function sampleFolder(layout) {
	return path.join(repository, "examples", "telemetry", layout);
}

/**
 * @param {number} [time] milliseconds since 1970
 * @returns {string} its day, UTC
 */
export function utcDay(time = Date.now()) {
	return new Date(time).toISOString().slice(0, 10);
}

/**
 * Copies the sample with all dates moved, so that its last day is another one.
 *
 * @param {Layout} layout
 * @param {string} target made if missing
 * @param {string} [newLastDay]
 */
export function copySample(layout, target, newLastDay = lastDay) {
	const moveMs = Date.parse(newLastDay) - Date.parse(lastDay);
	/** @param {string} day */
	const moved = (day) => utcDay(Date.parse(day) + moveMs);
	mkdirSync(target, { recursive: true });
	for (const name of readdirSync(sampleFolder(layout))) {
		const text = readFileSync(path.join(sampleFolder(layout), name), "utf8");
		const days = /(?<="timestamp":")\d{4}-\d\d-\d\d(?=T)/g;
		writeFileSync(path.join(target, name.replace(/\d{4}-\d\d-\d\d/, moved)), text.replace(days, moved));
	}
}

/**
 * Reads what an export of a directory must hold. For good rows only, whose times are written alike and grow within
 * a session, as they do in the sample.
 *
 * @param {string} directory
 * @param {{ from: string, to: string }} [days] first and last day of a range
 * @returns {TelemetryEvent[]} in order of time
 */
export function readEvents(directory, { from, to } = { from: "0000-00-00", to: "9999-99-99" }) {
	/** @param {string | undefined} day */
	const isInRange = (day) => day !== undefined && from <= day && day <= to;
	return readdirSync(directory)
		.filter((name) => isInRange(/\d{4}-\d\d-\d\d/.exec(name)?.[0]))
		.flatMap((name) => readStoredEvents(path.join(directory, name)))
		.filter(({ timestamp }) => isInRange(timestamp.slice(0, "YYYY-MM-DD".length)))
		.sort((left, right) => compare(sortKey(left), sortKey(right)));
}

/** @param {TelemetryEvent} event */
function sortKey({ timestamp, context }) {
	return `${timestamp} ${context.session_id}`;
}

/**
 * @param {string} left
 * @param {string} right
 */
function compare(left, right) {
	return left < right ? -1 : Number(left > right);
}
