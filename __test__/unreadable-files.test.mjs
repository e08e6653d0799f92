import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
	appendFileSync,
	chmodSync,
	copyFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../index.js";
import { generatedTelemetry } from "../scripts/testing/generated-telemetry.mjs";
import { row, writeTelemetry } from "../scripts/testing/telemetry-rows.mjs";
import { temporaryDirectory } from "../scripts/testing/temporary-directory.mjs";
import { linksAreMissing, onWindows } from "../scripts/testing/windows.mjs";
import { readZip } from "../scripts/zip.mjs";
import { askChild } from "./child-process.mjs";

const withModes = { skip: onWindows && "Windows has no modes" };
const withFifos = { skip: onWindows && "Windows has no FIFOs in folders" };
const withLinks = { skip: linksAreMissing() };
const goodFile = "telemetry-2026-06-01-good.jsonl";
const otherFile = "telemetry-2026-06-01-other.jsonl";

/** @param {import("node:test").TestContext} test */
function setup(test) {
	const directory = temporaryDirectory(test);
	const telemetry = path.join(directory, "telemetry");
	writeTelemetry(telemetry, { [goodFile]: [row("2026-06-01T12:00:00Z")] });
	const out = path.join(directory, "out.json");
	return {
		directory,
		telemetry,
		out,
		other: path.join(telemetry, otherFile),
		run: () => exportTelemetry(telemetry, "allTime", "json", out),
		readEvents: () => JSON.parse(readFileSync(out, "utf8")),
	};
}

describe("a telemetry file that cannot be read", () => {
	it("because of its permissions is skipped, and the export continues", withModes, async (test) => {
		const { directory, telemetry, out, other, readEvents } = setup(test);
		writeTelemetry(telemetry, { [otherFile]: [row("2026-06-01T13:00:00Z")] });
		chmodSync(other, 0);
		chmodSync(directory, 0o777);
		const job = { directory: telemetry, out, asNobody: true };
		const { summary } = await askChild("export.mjs", job);
		assert.equal(summary.eventCount, 1);
		assert.equal(summary.files, 2);
		assert.equal(summary.skippedFiles.length, 1);
		assert.equal(summary.skippedFiles[0].file, otherFile);
		assert.match(summary.skippedFiles[0].reason, /^EACCES/);
		assert.equal(readEvents().length, 1);
	});

	it("because it links to itself is skipped", withLinks, async (test) => {
		const { other, run, readEvents } = setup(test);
		symlinkSync(otherFile, other);
		const { skippedFiles, eventCount, files } = await run();
		assert.deepEqual(skippedFiles, [{ file: otherFile, reason: skippedFiles[0]?.reason }]);
		assert.match(skippedFiles[0]?.reason ?? "", /^ELOOP/);
		assert.deepEqual([eventCount, files, readEvents().length], [1, 2, 1]);
	});

	it("because it links to a missing file is skipped", withLinks, async (test) => {
		const { other, run } = setup(test);
		symlinkSync("nowhere", other);
		const { skippedFiles } = await run();
		assert.match(skippedFiles[0]?.reason ?? "", /^ENOENT/);
	});

	it("because it is a FIFO without a writer is skipped without waiting", withFifos, async (test) => {
		const { other, run, readEvents } = setup(test);
		assert.equal(spawnSync("mkfifo", [other]).status, 0);
		const { skippedFiles } = await run();
		assert.deepEqual(skippedFiles, [{ file: otherFile, reason: "it is no regular file" }]);
		assert.equal(readEvents().length, 1);
	});

	it("because it is a folder is skipped", async (test) => {
		const { other, run } = setup(test);
		mkdirSync(other);
		const { skippedFiles } = await run();
		assert.deepEqual(skippedFiles, [{ file: otherFile, reason: "it is no regular file" }]);
	});

	it("is also skipped in an OTLP export, and named in its manifest", async (test) => {
		const { telemetry, out, other } = setup(test);
		mkdirSync(other);
		const { skippedFiles, eventCount } = await exportTelemetry(telemetry, "allTime", "otlp", out);
		assert.equal(eventCount, 1);
		assert.equal(skippedFiles[0]?.reason, "it is no regular file");
		const manifest = JSON.parse(readZip(out).at(-1)?.content().toString("utf8") ?? "");
		assert.deepEqual(manifest.source.skippedFiles, skippedFiles);
		assert.equal(manifest.source.files, 2);
	});

	it("is also skipped in an HTML export, and named on its page", async (test) => {
		const { telemetry, out, other } = setup(test);
		mkdirSync(other);
		const { skippedFiles, eventCount, files } = await exportTelemetry(telemetry, "allTime", "html", out);
		assert.deepEqual([eventCount, files], [1, 2]);
		assert.equal(skippedFiles[0]?.reason, "it is no regular file");
		// A long name can break.
		assert.ok(readFileSync(out, "utf8").replaceAll("<wbr>", "").includes(otherFile));
	});

	it("is not a link to a readable file, which is exported", withLinks, async (test) => {
		const { directory, other, run, readEvents } = setup(test);
		writeFileSync(path.join(directory, "elsewhere"), `${row("2026-06-01T13:00:00Z")}\n`);
		symlinkSync(path.join("..", "elsewhere"), other);
		const { skippedFiles, eventCount } = await run();
		assert.deepEqual(skippedFiles, []);
		assert.deepEqual([eventCount, readEvents().length], [2, 2]);
	});
});

describe("a file with bad lines", () => {
	it("gives every good event, and every bad line is named with its place", async (test) => {
		const { telemetry, other, run, readEvents } = setup(test);
		const good = (/** @type {string} */ id) => row("2026-06-01T13:00:00Z", { event_id: id });
		const invalidUtf8 = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
		const lines = [
			`\ufeff${good("after a BOM")}`,
			'{"torn":',
			`${good("with CR")}\r`,
			invalidUtf8,
			"\0\0\0",
			good("after NUL"),
			row("2026-06-01T13:00:00Z", { context: undefined }),
			good("large number").replace('"measurements":{}', '"measurements":{"n":1e400}'),
			good("lone surrogate").replace('"properties":{}', '"properties":{"p":"\\ud83d"}'),
			good("not ended"),
		];
		const content = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")]));
		writeFileSync(other, content.subarray(0, -1));
		const torn = "telemetry-2026-06-01-torn.jsonl";
		writeFileSync(path.join(telemetry, torn), `${row("2026-06-01T14:00:00Z")}\n{"event_id":"to`);
		const { badLineSamples, eventCount, badLines } = await run();
		assert.deepEqual(
			badLineSamples.map(({ file, line }) => `${file}:${line}`),
			[`${otherFile}:2`, `${otherFile}:4`, `${otherFile}:5`, `${otherFile}:7`, `${torn}:2`],
		);
		assert.equal(badLines, 5);
		assert.equal(eventCount, 8);
		const ids = readEvents().map((/** @type {{ event_id: string }} */ event) => event.event_id);
		for (const id of ["after a BOM", "with CR", "after NUL", "large number", "lone surrogate", "not ended"]) {
			assert.ok(ids.includes(id), id);
		}
	});
});

describe("a telemetry file that changes during an export", () => {
	const changing = "telemetry-2026-06-30-changing.jsonl";

	/**
	 * A directory whose last session is opened only after `change` is called: much telemetry comes first, and an
	 * OTLP export reads one session after the other.
	 *
	 * @param {import("node:test").TestContext} test
	 * @param {string} content of the file that changes
	 * @param {(file: string) => void} change
	 */
	async function exportWhile(test, content, change) {
		const directory = temporaryDirectory(test);
		const generated = generatedTelemetry({ bytes: 30e6, days: 1, sessionsPerDay: 1, overlapping: 1 });
		for (const name of readdirSync(generated.directory)) {
			copyFileSync(path.join(generated.directory, name), path.join(directory, name));
		}
		const file = path.join(directory, changing);
		writeFileSync(file, content);
		let changed = false;
		/** @param {import("../index.js").ExportProgress} progress */
		const onProgress = ({ bytesDone }) => {
			if (!changed) {
				assert.ok(bytesDone < 20e6, "the export was too fast to change a file meanwhile");
				change(file);
				changed = true;
			}
		};
		const options = { onProgress, threads: 1, compressionLevel: 9 };
		const out = path.join(directory, "out.zip");
		const summary = await exportTelemetry(directory, "allTime", "otlp", out, options);
		assert.equal(summary.files, generated.files + 1);
		const { eventCount, outOfRange, headers, blankLines, badLines } = summary;
		assert.equal(summary.linesRead, eventCount + outOfRange + headers + blankLines + badLines);
		return { summary, eventsOfIt: eventCount - generated.events };
	}

	const line = `${row("2026-06-30T12:00:00Z")}\n`;

	it("and vanishes is skipped", async (test) => {
		const { summary, eventsOfIt } = await exportWhile(test, line, unlinkSync);
		assert.equal(eventsOfIt, 0);
		assert.deepEqual(
			summary.skippedFiles.map(({ file }) => file),
			[changing],
		);
		assert.match(summary.skippedFiles[0]?.reason ?? "", /^ENOENT/);
	});

	it("and shrinks gives its complete rows, and is listed with the byte where it ended", async (test) => {
		const end = 2 * line.length + 30;
		const { summary, eventsOfIt } = await exportWhile(test, line.repeat(5), (file) =>
			truncateSync(file, end),
		);
		assert.equal(eventsOfIt, 2);
		assert.equal(summary.badLines, 0);
		assert.deepEqual(
			summary.skippedFiles.map(({ file }) => file),
			[changing],
		);
		assert.match(summary.skippedFiles[0]?.reason ?? "", new RegExp(`\\b${end}\\b`));
	});

	it("and grows gives its original rows, and no half row", async (test) => {
		const grown = `${line.repeat(1000)}${line.slice(0, 50)}`;
		const { summary, eventsOfIt } = await exportWhile(test, line.repeat(5), (file) =>
			appendFileSync(file, grown),
		);
		assert.ok(eventsOfIt >= 5, `${eventsOfIt} events`);
		assert.equal(summary.badLines, 0);
		assert.deepEqual(summary.skippedFiles, []);
	});

	it("and gets the rest of its last row gives that row", async (test) => {
		const torn = `${line}${line.slice(0, 50)}`;
		const { summary, eventsOfIt } = await exportWhile(test, torn, (file) =>
			appendFileSync(file, line.slice(50)),
		);
		assert.equal(eventsOfIt, 2);
		assert.equal(summary.badLines, 0);
		assert.deepEqual(summary.skippedFiles, []);
	});

	it("and becomes a FIFO is skipped without waiting", withFifos, async (test) => {
		const { summary, eventsOfIt } = await exportWhile(test, line, (file) => {
			unlinkSync(file);
			assert.equal(spawnSync("mkfifo", [file]).status, 0);
		});
		assert.equal(eventsOfIt, 0);
		assert.deepEqual(summary.skippedFiles, [{ file: changing, reason: "it is no regular file" }]);
	});
});
