import type { RedactionLevel } from "coder-telemetry-export";

/** A redaction level, as it is shown to the user. */
export interface RedactionDescription {
	readonly level: RedactionLevel;
	readonly label: string;
	/** What it replaces, short enough for one line. Redacted is not anonymous, so it must not promise that. */
	readonly detail: string;
}

/** The levels, in the order of the quick pick. */
export const redactionLevels: readonly RedactionDescription[] = [
	{
		level: "marked",
		label: "Redacted",
		detail: "Replaces the names, hosts, addresses, tokens and ids that rules find.",
	},
	{
		level: "unknown",
		label: "Redacted, unknown values too",
		detail: "Also replaces error messages, and values that the exporter does not know.",
	},
	{
		level: "none",
		label: "As recorded",
		detail: "Replaces nothing: names, machine ids, URLs and messages stay as they are.",
	},
];
