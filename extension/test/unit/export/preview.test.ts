import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { resolveRange } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import type { Notice } from "../../../src/export/notice.js";
import type { Page } from "../../../src/export/page.js";
import type { ExportOutcome } from "../../../src/export/pipeline.js";
import { showPreview } from "../../../src/export/preview.js";
import { PreviewFiles } from "../../../src/export/previewFiles.js";
import { summaryOf } from "../../mocks/summary.js";
import { temporaryFolder } from "../../mocks/temporaryFolder.js";

const range = resolveRange("2026-06-01..2026-06-07");

/** Previews a range; the export of the report does as the test says. */
async function preview(
	exportReport: (file: string) => ExportOutcome | Promise<ExportOutcome>,
	{ storage = temporaryFolder(), closing = new AbortController(), onRecord = () => {} } = {},
) {
	const pages: Page[] = [];
	const notices: Notice[] = [];
	const recorded: string[] = [];
	let file: string | undefined;
	await showPreview(range, {
		files: new PreviewFiles(storage),
		exportReport: async (target) => {
			file = target;
			return exportReport(target);
		},
		signal: closing.signal,
		showPage: (page) => pages.push(page),
		showNotice: (notice) => notices.push(notice),
		record: (output) => {
			recorded.push(output);
			onRecord();
		},
	});
	const left = () => readdirSync(path.join(storage, "previews"));
	return { pages, notices, recorded, left, file: file ?? "" };
}

function finished(overrides: Parameters<typeof summaryOf>[0] = {}, flushError?: string): ExportOutcome {
	return { kind: "finished", summary: summaryOf(overrides), flushError };
}

/** Writes a page, as the exporter does where there are events. */
function written(outcome = finished()) {
	return (file: string) => {
		writeFileSync(file, "<h1>June</h1>");
		return outcome;
	};
}

describe("a preview that is made", () => {
	it("is shown under the range's name, without taking the keyboard, and nothing else is said", async () => {
		const { pages, notices } = await preview(written());
		expect(pages).toMatchObject([
			{ title: "Telemetry: 2026-06-01 to 2026-06-07", html: "<h1>June</h1>", preserveFocus: true },
		]);
		expect(notices).toEqual([]);
	});

	it("has its file until the page is closed, and nothing is left then", async () => {
		const { pages, file, left } = await preview(written());
		expect(existsSync(file)).toBe(true);
		pages[0]?.onClose?.();
		await expect.poll(left).toEqual([]);
	});

	it("leaves its figures in the output", async () => {
		const { recorded } = await preview(written());
		expect(recorded).toEqual([expect.stringContaining("written  a preview, 1.20 kB")]);
	});

	it("comes with a warning where something is missing from it", async () => {
		const { pages, notices } = await preview(written(finished({}, "disk is full")));
		expect(pages).toHaveLength(1);
		expect(notices).toMatchObject([
			{ severity: "warning", message: expect.stringContaining("(disk is full)") },
		]);
	});
});

describe("a preview that is not made", () => {
	it("because nothing matched is told of, and leaves nothing but the figures", async () => {
		const { pages, notices, recorded, left } = await preview(() => finished({ eventCount: 0 }));
		expect(pages).toEqual([]);
		expect(notices).toMatchObject([{ message: expect.stringContaining("there is nothing to preview") }]);
		expect(recorded).toHaveLength(1);
		expect(left()).toEqual([]);
	});

	it("because it was cancelled leaves nothing, and nothing is said", async () => {
		const { pages, notices, recorded, left } = await preview(() => ({ kind: "cancelled" }));
		expect({ pages, notices, recorded, left: left() }).toEqual({
			pages: [],
			notices: [],
			recorded: [],
			left: [],
		});
	});

	it("because it was cancelled too late for the export leaves nothing, and nothing is said", async () => {
		const closing = new AbortController();
		const { pages, notices, recorded, left } = await preview(
			(file) => {
				closing.abort();
				return written(finished({}, "disk is full"))(file);
			},
			{ closing },
		);
		expect({ pages, notices, recorded, left: left() }).toEqual({
			pages: [],
			notices: [],
			recorded: [],
			left: [],
		});
	});

	it("because it was cancelled while its page was read leaves nothing but the figures", async () => {
		const closing = new AbortController();
		const onRecord = () => closing.abort();
		const { pages, recorded, left } = await preview(written(), { closing, onRecord });
		expect(pages).toEqual([]);
		expect(recorded).toHaveLength(1);
		expect(left()).toEqual([]);
	});

	it("because the export failed is told of in its words, and leaves nothing", async () => {
		const { pages, notices, left } = await preview(() => ({ kind: "failed", message: "no space left" }));
		expect(pages).toEqual([]);
		expect(notices).toEqual([{ severity: "error", message: "no space left", actions: [] }]);
		expect(left()).toEqual([]);
	});

	it("because its page cannot be read is told of, and leaves nothing", async () => {
		const { pages, notices, left } = await preview((file) => {
			const outcome = written()(file);
			rmSync(file);
			return outcome;
		});
		expect(pages).toEqual([]);
		expect(notices).toMatchObject([{ severity: "error", message: expect.stringContaining("ENOENT") }]);
		expect(left()).toEqual([]);
	});

	it("because there is no place for its file is told of, and nothing is exported", async () => {
		const storage = path.join(temporaryFolder(), "a file");
		writeFileSync(storage, "");
		const { notices, file } = await preview(written(), { storage });
		expect(notices).toMatchObject([{ severity: "error", message: expect.stringContaining("ENOTDIR") }]);
		expect(file).toBe("");
	});
});
