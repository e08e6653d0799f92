/** A program in TypeScript, which is checked and compiled against the installed declarations, then run. */

import {
	type ExportOptions,
	type ExportSummary,
	exportTelemetry,
	listTelemetryFiles,
	resolveRange,
} from "coder-telemetry-export";

const [, , telemetry = "", folder = ""] = process.argv;

async function main(): Promise<void> {
	let lastPhase: "reading" | "finishing" | undefined;
	const options: ExportOptions = {
		temporality: "cumulative",
		signal: new AbortController().signal,
		onProgress: ({ phase }) => {
			lastPhase = phase;
		},
	};
	const summary: ExportSummary = await exportTelemetry(
		telemetry,
		{ startMs: 0 },
		"otlp",
		`${folder}/typed.otlp.zip`,
		options,
	);
	// @ts-expect-error: a format that there is not
	const refusal: unknown = await exportTelemetry(telemetry, "allTime", "csv", folder).catch(
		({ code }) => code,
	);
	const files: number = (await listTelemetryFiles(telemetry, "allTime")).length;
	const { label } = resolveRange("allTime");
	console.log(JSON.stringify({ eventCount: summary.eventCount, files, label, lastPhase, refusal }));
}

main();
