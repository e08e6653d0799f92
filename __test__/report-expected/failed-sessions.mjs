/** The expected failures by session. */

import { failureNames } from "./failures.mjs";
import { descending } from "./first-rows.mjs";
import { timeText } from "./times.mjs";
import { exact, text, time } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

const sessionsAtMost = 50;
const failuresAtMost = 20;

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable[]} the sessions with the most failures in order of their first failure, and the failures of each
 */
export function expectedFailedSessions(events) {
	/** @type {Map<string, { name: string, events: number, failures: { time: bigint, names: string[] }[] }>} */
	const sessions = new Map();
	for (const event of events) {
		const session = sessions.get(event.session) ?? { name: event.session, events: 0, failures: [] };
		sessions.set(event.session, session);
		session.events += 1;
		const names = failureNames(event);
		if (names !== undefined) {
			session.failures.push({ time: event.time, names });
		}
	}
	const failed = [...sessions.values()].filter(({ failures }) => failures.length > 0);
	for (const { failures } of failed) {
		failures.sort((one, other) => descending(other.time, one.time));
	}
	const most = failed
		.toSorted((one, other) => other.failures.length - one.failures.length)
		.slice(0, sessionsAtMost);
	const shown = failed
		.filter((session) => most.includes(session))
		.toSorted((one, other) => descending(other.failures[0]?.time ?? 0n, one.failures[0]?.time ?? 0n));
	const rows = shown.map(({ name, events, failures }) => ({
		Session: text(name),
		"First failure": time(timeText(failures[0]?.time ?? 0n)),
		"Last failure": time(timeText(failures.at(-1)?.time ?? 0n)),
		Failures: exact(failures.length),
		Events: exact(events),
	}));
	const groups = shown.map(({ name, failures }) => ({
		name,
		events: BigInt(failures.length),
		rows: failures
			.slice(0, failuresAtMost)
			.map(({ time: at, names: [event = "", type = "", code = ""] }) => ({
				Time: time(timeText(at)),
				Event: text(event),
				Type: text(type),
				Code: text(code),
			})),
		...(failures.length > failuresAtMost && { other: { Time: exact(failures.length - failuresAtMost) } }),
	}));
	return [
		{
			id: "failed-sessions",
			titles: ["Session", "First failure", "Last failure", "Failures", "Events"],
			groups: [{ rows }],
			more: BigInt(failed.length - shown.length),
		},
		{ id: "session-failures", titles: ["Time", "Event", "Type", "Code"], groups },
	];
}
