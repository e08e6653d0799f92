import type {
	ExportFormat,
	ExportOptions,
	ExportProgress,
	ExportSummary,
	RedactionLevel,
	ResolvedRange,
} from "coder-telemetry-export";
import { messageOf } from "coder-telemetry-export/bin/message-of.js";
import { counted } from "coder-telemetry-export/bin/summary-text.js";
import type { ExportSettings } from "../settings.js";
import type { Exporter } from "./exporter.js";

/** The arguments of an export. */
export interface ExportJob {
	/** The telemetry directory. */
	readonly directory: string;
	readonly range: ResolvedRange;
	readonly format: ExportFormat;
	readonly redact: RedactionLevel;
	/** The path of the file to write. */
	readonly file: string;
	readonly settings: ExportSettings;
}

export interface ExportRuntime {
	readonly exporter: Exporter;
	/** Cancels the export. */
	readonly signal: AbortSignal;
	readonly reportProgress: (update: ProgressUpdate) => void;
	/** Undefined if the host cannot flush. */
	readonly flush: Flush | undefined;
}

/** Writes buffered events to the telemetry files. It may stop when the signal is aborted. */
export type Flush = (signal: AbortSignal) => Promise<void>;

export interface ProgressUpdate {
	readonly message: string;
	/** From 0 to 100; undefined if it is not known. */
	readonly percent: number | undefined;
}

/** How an export ended. */
export type ExportOutcome =
	| {
			readonly kind: "finished";
			readonly summary: ExportSummary;
			/** Why the flush failed, if it did. The newest events may be missing then. */
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

/** @returns why the flush failed, if it did; the export continues with the events on disk */
async function flushEvents({ flush, signal, reportProgress }: ExportRuntime): Promise<string | undefined> {
	if (flush === undefined) {
		return undefined;
	}
	signal.throwIfAborted();
	reportProgress({ message: "Flushing buffered events…", percent: undefined });
	try {
		// The race lets the user cancel a flush that hangs. `flush` must come first in the array: if it throws, no promise
		// of `cancelled` exists that could reject without a handler.
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
	{ exporter, signal, reportProgress }: ExportRuntime,
): Promise<ExportSummary> {
	const { temporality, spanName, maxRequestBytes, graceDays } = job.settings;
	return exporter.exportTelemetry(job.directory, job.range, job.format, job.file, {
		signal,
		temporality,
		spanName,
		maxRequestBytes,
		graceDays,
		...redactionOptions(job),
		onProgress: (progress) => reportProgress(describeProgress(progress)),
	});
}

/** Without a level, the exporter refuses lists of fields. */
function redactionOptions({
	redact,
	settings,
}: ExportJob): Pick<ExportOptions, "redact" | "redactFields" | "keepFields"> {
	const { redactFields, keepFields } = settings;
	return redact === "none" ? {} : { redact, redactFields, keepFields };
}

function describeProgress({ phase, bytesDone, bytesTotal, events }: ExportProgress): ProgressUpdate {
	const percent = bytesTotal === 0 ? 100 : Math.floor((bytesDone / bytesTotal) * 100);
	const count = counted(events, "event");
	return { message: phase === "finishing" ? `Finishing · ${count}` : `${percent} % · ${count}`, percent };
}
