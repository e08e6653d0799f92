import type { ExportHost } from "../../src/export/exportCommand.js";
import type { Exporter } from "../../src/export/exporter.js";
import type { Notification } from "../../src/export/notification.js";
import type { Page } from "../../src/export/page.js";
import type { Flush, ProgressUpdate } from "../../src/export/pipeline.js";
import type { ExportPrompts } from "../../src/export/prompts.js";
import { settingIds } from "../../src/settings.js";
import { ManualExporter } from "./manualExporter.js";
import { ScriptedPrompts } from "./scriptedPrompts.js";

/** A host for the export command. It records what is shown. */
export class FakeHost implements ExportHost {
	/** Values of settings by their full names. */
	readonly settings = new Map<string, unknown>();
	readonly configuration = { get: (setting: string) => this.settings.get(setting) };
	readonly locations = { globalStoragePath: "/editor/globalStorage/own.extension", home: "/home/kim" };
	readonly exporter = new ManualExporter();
	prompts: ExportPrompts = new ScriptedPrompts();
	flush: Flush | undefined;

	readonly notifications: Notification[] = [];
	readonly pages: Page[] = [];
	readonly progress: ProgressUpdate[] = [];
	readonly progressTitles: string[] = [];
	readonly statusTitles: string[] = [];
	output = "";
	rememberedFolder: string | undefined;
	readonly folders = new Set<string>();
	readonly #cancellation = new AbortController();

	/** @param telemetry The value of the setting for the telemetry directory. */
	constructor(telemetry: string) {
		this.settings.set(settingIds.directory, telemetry);
	}

	readonly lastFolder = {
		get: () => this.rememberedFolder,
		set: (folder: string) => {
			this.rememberedFolder = folder;
		},
	};

	loadExporter(): Exporter {
		return this.exporter;
	}

	withProgress<Result>(
		title: string,
		task: (report: (progress: ProgressUpdate) => void, signal: AbortSignal) => Promise<Result>,
	): Promise<Result> {
		this.progressTitles.push(title);
		return task((progress) => this.progress.push(progress), this.#cancellation.signal);
	}

	withStatus<Result>(title: string, task: () => Promise<Result>): Promise<Result> {
		this.statusTitles.push(title);
		return task();
	}

	/** Presses Cancel in the progress notification. */
	cancel(): void {
		this.#cancellation.abort();
	}

	showNotification(notification: Notification): void {
		this.notifications.push(notification);
	}

	showPage(page: Page): void {
		this.pages.push(page);
	}

	appendOutput(text: string): void {
		this.output += `${text}\n`;
	}

	async isDirectory(folder: string): Promise<boolean> {
		return this.folders.has(folder);
	}

	now(): Date {
		return new Date("2026-06-07T12:34:56.789Z");
	}
}
