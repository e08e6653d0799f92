/** The expected outcomes and durations of operations. */

import { memberOf } from "./events.mjs";
import { descending, FirstRows } from "./first-rows.mjs";
import { empty, exact, percentiles, text } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

const operationsAtMost = 500;
const longestDuration = 2n ** 64n - 1n;
const outcomes = /** @type {const} */ (["Success", "Error", "Aborted", "Unknown"]);

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable}
 */
export function expectedOperations(events) {
	const operations = new FirstRows(operationsAtMost, ([name]) => ({
		name,
		count: 0,
		Success: 0,
		Error: 0,
		Aborted: 0,
		Unknown: 0,
		/** @type {bigint[]} */
		durations: [],
	}));
	for (const event of events) {
		if (event.signal !== "traces") {
			continue;
		}
		const operation = operations.row(event.name);
		operation.count += 1;
		operation[outcome(event)] += 1;
		const duration = durationOf(event);
		if (duration !== undefined) {
			operation.durations.push(duration);
		}
	}
	/** @param {ReturnType<typeof operations.row>} row */
	const expected = ({ name, count, durations, ...counts }) => {
		const [median, p95, p99] = percentiles(durations.map(Number), [50, 95, 99]);
		const longest = durations.reduce((longest, next) => (next > longest ? next : longest), 0n);
		/** @type {ExpectedRow} */
		const cells = {
			Count: exact(count),
			"Failure rate": { kind: "same", number: counts.Error / count },
			"With duration": exact(durations.length),
			Median: median ?? empty,
			"95th percentile": p95 ?? empty,
			"99th percentile": p99 ?? empty,
			Longest: durations.length === 0 ? empty : exact(longest),
			Total: durations.length === 0 ? empty : exact(total(durations)),
			Distribution: durations.length === 0 ? empty : { kind: "picture" },
		};
		for (const outcome of outcomes) {
			cells[outcome] = exact(counts[outcome]);
		}
		return name === undefined ? cells : { Operation: text(name), ...cells };
	};
	const rows = operations.rows
		.toSorted((one, next) => descending(total(one.durations), total(next.durations)))
		.map(expected);
	const other = operations.other && { other: expected(operations.other) };
	const titles = ["Operation", "Count", "Success", "Error", "Failure rate", "Aborted", "Unknown"];
	titles.push(
		"With duration",
		"Median",
		"95th percentile",
		"99th percentile",
		"Longest",
		"Total",
		"Distribution",
	);
	return { id: "operations-table", titles, groups: [{ rows, ...other }] };
}

/**
 * @param {TelemetryEvent} event
 * @returns {typeof outcomes[number]}
 */
function outcome({ properties, error }) {
	switch (memberOf(properties, "result")) {
		case "success":
			return "Success";
		case "error":
			return "Error";
		case "aborted":
			return "Aborted";
		default:
			return error === undefined ? "Unknown" : "Error";
	}
}

/**
 * @param {TelemetryEvent} event
 * @returns {bigint | undefined} in nanoseconds
 */
function durationOf({ measurements }) {
	const duration = measurements.get("durationMs");
	const milliseconds = duration?.type === "number" ? Number(duration.spelled) : Number.NaN;
	if (!Number.isFinite(milliseconds) || milliseconds < 0) {
		return undefined;
	}
	const nanoseconds = Math.round(milliseconds * 1e6);
	return nanoseconds < Number(longestDuration) ? BigInt(nanoseconds) : longestDuration;
}

/** @param {bigint[]} durations */
function total(durations) {
	return durations.reduce((total, next) => total + next, 0n);
}
