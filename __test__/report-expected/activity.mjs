/** The expected days, sessions and origins of events. */

import { memberOf } from "./events.mjs";
import { descending, FirstRows } from "./first-rows.mjs";
import { dayText, timeText } from "./times.mjs";
import { exact, text, time } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

const sessionsAtMost = 200;
const originsAtMost = 100;

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable}
 */
export function expectedDays(events) {
	/** @type {Map<string, Record<TelemetryEvent["signal"], number>>} */
	const days = new Map();
	for (const { time, signal } of events) {
		const day = dayText(time);
		const counts = days.get(day) ?? { logs: 0, traces: 0, metrics: 0 };
		counts[signal] += 1;
		days.set(day, counts);
	}
	const rows = [...days].toSorted().map(([day, { logs, traces, metrics }]) => ({
		Day: time(day),
		Logs: exact(logs),
		Traces: exact(traces),
		Metrics: exact(metrics),
		Total: exact(logs + traces + metrics),
	}));
	return { id: "days", titles: ["Day", "Logs", "Traces", "Metrics", "Total"], groups: [{ rows }] };
}

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable} the longest sessions, ordered by their start
 */
export function expectedSessions(events) {
	/** @type {Map<string, { name: string, first: bigint, last: bigint, events: number }>} */
	const sessions = new Map();
	for (const { session, time } of events) {
		const found = sessions.get(session) ?? { name: session, first: time, last: time, events: 0 };
		found.first = time < found.first ? time : found.first;
		found.last = time > found.last ? time : found.last;
		found.events += 1;
		sessions.set(session, found);
	}
	const inOrder = [...sessions.values()];
	const byLength = inOrder.toSorted((one, other) =>
		descending(one.last - one.first, other.last - other.first),
	);
	const longest = new Set(byLength.slice(0, sessionsAtMost));
	const shown = inOrder
		.filter((session) => longest.has(session))
		.toSorted((one, other) => descending(other.first, one.first));
	const rows = shown.map(({ name, first, last, events }) => ({
		Session: text(name),
		"First event": time(timeText(first)),
		"Last event": time(timeText(last)),
		Length: exact(last - first),
		Events: exact(events),
	}));
	const titles = ["Session", "First event", "Last event", "Length", "Events"];
	return { id: "sessions", titles, groups: [{ rows }], more: BigInt(sessions.size - rows.length) };
}

/** The tables of origins: their titles, and the members of the context that they show. */
const origins = /** @type {const} */ ([
	["editors", ["Editor", "Version"], ["platform_name", "platform_version"]],
	["systems", ["System", "Architecture"], ["os_type", "host_arch"]],
	["extension-versions", ["Extension version"], ["extension_version"]],
]);

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable[]}
 */
export function expectedOrigins(events) {
	return origins.map(([id, titles, members]) => {
		const table = new FirstRows(originsAtMost, (names) => ({
			names,
			events: 0,
			/** @type {Set<string>} */
			sessions: new Set(),
		}));
		for (const { context, session } of events) {
			const row = table.row(...members.map((name) => memberOf(context, name) ?? ""));
			row.events += 1;
			row.sessions.add(session);
		}
		/** @param {{ names: string[], events: number, sessions: Set<string> }} row */
		const expected = ({ names, events, sessions }) => {
			/** @type {ExpectedRow} */
			const cells = { Events: exact(events), Sessions: exact(sessions.size) };
			for (const [index, name] of names.entries()) {
				cells[titles[index] ?? ""] = text(name);
			}
			return cells;
		};
		const other = table.other && { other: expected(table.other) };
		return {
			id,
			titles: [...titles, "Events", "Sessions"],
			groups: [{ rows: table.rows.map(expected), ...other }],
		};
	});
}
