import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { generateTelemetry } from "../scripts/generate-telemetry.mjs";
import { repository } from "../scripts/set-up.mjs";
import { layouts } from "../scripts/telemetry/layout.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";

/** @typedef {import("../scripts/generate-telemetry.mjs").Plan} Plan */

/**
 * Generates 400 kB in four sessions by default, in a temporary directory.
 *
 * @param {import("node:test").TestContext} test
 * @param {Partial<Plan>} [plan]
 */
function generate(test, plan = {}) {
	const directory = temporaryDirectory(test);
	return generateTelemetry({ directory, bytes: 400_000, days: 2, sessionsPerDay: 2, ...plan });
}

/** @param {string} directory */
function readFiles(directory) {
	return readdirSync(directory)
		.sort()
		.map((name) => {
			const text = readFileSync(path.join(directory, name), "utf8");
			return {
				name,
				text,
				rows: text
					.trimEnd()
					.split("\n")
					.map((line) => JSON.parse(line)),
			};
		});
}

/**
 * The rows of each session, in written order.
 *
 * @param {string} directory
 * @returns {Map<string, any[]>}
 */
function readSessions(directory) {
	const parts = readFiles(directory).map(({ name, rows }) => {
		const [, date = "", session = "", part = "0"] =
			/^telemetry-(\d{4}-\d\d-\d\d)-([0-9a-f]{8})(?:\.(\d+))?\.jsonl$/.exec(name) ?? [];
		assert.notEqual(session, "", `${name} is not a telemetry file`);
		return { date, session, part: Number(part), rows: rows.filter((row) => row.kind !== "header") };
	});
	parts.sort((a, b) => a.date.localeCompare(b.date) || a.part - b.part);
	const sessions = new Map();
	for (const { session, rows } of parts) {
		sessions.set(session, [...(sessions.get(session) ?? []), ...rows]);
	}
	return sessions;
}

describe("the telemetry generator", () => {
	it("writes the same bytes for the same seed, and different ones for another seed", (test) => {
		const contents = (/** @type {number} */ seed) =>
			readFiles(generate(test, { bytes: 60_000, seed }).directory).map(({ name, text }) => name + text);
		const first = contents(7);
		assert.deepEqual(contents(7), first);
		assert.notDeepEqual(contents(8), first);
	});

	for (const bytes of [20_000, 400_000, 3_000_000]) {
		it(`writes ${bytes} bytes, accurate to a few rows per session`, (test) => {
			const generated = generate(test, { bytes, days: 1, sessionsPerDay: 2 });
			const onDisk = readdirSync(generated.directory)
				.map((name) => statSync(path.join(generated.directory, name)).size)
				.reduce((total, size) => total + size);
			assert.equal(generated.bytes, onDisk);
			assert.ok(Math.abs(generated.bytes - bytes) < 4_000, `${generated.bytes} bytes`);
		});
	}

	for (const layout of layouts) {
		it(`reports the right counts for the ${layout} layout`, (test) => {
			const generated = generate(test, { layout, bytes: 1_500_000 });
			const files = readFiles(generated.directory);
			const rows = files.flatMap((file) => file.rows);
			const events = rows.filter((row) => row.kind !== "header");
			assert.equal(files.length, generated.files);
			assert.equal(rows.length, generated.lines);
			assert.equal(rows.length - events.length, generated.headers);
			assert.equal(events.length, generated.events);
			assert.equal(generated.logs + generated.traces + generated.metrics, generated.events);

			/** @type {Record<string, number>} */
			const byName = {};
			for (const { event_name } of events) {
				byName[event_name] = (byName[event_name] ?? 0) + 1;
			}
			assert.deepEqual(generated.eventsByName, byName);
			const spans = events.filter((row) => row.trace_id && "durationMs" in row.measurements);
			assert.equal(generated.traces, spans.length);

			const measurements = events
				.filter((row) => /^(http\.requests|ssh\.network\.\w+)$/.test(row.event_name))
				.flatMap((row) => Object.entries(row.measurements))
				.filter(([name]) => name !== "window_seconds");
			const dropped = measurements.filter(([, value]) => value === null);
			assert.ok(dropped.length > 0);
			assert.equal(generated.droppedPoints, dropped.length);
			assert.equal(generated.dataPoints, measurements.length - dropped.length);
		});
	}

	it("begins every file of the current layout with a header, and writes no other context", (test) => {
		const files = readFiles(generate(test, { layout: "current" }).directory);
		for (const { rows } of files) {
			const [header, ...events] = rows;
			assert.equal(header.kind, "header");
			assert.equal(Object.keys(header.context).length, 8);
			assert.ok(events.every((row) => typeof row.deployment_url === "string" && !("context" in row)));
		}
	});

	it("gives every self-contained row its nine context members and the schema version", (test) => {
		const rows = readFiles(generate(test, { layout: "self-contained" }).directory).flatMap(
			(file) => file.rows,
		);
		assert.ok(rows.every((row) => row.schema_version === 1 && Object.keys(row.context).length === 9));
	});

	it("uses the original names in the earliest layout, without a schema version", (test) => {
		const rows = readFiles(generate(test, { layout: "earliest" }).directory).flatMap((file) => file.rows);
		assert.ok(rows.every((row) => !("schema_version" in row) && Object.keys(row.context).length === 9));
		const names = new Set(rows.flatMap((row) => Object.keys({ ...row.properties, ...row.measurements })));
		for (const name of ["count_2xx", "p95_duration_ms", "latencyMs", "authState"]) {
			assert.ok(names.has(name), name);
		}
		assert.ok(!names.has("count.2xx") && !names.has("latency_ms") && !names.has("auth_state"));
	});

	it("has some sessions use the names of the telemetry specification", (test) => {
		const rows = readFiles(generate(test).directory).flatMap((file) => file.rows);
		const names = new Set(rows.flatMap((row) => Object.keys(row.measurements ?? {})));
		assert.ok(rows.some((row) => row.event_name === "ssh.network.info"));
		assert.ok(names.has("avg_duration_ms") && names.has("count_2xx"));
		assert.ok(names.has("duration.p95_ms") && names.has("count.2xx"));
	});

	it("has the proportions of real files: five of six rows are metrics, and rows have 346 bytes on average", (test) => {
		const { bytes, events, lines, metrics } = generate(test, { bytes: 5_000_000 });
		assert.ok(Math.abs(metrics / events - 5 / 6) < 0.03, `${metrics} of ${events}`);
		assert.ok(Math.abs(bytes / lines - 346) < 15, `${bytes / lines} bytes`);
	});

	it("writes errors, aborted results, nested spans and logs of spans", (test) => {
		const rows = readFiles(generate(test).directory).flatMap((file) => file.rows);
		const ids = new Set(rows.map((row) => row.event_id));
		assert.ok(rows.some((row) => row.error && row.properties.result === "error"));
		assert.ok(rows.some((row) => row.properties?.result === "aborted"));
		assert.ok(
			rows.some((row) => row.parent_event_id && row.properties.result && ids.has(row.parent_event_id)),
		);
		assert.ok(rows.some((row) => row.parent_event_id && row.properties.result === undefined));
	});

	for (const overlapping of [1, 3, 8]) {
		it(`has ${overlapping} of eight sessions running at any moment`, (test) => {
			const generated = generate(test, { days: 2, sessionsPerDay: 4, overlapping });
			const times = [...readSessions(generated.directory).values()].map((rows) => ({
				start: Date.parse(rows[0].timestamp),
				end: Date.parse(rows.at(-1).timestamp),
			}));
			assert.equal(times.length, 8);
			const first = Date.parse("2026-06-01T00:00:00Z");
			for (let moment = first + 1_000; moment < first + 2 * 86_400_000; moment += 3_600_000) {
				const running = times.filter(({ start, end }) => start <= moment && moment <= end);
				assert.equal(running.length, overlapping, new Date(moment).toISOString());
			}
		});
	}

	it("numbers a session's events in time order, in the files of their dates", (test) => {
		const { directory } = generate(test, { days: 3, sessionsPerDay: 1, overlapping: 2 });
		for (const rows of readSessions(directory).values()) {
			assert.deepEqual(
				rows.map((row) => row.event_sequence),
				rows.map((_, index) => index),
			);
			const timestamps = rows.map((row) => row.timestamp);
			assert.deepEqual(timestamps, timestamps.toSorted());
		}
		for (const { name, rows } of readFiles(directory)) {
			assert.ok(rows.every((row) => name.startsWith(`telemetry-${row.timestamp.slice(0, 10)}-`)));
		}
	});

	it("rotates a full file into numbered parts, each with its header", (test) => {
		const plan = { days: 1, sessionsPerDay: 1, overlapping: 1, rotateAt: 150_000 };
		const files = readFiles(generate(test, plan).directory);
		assert.deepEqual(
			files.map(({ name }) => name.replace(/^.*-[0-9a-f]{8}/, "")),
			[".1.jsonl", ".2.jsonl", ".jsonl"],
		);
		assert.ok(files.every(({ text, rows }) => text.length <= 150_000 && rows[0].kind === "header"));
	});

	it("writes a single file for one session of one day without rotation", (test) => {
		const plan = { days: 1, sessionsPerDay: 1, overlapping: 1, bytes: 6_000_000 };
		assert.equal(generate(test, { ...plan, rotateAt: Number.POSITIVE_INFINITY }).files, 1);
		assert.equal(generate(test, plan).files, 2);
	});

	it("refuses a directory that is not empty", (test) => {
		const directory = temporaryDirectory(test);
		writeFileSync(path.join(directory, "notes.txt"), "");
		assert.throws(() => generate(test, { directory }), /is not empty/);
	});

	it("refuses to overlap more sessions than there are", (test) => {
		assert.throws(() => generate(test, { days: 1, sessionsPerDay: 2, overlapping: 3 }), RangeError);
	});
});

describe("the telemetry generator's command line", () => {
	/** @param {string[]} options */
	function run(...options) {
		const script = path.join(repository, "scripts", "generate-telemetry.mjs");
		return spawnSync(process.execPath, [script, ...options], { encoding: "utf8" });
	}

	it("prints its counts as JSON", (test) => {
		const out = path.join(temporaryDirectory(test), "made");
		const options = "--size 50kB --days 2 --sessions-per-day 3 --layout earliest --start-date 2026-01-30";
		const { status, stdout } = run("--out", out, ...options.split(" "));
		assert.equal(status, 0);
		const printed = JSON.parse(stdout);
		assert.equal(printed.sessions, 6);
		assert.equal(printed.files, readdirSync(out).length);
		assert.ok(readdirSync(out).every((name) => /^telemetry-2026-01-3[01]-/.test(name)));
	});

	for (const [fault, options] of /** @type {const} */ ([
		["no directory", "--size 1MB"],
		["a size without a meaning", "--out x --size big"],
		["an unknown layout", "--out x --size 1MB --layout future"],
		["no days", "--out x --size 1MB --days 0"],
		["a start that is no date", "--out x --size 1MB --start-date June"],
	])) {
		it(`refuses ${fault} and writes nothing`, (test) => {
			const directory = temporaryDirectory(test);
			const { status, stderr, stdout } = run(...options.replace("--out x", `--out ${directory}`).split(" "));
			assert.equal(status, 1);
			assert.match(stderr, /^--/);
			assert.equal(stdout, "");
			assert.deepEqual(readdirSync(directory), []);
		});
	}
});
