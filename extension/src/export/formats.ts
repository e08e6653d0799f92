import type { ExportFormat } from "coder-telemetry-export";

/** A format, as it is shown to the user. */
export interface FormatDescription {
	readonly format: ExportFormat;
	readonly label: string;
	readonly detail: string;
	/** The name of its files in a save dialog. */
	readonly filterLabel: string;
	/** The last extension of its file names, without the dot. */
	readonly fileExtension: string;
}

/** The formats, in the order of the quick pick. */
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

/** The row after the formats. It shows a report in the editor and saves nothing. */
export const previewRow = {
	label: "Preview",
	detail: "Look at what this range would share, before you export it.",
} as const;
