import * as path from "node:path";
import type { ResolvedRange } from "coder-telemetry-export";
import type { CommandResult } from "../commands/commandManager.js";
import { type Configuration, readSettings } from "../settings.js";
import { type Surroundings, telemetryDirectory } from "../telemetryDirectory.js";
import type { Exporter } from "./exporter.js";
import type { Notice } from "./notice.js";
import {
	describeFailure,
	describeFinished,
	describeForeignTarget,
	describeMissingTelemetry,
} from "./outcome.js";
import type { Page } from "./page.js";
import {
	type ExportJob,
	type ExportOutcome,
	type Flush,
	type ReportedProgress,
	runExport,
} from "./pipeline.js";
import { showPreview } from "./preview.js";
import { PreviewFiles } from "./previewFiles.js";
import type { ExportPrompts } from "./prompts.js";
import { askWhatToExport } from "./questions.js";
import { coverPresets } from "./ranges.js";

/** The editor around the export, as far as the export knows it. */
export interface ExportHost {
	readonly configuration: Configuration;
	readonly surroundings: Surroundings;
	readonly prompts: ExportPrompts;
	/** @throws where the addon does not load */
	loadExporter(): Exporter;
	/** Shows progress that can be cancelled while the task runs. */
	withProgress<Result>(
		title: string,
		task: (report: (progress: ReportedProgress) => void, signal: AbortSignal) => Promise<Result>,
	): Promise<Result>;
	/** Shows that something is going on while the task runs. */
	withStatus<Result>(title: string, task: () => Promise<Result>): Promise<Result>;
	/** Shows a notice and sees to its buttons; nobody waits for the user to read it. */
	showNotice(notice: Notice): void;
	/** Shows a page in a panel in which no script runs, in place of the page that is shown there already. */
	showPage(page: Page): void;
	/** Adds lines to the output channel. */
	appendOutput(text: string): void;
	/** The folder of the last export, where there was one. */
	readonly lastFolder: { get(): string | undefined; set(folder: string): void };
	isDirectory(folder: string): Promise<boolean>;
	now(): Date;
	/** Left out where the host has no way to flush. */
	readonly flush?: Flush;
}

/** The command: questions, with previews between them, export, outcome. */
export class ExportCommand {
	readonly #host: ExportHost;
	readonly #closing = new AbortController();
	readonly #running = new Set<Promise<unknown>>();
	readonly #previewFiles: PreviewFiles;
	/** Of the run that asked last. */
	#asking = new AbortController();

	constructor(host: ExportHost) {
		this.#host = host;
		this.#previewFiles = new PreviewFiles(host.surroundings.ownGlobalStorage);
	}

	/** Runs the whole flow. Whatever goes wrong is shown to the user; it never throws. */
	async run(): Promise<CommandResult> {
		try {
			return await this.#run();
		} catch (error) {
			this.#host.showNotice(describeFailure(error));
			return "error";
		}
	}

	/** Cancels the exports that run, and ends when they have cleaned up and no file of a preview is left. */
	async stop(): Promise<void> {
		this.#closing.abort();
		await Promise.allSettled(this.#running);
		await this.#previewFiles.removeAll();
	}

	async #run(): Promise<CommandResult> {
		const host = this.#host;
		await this.#previewFiles.removeLeftovers();
		const settings = readSettings(host.configuration);
		const directory = telemetryDirectory(settings.directory, host.surroundings);
		const exporter = host.loadExporter();
		const context = { exporter, directory, graceDays: settings.graceDays, now: host.now() };
		const presetRanges = await host.withStatus("Listing telemetry files…", () => coverPresets(context));
		if (presetRanges === undefined) {
			host.showNotice(describeMissingTelemetry(directory, settings.directory !== undefined));
			return "error";
		}
		const signal = this.#beginAsking();
		const choice = await askWhatToExport({
			...context,
			prompts: host.prompts,
			presetRanges,
			findFolder: () => this.#firstFolder(),
			preview: (range) => this.#track(this.#preview(range, { directory, settings }, exporter, signal)),
			signal,
		});
		if (choice === undefined) {
			return "aborted";
		}
		const { range, format, target } = choice;
		if (target.scheme !== "file") {
			host.showNotice(describeForeignTarget(target.uri));
			return "error";
		}
		const job = { directory, settings, range, format: format.format, file: target.path };
		return this.#track(this.#export(job, exporter));
	}

	/**
	 * Ends the questions of the run before. While it makes a preview it has none on the screen, and the one that it
	 * would ask next would take the place of this run's.
	 *
	 * @returns what ends the questions of this run, and a preview between them
	 */
	#beginAsking(): AbortSignal {
		this.#asking.abort();
		this.#asking = new AbortController();
		return AbortSignal.any([this.#asking.signal, this.#closing.signal]);
	}

	/** The folder that the save dialog begins in; nothing to leave it to the editor. */
	async #firstFolder(): Promise<string | undefined> {
		const { lastFolder, surroundings } = this.#host;
		const last = lastFolder.get();
		return last !== undefined && (await this.#host.isDirectory(last)) ? last : surroundings.home;
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
				const job: ExportJob = { ...source, range, format: "html", file };
				return this.#runExport("Previewing telemetry", job, exporter, signal);
			},
			signal,
			showPage: (page) => host.showPage(page),
			showNotice: (notice) => host.showNotice(notice),
			record: (output) => this.#record(output),
		});
	}

	async #export(job: ExportJob, exporter: Exporter): Promise<CommandResult> {
		const host = this.#host;
		const outcome = await this.#runExport("Exporting telemetry", job, exporter, this.#closing.signal);
		switch (outcome.kind) {
			case "cancelled":
				return "aborted";
			case "failed":
				host.showNotice(describeFailure(outcome.message));
				return "error";
			case "finished": {
				const { notice, output } = describeFinished(job, outcome.summary, outcome.flushError);
				host.lastFolder.set(path.dirname(job.file));
				host.showNotice(notice);
				this.#record(output);
				return "success";
			}
		}
	}

	/** @param signal Cancels the export, as the user can. */
	#runExport(title: string, job: ExportJob, exporter: Exporter, signal: AbortSignal): Promise<ExportOutcome> {
		const host = this.#host;
		return host.withProgress(title, (report, userSignal) =>
			runExport(job, {
				exporter,
				signal: AbortSignal.any([userSignal, signal]),
				report,
				flush: host.flush,
			}),
		);
	}

	#record(output: string): void {
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
