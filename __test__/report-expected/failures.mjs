/** The expected failures. */

import { memberOf } from "./events.mjs";
import { descending, FirstRows } from "./first-rows.mjs";
import { timeText } from "./times.mjs";
import { exact, text, time } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

const failuresAtMost = 1_000;

/**
 * @typedef {object} Failure
 * @property {string[]} names event, type and code
 * @property {bigint[]} times
 * @property {Set<string>} sessions
 * @property {string | undefined} message
 */

/**
 * @param {Pick<TelemetryEvent, "name" | "properties" | "error">} event
 * @returns {[event: string, type: string, code: string] | undefined} `undefined` if the event did not fail
 */
export function failureNames({ name, properties, error = new Map() }) {
	if (error.size === 0 && memberOf(properties, "result") !== "error") {
		return undefined;
	}
	const code = memberOf(error, "code") ?? "";
	return [name, memberOf(properties, "error.type") || memberOf(error, "type") || code, code];
}

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable}
 */
export function expectedFailures(events) {
	/** @type {FirstRows<Failure>} */
	const failures = new FirstRows(failuresAtMost, (names) => ({
		names,
		times: [],
		sessions: new Set(),
		message: undefined,
	}));
	for (const { name, properties, error, session, time } of events) {
		const names = failureNames({ name, properties, error });
		if (names === undefined) {
			continue;
		}
		const failure = failures.row(...names);
		failure.times.push(time);
		failure.sessions.add(session);
		failure.message ||= error && memberOf(error, "message");
	}
	const titles = ["Event", "Type", "Code", "Count", "First seen", "Last seen", "Sessions", "Example message"];
	const rows = failures.rows
		.toSorted((one, next) => next.times.length - one.times.length)
		.map(({ names, message, ...rest }) => {
			/** @type {ExpectedRow} */
			const cells = { ...expected(rest), "Example message": text(message ?? "") };
			for (const [index, name] of names.entries()) {
				cells[titles[index] ?? ""] = text(name);
			}
			return cells;
		});
	const other = failures.other && { other: expected(failures.other) };
	return { id: "failures-table", titles, groups: [{ rows, ...other }] };
}

/**
 * @param {Pick<Failure, "times" | "sessions">} failure
 * @returns {ExpectedRow}
 */
function expected({ times, sessions }) {
	const inOrder = times.toSorted((one, other) => descending(other, one));
	return {
		Count: exact(times.length),
		"First seen": time(timeText(inOrder[0] ?? 0n)),
		"Last seen": time(timeText(inOrder.at(-1) ?? 0n)),
		Sessions: exact(sessions.size),
	};
}
