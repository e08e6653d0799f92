import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { readerOf, versionOfPackage } from "../release/versions/manifests.mjs";
import { repository } from "../scripts/set-up.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { readZip } from "../scripts/zip.mjs";

/** The contents of an export of each sample. */
const samples = /** @type {const} */ ([
	["current", { events: 396, logs: 45, traces: 90, metrics: 261, points: 1049, headers: 6 }],
	["self-contained", { events: 232, logs: 26, traces: 87, metrics: 119, points: 975, headers: 0 }],
	["earliest", { events: 232, logs: 26, traces: 87, metrics: 119, points: 975, headers: 0 }],
]);

/** @param {string} name */
function sample(name) {
	return path.join(repository, "examples", "telemetry", name);
}

/** @param {import("../index.js").ExportSummary} summary */
function accounted({ eventCount, outOfRange, headers, blankLines, badLines }) {
	return eventCount + outOfRange + headers + blankLines + badLines;
}

/** Members of every summary. */
const commonMembers = [
	"badLineSamples",
	"badLines",
	"blankLines",
	"bytesRead",
	"bytesWritten",
	"eventCount",
	"files",
	"headers",
	"linesRead",
	"omitted",
	"outOfRange",
	"skippedFiles",
	"warnings",
];

describe("a JSON export", () => {
	for (const [name, { events, headers }] of samples) {
		it(`of the ${name} sample is an array of its ${events} events, one on each line`, async (test) => {
			const out = path.join(temporaryDirectory(test), "out.json");
			const summary = await exportTelemetry(sample(name), "allTime", "json", out);
			const text = readFileSync(out, "utf8");
			assert.ok(text.startsWith("[\n{") && text.endsWith("}\n]\n"));
			const lines = text.slice("[\n".length, -"\n]\n".length).split(",\n");
			assert.equal(lines.length, events);
			const times = lines.map((line) => JSON.parse(line).timestamp);
			assert.deepEqual(times, times.toSorted());
			assert.ok(lines.every((line) => Object.keys(JSON.parse(line).context).length === 9));
			assert.equal(summary.eventCount, events);
			assert.equal(summary.headers, headers);
			assert.equal(summary.bytesWritten, statSync(out).size);
			assert.equal(summary.linesRead, accounted(summary));
		});
	}

	it("has a summary without the members of OTLP", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.json");
		const summary = await exportTelemetry(sample("current"), "allTime", "json", out);
		assert.deepEqual(Object.keys(summary).sort(), commonMembers);
	});

	it("counts every line, names what it skipped, and warns if a session continues the next day", async (test) => {
		const directory = temporaryDirectory(test);
		const header = { kind: "header", timestamp: "2026-06-01T00:00:00Z", context: {} };
		writeTelemetry(directory, {
			"telemetry-2026-06-01-aa.jsonl": [
				JSON.stringify({ ...header, context: JSON.parse(row("")).context }),
				row("2026-06-01T10:00:00Z"),
				"",
				"not a row",
				" \t",
				row("2026-05-31T23:59:59.999999999Z"),
				row("2026-06-02T00:00:00Z"),
			],
			"telemetry-2026-06-01-bb.jsonl": ["{}", row("2026-06-01T09:00:00Z")],
			"telemetry-2026-06-02-aa.jsonl": [row("2026-06-01T23:59:59Z")],
			"notes.txt": ["not telemetry"],
		});
		mkdirSync(path.join(directory, "telemetry-2026-06-01-cc.jsonl"));
		const out = path.join(directory, "out.json");

		const summary = await exportTelemetry(directory, "2026-06-01", "json", out);
		const { badLineSamples, warnings, bytesRead, bytesWritten, ...rest } = summary;
		assert.deepEqual(rest, {
			eventCount: 2,
			files: 3,
			linesRead: 9,
			outOfRange: 2,
			headers: 1,
			blankLines: 2,
			badLines: 2,
			skippedFiles: [{ file: "telemetry-2026-06-01-cc.jsonl", reason: "it is no regular file" }],
			omitted: { badLineSamples: 0, skippedFiles: 0, warnings: 0 },
		});
		assert.deepEqual(
			badLineSamples.map(({ file, line }) => [file, line]),
			[
				["telemetry-2026-06-01-aa.jsonl", 4],
				["telemetry-2026-06-01-bb.jsonl", 1],
			],
		);
		assert.ok(badLineSamples.every(({ reason }) => reason.length > 0));
		assert.equal(warnings.length, 1);
		assert.match(warnings[0] ?? "", /graceDays/);
		const sizes = ["aa", "bb"].map(
			(session) => statSync(path.join(directory, `telemetry-2026-06-01-${session}.jsonl`)).size,
		);
		assert.equal(
			bytesRead,
			sizes.reduce((total, size) => total + size),
		);
		assert.equal(bytesWritten, statSync(out).size);
		const times = JSON.parse(readFileSync(out, "utf8")).map(
			(/** @type {{ timestamp: string }} */ event) => event.timestamp,
		);
		assert.deepEqual(times, ["2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z"]);
	});

	it("includes rows that were written after midnight, with a grace day", async (test) => {
		const directory = temporaryDirectory(test);
		writeTelemetry(directory, {
			"telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T10:00:00Z")],
			"telemetry-2026-06-02-aa.jsonl": [row("2026-06-01T23:59:59Z"), row("2026-06-02T00:00:00Z")],
		});
		const out = path.join(directory, "out.json");
		const options = { graceDays: 1 };
		const summary = await exportTelemetry(directory, "2026-06-01", "json", out, options);
		assert.equal(summary.files, 2);
		assert.equal(summary.eventCount, 2);
		assert.equal(summary.outOfRange, 1);
		assert.deepEqual(summary.warnings, []);
	});

	it("lists the first hundred bad lines and counts the others", async (test) => {
		const directory = temporaryDirectory(test);
		const lines = Array.from({ length: 130 }, () => "{}");
		writeTelemetry(directory, { "telemetry-2026-06-01-aa.jsonl": [...lines, row("2026-06-01T10:00:00Z")] });
		const out = path.join(directory, "out.json");
		const summary = await exportTelemetry(directory, "allTime", "json", out);
		assert.equal(summary.badLines, 130);
		assert.deepEqual(
			summary.badLineSamples.map(({ line }) => line),
			Array.from({ length: 100 }, (_, index) => index + 1),
		);
		assert.deepEqual(summary.omitted, { badLineSamples: 30, skippedFiles: 0, warnings: 0 });
	});
});

describe("an OTLP export", () => {
	for (const [name, { events, logs, traces, metrics, points }] of samples) {
		it(`of the ${name} sample has the contents that its manifest and summary name`, async (test) => {
			const out = path.join(temporaryDirectory(test), "out.zip");
			const summary = await exportTelemetry(sample(name), "allTime", "otlp", out);
			assert.equal(summary.eventCount, events);
			assert.deepEqual([summary.logs, summary.traces, summary.metrics], [logs, traces, metrics]);
			assert.deepEqual(summary.records, { logs, traces, metrics: points });
			assert.equal(summary.linesRead, accounted(summary));
			assert.equal(summary.bytesWritten, statSync(out).size);

			const entries = readZip(out);
			assert.deepEqual(
				entries.map((entry) => entry.name),
				["logs.json", "traces.json", "metrics.json", "manifest.json"],
			);
			const contents = new Map(entries.map((entry) => [entry.name, entry.content().toString("utf8")]));
			for (const part of summary.parts ?? []) {
				const text = contents.get(part.file) ?? "";
				assert.equal(Buffer.byteLength(text), part.bytes);
				assert.equal(countRecords(part.signal, JSON.parse(text)), part.records);
			}
			const manifest = JSON.parse(contents.get("manifest.json") ?? "");
			const { skippedFiles, badLines, droppedPoints } = summary;
			assert.deepEqual(manifest, {
				manifestVersion: 1,
				exporter: { name: "coder-telemetry-export", version: versionOfPackage(readerOf(repository)) },
				exportedAt: manifest.exportedAt,
				format: "otlp-json",
				temporality: "delta",
				spanName: "leaf",
				range: { label: "All time", start: null, end: null },
				source: { files: summary.files, skippedFiles, events, badLines, droppedPoints },
				records: summary.records,
				parts: summary.parts,
			});
			assert.ok(Math.abs(Date.parse(manifest.exportedAt) - Date.now()) < 3_600_000);
		});
	}

	it("has a summary with the members of OTLP", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.zip");
		const summary = await exportTelemetry(sample("current"), "allTime", "otlp", out);
		const members = [...commonMembers, "droppedPoints", "logs", "metrics", "parts", "records", "traces"];
		assert.deepEqual(Object.keys(summary).sort(), members.sort());
	});

	it("names file and line of an event whose record alone exceeds `maxRequestBytes`", async (test) => {
		const directory = temporaryDirectory(test);
		const long = row("2026-06-01T10:00:01Z", { properties: { long: "l".repeat(65_536) } });
		writeTelemetry(directory, { "telemetry-2026-06-01-aa.jsonl": [row("2026-06-01T10:00:00Z"), long] });
		const out = path.join(directory, "out.zip");
		const { warnings, parts } = await exportTelemetry(directory, "allTime", "otlp", out, {
			maxRequestBytes: 65_536,
		});
		const { bytes } = parts?.find(({ file }) => file === "logs-000002.json") ?? {};
		assert.deepEqual(warnings, [
			`telemetry-2026-06-01-aa.jsonl:2: a log record of this event needs a request of ${bytes} bytes, ` +
				"which is more than maxRequestBytes (65536). A receiver with that limit refuses it.",
		]);
	});
});

describe("an HTML export", () => {
	for (const [name, { events, logs, traces, metrics, headers }] of samples) {
		it(`of the ${name} sample is a page with ${events} events`, async (test) => {
			const out = path.join(temporaryDirectory(test), "out.html");
			const summary = await exportTelemetry(sample(name), "allTime", "html", out);
			assert.equal(summary.eventCount, events);
			assert.deepEqual([summary.logs, summary.traces, summary.metrics], [logs, traces, metrics]);
			assert.equal(summary.headers, headers);
			assert.equal(summary.linesRead, accounted(summary));
			assert.equal(summary.bytesWritten, statSync(out).size);
			const page = readFileSync(out, "utf8");
			assert.match(page, /^<!DOCTYPE html>\n.*<\/html>\n$/s);
			assert.ok(page.includes(`coder-telemetry-export ${versionOfPackage(readerOf(repository))}`));
			const madeAt = /Made at<\/th><td[^>]*><time datetime="([^"]*)">/.exec(page)?.[1] ?? "";
			assert.ok(Math.abs(Date.parse(madeAt) - Date.now()) < 3_600_000, madeAt);
		});
	}

	it("has a summary with events per signal, but without records and parts", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.html");
		const summary = await exportTelemetry(sample("current"), "allTime", "html", out);
		const members = [...commonMembers, "droppedPoints", "logs", "metrics", "traces"];
		assert.deepEqual(Object.keys(summary).sort(), members.sort());
	});

	it("has the same counts as an OTLP export", async (test) => {
		const out = path.join(temporaryDirectory(test), "out");
		for (const [name] of samples) {
			const { parts, records, ...otlp } = await exportTelemetry(sample(name), "allTime", "otlp", out);
			const html = await exportTelemetry(sample(name), "allTime", "html", out);
			assert.deepEqual(html, { ...otlp, bytesWritten: html.bytesWritten });
		}
	});

	it("is always the same page except for its time, with any number of threads", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.html");
		const pages = new Set();
		for (const threads of [1, 2, 16, 2]) {
			await exportTelemetry(sample("current"), "allTime", "html", out, { threads });
			const page = readFileSync(out, "utf8");
			pages.add(page.replace(/(Made at<\/th><td[^>]*>)<time.*?<\/time>/, "$1"));
		}
		assert.equal(pages.size, 1);
	});

	it("names operations by the whole event name, whatever spans are called", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.html");
		const operations = async (/** @type {"leaf" | "full"} */ spanName) => {
			await exportTelemetry(sample("current"), "allTime", "html", out, { spanName });
			return readFileSync(out, "utf8").split('<section id="operations"')[1]?.split("</section>")[0] ?? "";
		};
		const [leaf, full] = [await operations("leaf"), await operations("full")];
		assert.ok(leaf.replaceAll("<wbr>", "").includes("<bdi>remote.setup.agent_resolve</bdi>"));
		assert.equal(leaf, full);
	});

	it("accepts and ignores the options of OTLP", async (test) => {
		const out = path.join(temporaryDirectory(test), "out.html");
		const options = {
			temporality: /** @type {const} */ ("cumulative"),
			maxRequestBytes: 65_536,
			compressionLevel: 0,
		};
		const { bytesWritten } = await exportTelemetry(sample("current"), "allTime", "html", out, options);
		const plain = await exportTelemetry(sample("current"), "allTime", "html", out);
		assert.equal(bytesWritten, plain.bytesWritten);
	});
});

describe("an export that finds no event", () => {
	for (const format of /** @type {const} */ (["json", "otlp", "html"])) {
		for (const [reason, range] of /** @type {const} */ ([
			["no file is of that day", "2020-01-01"],
			["no row is of that moment", { startMs: Date.UTC(2026, 5, 1), endMs: Date.UTC(2026, 5, 1) + 1 }],
		])) {
			it(`writes no ${format} file if ${reason}`, async (test) => {
				const directory = temporaryDirectory(test);
				const out = path.join(directory, "out");
				const summary = await exportTelemetry(sample("current"), range, format, out);
				assert.equal(summary.eventCount, 0);
				assert.equal(summary.bytesWritten, 0);
				assert.equal(summary.linesRead, accounted(summary));
				assert.equal(existsSync(out), false);
			});
		}

		it(`does not touch an existing target of a ${format} export`, async (test) => {
			const out = path.join(temporaryDirectory(test), "out");
			writeFileSync(out, "before");
			const before = statSync(out);
			await exportTelemetry(sample("current"), "2020-01-01", format, out);
			assert.equal(readFileSync(out, "utf8"), "before");
			assert.equal(statSync(out).ino, before.ino);
			assert.equal(statSync(out).mtimeMs, before.mtimeMs);
		});
	}
});

/**
 * @param {"logs" | "traces" | "metrics"} signal
 * @param {any} request
 * @returns {number} its log records, spans or data points
 */
function countRecords(signal, request) {
	switch (signal) {
		case "logs":
			return scopes(request.resourceLogs, "scopeLogs").flatMap((scope) => scope.logRecords).length;
		case "traces":
			return scopes(request.resourceSpans, "scopeSpans").flatMap((scope) => scope.spans).length;
		case "metrics":
			return scopes(request.resourceMetrics, "scopeMetrics")
				.flatMap((scope) => scope.metrics)
				.flatMap((metric) => (metric.sum ?? metric.gauge).dataPoints).length;
	}
}

/**
 * @param {any[]} resources
 * @param {string} member
 * @returns {any[]}
 */
function scopes(resources, member) {
	return resources.flatMap((resource) => resource[member]);
}
