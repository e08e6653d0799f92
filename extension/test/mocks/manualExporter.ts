import type { ExportFormat, ExportOptions, ExportRange, ExportSummary } from "coder-telemetry-export";
import * as addon from "coder-telemetry-export";
import type { Exporter } from "../../src/export/exporter.js";
import { AsyncQueue } from "./asyncQueue.js";

/** An export that runs until the test ends it. */
export interface RunningExport {
	readonly directory: string;
	readonly range: ExportRange;
	readonly format: ExportFormat;
	readonly outPath: string;
	readonly options: ExportOptions;
	finish(summary: ExportSummary): void;
	fail(error: unknown): void;
}

/** The addon, but the test ends its exports. If aborted, an export rejects as the addon's do. */
export class ManualExporter implements Exporter {
	readonly exports = new AsyncQueue<RunningExport>();
	/** The number of calls, including those that were aborted before they began. */
	calls = 0;
	/** An aborted export rejects after this promise. */
	cleanUp: Promise<void> = Promise.resolve();

	readonly listTelemetryFiles = addon.listTelemetryFiles;
	readonly resolveRange = addon.resolveRange;
	readonly suggestedFileName = addon.suggestedFileName;
	readonly validateDate = addon.validateDate;

	exportTelemetry(
		directory: string,
		range: ExportRange,
		format: ExportFormat,
		outPath: string,
		options: ExportOptions = {},
	): Promise<ExportSummary> {
		this.calls += 1;
		return new Promise((finish, fail) => {
			const { signal } = options;
			const abort = () => this.cleanUp.then(() => fail(abortError(signal?.reason)));
			if (signal?.aborted) {
				void abort();
				return;
			}
			signal?.addEventListener("abort", abort, { once: true });
			this.exports.push({ directory, range, format, outPath, options, finish, fail });
		});
	}
}

function abortError(cause: unknown): Error {
	return Object.assign(new Error("The operation was aborted", { cause }), {
		name: "AbortError",
		code: "ABORT_ERR",
	});
}
