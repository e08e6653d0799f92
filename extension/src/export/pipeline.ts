import type { ExportFormat, ExportProgress, ExportSummary, ResolvedRange } from "coder-telemetry-export";
import { counted } from "coder-telemetry-export/bin/summary-text.js";
import { messageOf } from "../messageOf.js";
import type { ExportSettings } from "../settings.js";
import type { Exporter } from "./exporter.js";

/** What is exported, and how. */
export interface ExportJob {
	/** The telemetry directory. */
	readonly directory: string;
	readonly range: ResolvedRange;
	readonly format: ExportFormat;
	/** The path of the file to write. */
	readonly file: string;
	readonly settings: ExportSettings;
}

/** What an export runs with. */
export interface ExportRuntime {
	readonly exporter: Exporter;
	/** Cancels the export. */
	readonly signal: AbortSignal;
	/** Tells the user how far it is. */
	readonly report: (progress: ReportedProgress) => void;
	/** Writes what the recording extension still holds in memory, where the host has a way to. */
	readonly flush: Flush | undefined;
}

/** Ends when everything recorded is in the telemetry files. May give up when the signal is aborted. */
export type Flush = (signal: AbortSignal) => Promise<void>;

export interface ReportedProgress {
	readonly message: string;
	/** From 0 to 100; nothing where nobody knows. */
	readonly percent: number | undefined;
}

/** How an export ended. */
export type ExportOutcome =
	| {
			readonly kind: "finished";
			readonly summary: ExportSummary;
			/** Why the flush failed, where it did: the newest events may be missing. */
			readonly flushError: string | undefined;
	  }
	| { readonly kind: "cancelled" }
	| { readonly kind: "failed"; readonly message: string };

/** Flushes, then exports. Never throws. */
export async function runExport(job: ExportJob, runtime: ExportRuntime): Promise<ExportOutcome> {
	try {
		const flushError = await flushEvents(runtime);
		const summary = await exportTelemetry(job, runtime);
		return { kind: "finished", summary, flushError };
	} catch (error) {
		return runtime.signal.aborted ? { kind: "cancelled" } : { kind: "failed", message: messageOf(error) };
	}
}

/** @returns why it failed, where it did: what is on disk can be exported all the same */
async function flushEvents({ flush, signal, report }: ExportRuntime): Promise<string | undefined> {
	if (flush === undefined) {
		return undefined;
	}
	signal.throwIfAborted();
	report({ message: "Flushing buffered events…", percent: undefined });
	try {
		// A flush that hangs must not keep a user from cancelling. The flush is called first: one that throws
		// instead of rejecting would leave a rejection that nobody handles.
		await Promise.race([flush(signal), cancelled(signal)]);
		return undefined;
	} catch (error) {
		signal.throwIfAborted();
		return messageOf(error);
	}
}

/** @returns a promise that rejects once the signal is aborted */
function cancelled(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		signal.addEventListener("abort", () => reject(signal.reason), { once: true });
	});
}

function exportTelemetry(
	job: ExportJob,
	{ exporter, signal, report }: ExportRuntime,
): Promise<ExportSummary> {
	const { temporality, spanName, maxRequestBytes, graceDays } = job.settings;
	return exporter.exportTelemetry(job.directory, job.range, job.format, job.file, {
		signal,
		temporality,
		spanName,
		maxRequestBytes,
		graceDays,
		onProgress: (progress) => report(describeProgress(progress)),
	});
}

function describeProgress({ phase, bytesDone, bytesTotal, events }: ExportProgress): ReportedProgress {
	const percent = bytesTotal === 0 ? 100 : Math.floor((bytesDone / bytesTotal) * 100);
	const count = counted(events, "event");
	return { message: phase === "finishing" ? `Finishing · ${count}` : `${percent} % · ${count}`, percent };
}
