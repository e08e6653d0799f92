import type { ExportFormat } from "coder-telemetry-export";

/** A format as people see it. */
export interface FormatDescription {
	readonly format: ExportFormat;
	readonly label: string;
	/** What it is for. */
	readonly detail: string;
	/** What a save dialog calls its files. */
	readonly filterLabel: string;
	/** The last extension of its files, without a dot. */
	readonly fileExtension: string;
}

/** The formats in the order in which they are offered. */
export const formats: readonly FormatDescription[] = [
	{
		format: "json",
		label: "JSON array",
		detail: "To read, search or attach to a support ticket: one file with every event, in order of time.",
		filterLabel: "JSON",
		fileExtension: "json",
	},
	{
		format: "otlp",
		label: "OTLP/JSON zip",
		detail: "For an OpenTelemetry backend: logs, traces and metrics as requests that can be sent unchanged.",
		filterLabel: "OTLP/JSON zip",
		fileExtension: "zip",
	},
];
