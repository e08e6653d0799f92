import * as path from "node:path";
import type { ResolvedRange } from "coder-telemetry-export";
import type { CommandResult } from "../commands/commandManager.js";
import { type Configuration, readSettings } from "../settings.js";
import { type Locations, telemetryDirectory } from "../telemetryDirectory.js";
import type { Exporter } from "./exporter.js";
import type { Notification } from "./notification.js";
import {
	describeFailure,
	describeFinished,
	describeMissingTelemetry,
	describeNonFileTarget,
} from "./outcome.js";
import type { Page } from "./page.js";
import {
	type ExportJob,
	type ExportOutcome,
	type Flush,
	type ProgressUpdate,
	runExport,
} from "./pipeline.js";
import { showPreview } from "./preview.js";
import { PreviewFiles } from "./previewFiles.js";
import type { ExportPrompts } from "./prompts.js";
import { askWhatToExport } from "./questions.js";
import { findPresetCoverage } from "./ranges.js";

/** What the export needs of the editor. */
export interface ExportHost {
	readonly configuration: Configuration;
	readonly locations: Locations;
	readonly prompts: ExportPrompts;
	/** @throws if the addon does not load */
	loadExporter(): Exporter;
	/** Runs a task while its progress is shown, with a way to cancel it. */
	withProgress<Result>(
		title: string,
		task: (report: (update: ProgressUpdate) => void, signal: AbortSignal) => Promise<Result>,
	): Promise<Result>;
	/** Runs a task while its title is shown. */
	withStatus<Result>(title: string, task: () => Promise<Result>): Promise<Result>;
	/** Shows a notification and performs its actions. Does not wait for the user. */
	showNotification(notification: Notification): void;
	/** Shows a page in a panel that runs no scripts, in place of the page before. */
	showPage(page: Page): void;
	/** Appends lines to the output channel. */
	appendOutput(text: string): void;
	/** The folder of the last export, if there was one. */
	readonly lastFolder: { get(): string | undefined; set(folder: string): void };
	isDirectory(folder: string): Promise<boolean>;
	now(): Date;
	/** Left out if the host cannot flush. */
	readonly flush?: Flush;
}

/** The export command: it asks the questions, shows previews, exports, and shows the outcome. */
export class ExportCommand {
	readonly #host: ExportHost;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<unknown>>();
	readonly #previewFiles: PreviewFiles;
	/** Ends the questions of the latest run. */
	#asking = new AbortController();

	constructor(host: ExportHost) {
		this.#host = host;
		this.#previewFiles = new PreviewFiles(host.locations.globalStoragePath);
	}

	/** Runs the command. Never throws: failures are shown to the user. */
	async run(): Promise<CommandResult> {
		try {
			return await this.#run();
		} catch (error) {
			this.#host.showNotification(describeFailure(error));
			return "error";
		}
	}

	/** Cancels running exports, waits until they have cleaned up, and removes the files of previews. */
	async stop(): Promise<void> {
		this.#closing.abort();
		await Promise.allSettled(this.#running);
		await this.#previewFiles.removeAll();
	}

	async #run(): Promise<CommandResult> {
		const host = this.#host;
		await this.#previewFiles.removeLeftovers();
		const settings = readSettings(host.configuration);
		const directory = telemetryDirectory(settings.directory, host.locations);
		const exporter = host.loadExporter();
		const context = { exporter, directory, graceDays: settings.graceDays, now: host.now() };
		const presetRanges = await host.withStatus("Listing telemetry files…", () => findPresetCoverage(context));
		if (presetRanges === undefined) {
			host.showNotification(describeMissingTelemetry(directory, settings.directory !== undefined));
			return "error";
		}
		const signal = this.#beginAsking();
		const choice = await askWhatToExport({
			...context,
			prompts: host.prompts,
			presetRanges,
			redact: settings.redact,
			findFolder: () => this.#firstFolder(),
			preview: (range) => this.#track(this.#preview(range, { directory, settings }, exporter, signal)),
			signal,
		});
		if (choice === undefined) {
			return "aborted";
		}
		const { range, format, redact, target } = choice;
		if (target.scheme !== "file") {
			host.showNotification(describeNonFileTarget(target.uri));
			return "error";
		}
		const job = { directory, settings, range, format: format.format, redact, file: target.path };
		return this.#track(this.#export(job, exporter));
	}

	/**
	 * Ends the questions of the previous run. If that run is making a preview, its next question would replace the one of
	 * this run.
	 *
	 * @returns a signal that is aborted when the questions and previews of this run must end
	 */
	#beginAsking(): AbortSignal {
		this.#asking.abort();
		this.#asking = new AbortController();
		return AbortSignal.any([this.#asking.signal, this.#closing.signal]);
	}

	/** The folder that the save dialog starts in; undefined if none is known. */
	async #firstFolder(): Promise<string | undefined> {
		const { lastFolder, locations } = this.#host;
		const last = lastFolder.get();
		return last !== undefined && (await this.#host.isDirectory(last)) ? last : locations.home;
	}

	async #preview(
		range: ResolvedRange,
		source: Pick<ExportJob, "directory" | "settings">,
		exporter: Exporter,
		signal: AbortSignal,
	): Promise<void> {
		const host = this.#host;
		await showPreview(range, {
			files: this.#previewFiles,
			exportReport: (file) => {
				const job: ExportJob = { ...source, range, format: "html", redact: "none", file };
				return this.#runExport("Previewing telemetry", job, exporter, signal);
			},
			signal,
			showPage: (page) => host.showPage(page),
			showNotification: (notification) => host.showNotification(notification),
			appendOutput: (output) => this.#appendOutput(output),
		});
	}

	async #export(job: ExportJob, exporter: Exporter): Promise<CommandResult> {
		const host = this.#host;
		const outcome = await this.#runExport("Exporting telemetry", job, exporter, this.#closing.signal);
		switch (outcome.kind) {
			case "cancelled":
				return "aborted";
			case "failed":
				host.showNotification(describeFailure(outcome.message));
				return "error";
			case "finished": {
				const { notification, output } = describeFinished(job, outcome.summary, outcome.flushError);
				host.lastFolder.set(path.dirname(job.file));
				host.showNotification(notification);
				this.#appendOutput(output);
				return "success";
			}
		}
	}

	/** @param signal Cancels the export, as does the Cancel button. */
	#runExport(title: string, job: ExportJob, exporter: Exporter, signal: AbortSignal): Promise<ExportOutcome> {
		const host = this.#host;
		return host.withProgress(title, (report, userSignal) =>
			runExport(job, {
				exporter,
				signal: AbortSignal.any([userSignal, signal]),
				reportProgress: report,
				flush: host.flush,
			}),
		);
	}

	#appendOutput(output: string): void {
		this.#host.appendOutput(`${this.#host.now().toISOString()}\n${output}\n`);
	}

	async #track<Result>(work: Promise<Result>): Promise<Result> {
		this.#running.add(work);
		try {
			return await work;
		} finally {
			this.#running.delete(work);
		}
	}
}
