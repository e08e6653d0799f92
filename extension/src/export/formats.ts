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
		detail: "To read, or for a support ticket: every event, in order of time.",
		filterLabel: "JSON",
		fileExtension: "json",
	},
	{
		format: "otlp",
		label: "OTLP/JSON zip",
		detail: "For an OpenTelemetry backend: logs, traces and metrics, ready to be sent.",
		filterLabel: "OTLP/JSON zip",
		fileExtension: "zip",
	},
	{
		format: "html",
		label: "HTML report",
		detail: "To look at in a browser: what the events say, and what the other formats would share.",
		filterLabel: "HTML",
		fileExtension: "html",
	},
];

/** The row after the formats, which saves nothing: a report that is shown in the editor. */
export const previewRow = {
	label: "Preview",
	detail: "Look at what this range would share, before you export it.",
} as const;
