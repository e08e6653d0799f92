import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { resolveRange } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import type { Notification } from "../../../src/export/notification.js";
import type { Page } from "../../../src/export/page.js";
import type { ExportOutcome } from "../../../src/export/pipeline.js";
import { showPreview } from "../../../src/export/preview.js";
import { PreviewFiles } from "../../../src/export/previewFiles.js";
import { summaryOf } from "../../mocks/summary.js";
import { temporaryFolder } from "../../mocks/temporaryFolder.js";

const range = resolveRange("2026-06-01..2026-06-07");

/** Previews a range, with `exportReport` as the exporter. */
async function preview(
	exportReport: (file: string) => ExportOutcome | Promise<ExportOutcome>,
	{ storage = temporaryFolder(), closing = new AbortController(), onOutput = () => {} } = {},
) {
	const pages: Page[] = [];
	const notifications: Notification[] = [];
	const outputs: string[] = [];
	let file: string | undefined;
	await showPreview(range, {
		files: new PreviewFiles(storage),
		exportReport: async (target) => {
			file = target;
			return exportReport(target);
		},
		signal: closing.signal,
		showPage: (page) => pages.push(page),
		showNotification: (notification) => notifications.push(notification),
		appendOutput: (output) => {
			outputs.push(output);
			onOutput();
		},
	});
	const left = () => readdirSync(path.join(storage, "previews"));
	return { pages, notifications, outputs, left, file: file ?? "" };
}

function finished(overrides: Parameters<typeof summaryOf>[0] = {}, flushError?: string): ExportOutcome {
	return { kind: "finished", summary: summaryOf(overrides), flushError };
}

/** Writes a page, as the exporter does if there are events. */
function written(outcome = finished()) {
	return (file: string) => {
		writeFileSync(file, "<h1>June</h1>");
		return outcome;
	};
}

describe("a preview", () => {
	it("is shown under the range's name, without taking the keyboard focus, and without a message", async () => {
		const { pages, notifications } = await preview(written());
		expect(pages).toMatchObject([
			{ title: "Telemetry: 2026-06-01 to 2026-06-07", html: "<h1>June</h1>", preserveFocus: true },
		]);
		expect(notifications).toEqual([]);
	});

	it("keeps its file until the page is closed", async () => {
		const { pages, file, left } = await preview(written());
		expect(existsSync(file)).toBe(true);
		pages[0]?.onClose?.();
		await expect.poll(left).toEqual([]);
	});

	it("writes its figures to the output", async () => {
		const { outputs } = await preview(written());
		expect(outputs).toEqual([expect.stringContaining("written  a preview, 1.20 kB")]);
	});

	it("shows a warning if something is missing", async () => {
		const { pages, notifications } = await preview(written(finished({}, "disk is full")));
		expect(pages).toHaveLength(1);
		expect(notifications).toMatchObject([
			{ severity: "warning", message: expect.stringContaining("(disk is full)") },
		]);
	});
});

describe("a preview that is not shown", () => {
	it("because no event matched shows a message, and leaves only its figures", async () => {
		const { pages, notifications, outputs, left } = await preview(() => finished({ eventCount: 0 }));
		expect(pages).toEqual([]);
		expect(notifications).toMatchObject([
			{ message: expect.stringContaining("there is nothing to preview") },
		]);
		expect(outputs).toHaveLength(1);
		expect(left()).toEqual([]);
	});

	it("because it was cancelled shows no message, and leaves nothing", async () => {
		const { pages, notifications, outputs, left } = await preview(() => ({ kind: "cancelled" }));
		expect({ pages, notifications, outputs, left: left() }).toEqual({
			pages: [],
			notifications: [],
			outputs: [],
			left: [],
		});
	});

	it("because it was cancelled as the export finished shows no message, and leaves nothing", async () => {
		const closing = new AbortController();
		const { pages, notifications, outputs, left } = await preview(
			(file) => {
				closing.abort();
				return written(finished({}, "disk is full"))(file);
			},
			{ closing },
		);
		expect({ pages, notifications, outputs, left: left() }).toEqual({
			pages: [],
			notifications: [],
			outputs: [],
			left: [],
		});
	});

	it("because it was cancelled while its page was read leaves only its figures", async () => {
		const closing = new AbortController();
		const onOutput = () => closing.abort();
		const { pages, outputs, left } = await preview(written(), { closing, onOutput });
		expect(pages).toEqual([]);
		expect(outputs).toHaveLength(1);
		expect(left()).toEqual([]);
	});

	it("because the export failed shows its error, and leaves nothing", async () => {
		const { pages, notifications, left } = await preview(() => ({
			kind: "failed",
			message: "no space left",
		}));
		expect(pages).toEqual([]);
		expect(notifications).toEqual([{ severity: "error", message: "no space left", actions: [] }]);
		expect(left()).toEqual([]);
	});

	it("because its page cannot be read shows an error, and leaves nothing", async () => {
		const { pages, notifications, left } = await preview((file) => {
			const outcome = written()(file);
			rmSync(file);
			return outcome;
		});
		expect(pages).toEqual([]);
		expect(notifications).toMatchObject([{ severity: "error", message: expect.stringContaining("ENOENT") }]);
		expect(left()).toEqual([]);
	});

	it("because its folder cannot be created shows an error, and exports nothing", async () => {
		const storage = path.join(temporaryFolder(), "a file");
		writeFileSync(storage, "");
		const { notifications, file } = await preview(written(), { storage });
		expect(notifications).toMatchObject([{ severity: "error", message: expect.stringContaining("ENOTDIR") }]);
		expect(file).toBe("");
	});
});
