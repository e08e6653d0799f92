/** Telemetry with more rows than any table of a report shows. */

import { writeTelemetry } from "../../scripts/testing/telemetry-rows.mjs";
import { contextOf, header, spelledRow, trace } from "./spelled-rows.mjs";

/**
 * Writes slightly more than each table can show. Separate rows exceed each limit.
 *
 * @param {string} directory
 */
export function writeCrowdedTelemetry(directory) {
	const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index);
	const time = (/** @type {number} */ index) =>
		new Date(Date.UTC(2026, 5, 1) + index * 1000 + (index % 7)).toISOString();
	const context = (/** @type {number} */ index) => ({
		...contextOf("many"),
		platform_name: `Editor ${index}`,
		os_type: `os ${index}`,
		extension_version: `1.0.${index}`,
	});
	/** @type {Record<string, string[]>} */
	const files = {
		"telemetry-2026-06-01-many.jsonl": [
			...numbers(103).flatMap((index) => [header(context(index)), spelledRow("origin", time(index))]),
			header(context(101)),
			...numbers(1_003).map((index) =>
				spelledRow("distinct", time(index), {
					properties: JSON.stringify({
						thousand: String(index % 1_000),
						"and one": String(index % 1_001),
						more: `v${index}`,
					}),
				}),
			),
			// So many durations that percentiles are exact, or no longer, and that there is a 99th percentile, or not yet.
			...[19, 20, 999, 1_000, 1_001, 2_500].flatMap((count) =>
				numbers(count).map((index) => {
					const measurements = `{"durationMs":${(index * 7919) % 4_001}.${index % 10}25}`;
					const properties = JSON.stringify({ result: index % 3 === 0 ? "error" : "success" });
					return spelledRow(`lasts.${count}`, time(index), { ...trace, properties, measurements });
				}),
			),
			...numbers(503).flatMap((index) => {
				const measurements = `{"durationMs":${(index * 7919) % 504}}`;
				const row = spelledRow(`op.${index}`, time(index), { ...trace, measurements });
				return index % 2 === 0 ? [row] : [row, row];
			}),
			...numbers(1_003).flatMap((index) => {
				const error = `{"message":"m${index}","type":"E","code":"${index}"}`;
				const row = spelledRow("fails", time(index), { error });
				return index % 3 === 0 ? [row, row] : [row];
			}),
			...numbers(503).map((index) =>
				spelledRow("http.requests", time(index), {
					properties: JSON.stringify({ method: "GET", route: `/${index}` }),
					measurements: `{"count.c${index % 14}":${(index * 31) % 97},"duration.p50_ms":${index}}`,
				}),
			),
			...numbers(100).map((index) =>
				spelledRow("ssh.network.info", new Date(Date.UTC(2026, 5, 1, 0, index)).toISOString(), {
					measurements: `{"latency_ms":${index},"a_ms":1,"b_mbits":2,"c":3,"dMs":4,"eMbits":5}`,
				}),
			),
			...numbers(1_001).map((index) =>
				spelledRow("ssh.network.info", "2026-06-01T00:30:00Z", {
					measurements: `{"latency_ms":${(index * 31) % 977}}`,
				}),
			),
			...numbers(2_100).map((index) =>
				spelledRow("fields", time(index), {
					properties: JSON.stringify({ [`field ${index % 2_050}`]: "v" }),
				}),
			),
			// One field has more event names than are listed of a field, and one has names that are listed nowhere.
			...numbers(2_100).map((index) =>
				spelledRow(`name.${index}`, time(index), {
					properties: JSON.stringify({ [`field ${index < 2_050 ? 0 : 1}`]: String(index % 7) }),
				}),
			),
		],
	};
	for (const index of numbers(203)) {
		const session = `s${String(index).padStart(3, "0")}`;
		files[`telemetry-2026-06-02-${session}.jsonl`] = [
			header({ ...contextOf(session), platform_name: `Editor ${99 + (index % 4)}` }),
			spelledRow("session", time(86_400 + ((index * 57) % 203))),
			spelledRow("session", time(90_000 + ((index * 101) % 203) * 10), {
				error: '{"message":"m","type":"S"}',
			}),
			// The failures are not in order of time, and some sessions have more than are listed.
			...numbers(index % 5 === 0 ? (index * 3) % 41 : 0).map((failure) =>
				spelledRow("again", time(90_000 + ((index * 101) % 203) * 10 - 20 + ((failure * 17) % 37)), {
					properties: JSON.stringify({ result: "error", "error.type": `T${failure}` }),
				}),
			),
		];
	}
	writeTelemetry(directory, files);
}
