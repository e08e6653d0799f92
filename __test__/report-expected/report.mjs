/** The expected report, computed from the JSON export of the same range. */

import { expectedLines, expectedSummary } from "./accounts.mjs";
import { expectedDays, expectedOrigins, expectedSessions } from "./activity.mjs";
import { expectedFailedSessions } from "./failed-sessions.mjs";
import { expectedFailures } from "./failures.mjs";
import { expectedFields } from "./fields.mjs";
import { expectedRequests, expectedSeries } from "./network.mjs";
import { expectedOperations } from "./operations.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

/**
 * @param {TelemetryEvent[]} events
 * @param {object} inputs
 * @param {import("../../index.js").ExportSummary} inputs.summary of an OTLP export, which has the same bad lines
 * @param {import("../../index.js").ResolvedRange} inputs.range
 * @returns {ExpectedTable[]}
 */
export function expectedReport(events, { summary, range }) {
	return [
		expectedSummary(events, summary, range),
		...expectedFields(events),
		expectedDays(events),
		expectedSessions(events),
		...expectedOrigins(events),
		expectedOperations(events),
		expectedFailures(events),
		...expectedFailedSessions(events),
		...expectedRequests(events),
		...expectedSeries(events),
		expectedLines(events, summary),
	];
}
