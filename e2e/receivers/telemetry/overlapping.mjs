/**
 * Telemetry of which three to eight sessions run at any moment, with what makes receivers mix series or drop points: a
 * clock that is set back, windows without a length from the first on, windows that end at one instant, a session that
 * changes its deployment and comes back, counts that are no whole numbers, readings at one millisecond, a session that
 * says nothing for hours, properties that are called like what Prometheus sets itself.
 */

import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { generateTelemetry } from "../../../scripts/generate-telemetry.mjs";
import { headerLine, RowWriter } from "../../../scripts/telemetry/layout.mjs";
import { Random } from "../../../scripts/telemetry/random.mjs";
import { drawContext } from "../../../scripts/telemetry/session.mjs";
import { SessionFiles } from "../../../scripts/telemetry/session-files.mjs";

/** @typedef {import("../../../scripts/telemetry/layout.mjs").TelemetryEvent} TelemetryEvent */

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Each goes on for two days, where the one before ends. */
const periods = /** @type {const} */ ([
	{ startDate: "2026-06-01", overlapping: 3, sessionsPerDay: 5, layout: "current" },
	{ startDate: "2026-06-03", overlapping: 7, sessionsPerDay: 10, layout: "self-contained" },
	{ startDate: "2026-06-05", overlapping: 5, sessionsPerDay: 8, layout: "earliest" },
]);

/** The one more session that has it all runs on this day, over the seven others. */
const awkwardDay = Date.parse("2026-06-03T00:00:00.000Z");

const routes = ["/api/v2/workspaces", "/api/v2/buildinfo", "/api/v2/users/{name}"];
/** Its windows have no length. */
const instantRoute = "/api/v2/instant";
/** Prometheus sets labels of these names itself, or takes none. */
const reservedProperties = { job: "nightly", instance: "first", __x: "y", _: "z" };
const deployments = ["https://coder.example.com", "https://dev.coder.example.com"];

/**
 * @param {string} directory new
 * @returns {string} the directory
 */
export function writeOverlapping(directory) {
	mkdirSync(directory, { recursive: true });
	for (const [index, period] of periods.entries()) {
		const part = `${directory}.${index}`;
		generateTelemetry({ directory: part, bytes: 4e6, days: 2, seed: index + 1, ...period });
		for (const name of readdirSync(part)) {
			renameSync(path.join(part, name), path.join(directory, name));
		}
		rmSync(part, { recursive: true });
	}
	writeAwkwardSession(directory);
	return directory;
}

/** @param {string} directory */
function writeAwkwardSession(directory) {
	const random = new Random(99);
	const context = drawContext(random, random.hex(64));
	const files = new SessionFiles({
		directory,
		session: context.session_id.slice(0, 8),
		rotateAt: Number.POSITIVE_INFINITY,
		header: (timestamp) => headerLine(context, timestamp),
	});
	const rows = new RowWriter("current", context, random);
	for (const event of awkwardEvents(random)) {
		// One file: a clock that is set back starts no new one.
		files.append(rows.line(event), awkwardDay);
	}
	files.close();
}

/**
 * @param {Random} random
 * @returns {Generator<TelemetryEvent, void>}
 */
function* awkwardEvents(random) {
	const start = awkwardDay + hourMs;
	for (let minute = 0; minute < 240; minute++) {
		// After an hour the deployment changes, after two it is the first one again.
		const deploymentUrl = deployments[Math.floor(minute / 60) % 2] ?? "";
		// Half an hour is lived twice, and after three hours nothing is said for six.
		const setBack = minute >= 90 && minute < 120 ? 30 : 0;
		const silence = minute >= 180 ? 6 * hourMs : 0;
		const timestamp = start + (minute - setBack) * minuteMs + silence;
		for (const route of routes) {
			yield requests(random, { timestamp, route, deploymentUrl });
		}
		// A second window that ends at the same instant, and one that ends a moment later.
		yield requests(random, { timestamp, route: routes[0] ?? "", deploymentUrl });
		yield requests(random, { timestamp: timestamp + 1, route: routes[1] ?? "", deploymentUrl });
		yield requests(random, { timestamp, route: instantRoute, deploymentUrl, windows: [0] });
		yield networkSample(random, timestamp, deploymentUrl);
		yield networkSample(random, timestamp, deploymentUrl);
	}
}

/**
 * @param {Random} random
 * @param {{ timestamp: number, route: string, deploymentUrl: string, windows?: number[] }} where
 * @returns {TelemetryEvent}
 */
function requests(random, { timestamp, route, deploymentUrl, windows = [0, 1, 60, 90] }) {
	return {
		name: "http.requests",
		timestamp,
		properties: { method: "GET", route, ...reservedProperties },
		measurements: {
			window_seconds: random.pick(windows),
			"count.2xx": random.integer(0, 9),
			"count.5xx": random.chance(0.1) ? null : random.integer(0, 2),
			"count.network_error": random.chance(0.2) ? 0.5 : random.integer(0, 1),
			"duration.p95_ms": Math.round(random.around(120)),
		},
		deploymentUrl,
	};
}

/**
 * @param {Random} random
 * @param {number} timestamp
 * @param {string} deploymentUrl
 * @returns {TelemetryEvent}
 */
function networkSample(random, timestamp, deploymentUrl) {
	return {
		name: "ssh.network.sampled",
		timestamp,
		properties: { p2p: "true", preferred_derp: "Singapore" },
		measurements: { latency_ms: random.around(30), download_mbits: random.around(0.6) },
		deploymentUrl,
	};
}
