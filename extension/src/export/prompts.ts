import type { RangePreset, RedactionLevel } from "coder-telemetry-export";
import type { FormatDescription } from "./formats.js";
import type { RedactionDescription } from "./redaction.js";

/** The answer that leads back to the previous question. */
export const back = Symbol("back");

/** An answer; undefined if the user left the questions. */
export type Answer<Value> = Value | typeof back | undefined;

/** The number of a question, counted from 1. */
export interface Step {
	readonly step: number;
	readonly totalSteps: number;
}

/** A row of the quick pick of ranges. */
export interface RangeRow {
	readonly choice: RangePreset | "custom";
	readonly label: string;
	/** What the range covers. */
	readonly detail: string;
}

export interface RangeQuestion extends Step {
	readonly rows: readonly RangeRow[];
	/** The previous answer, if the user has come back. */
	readonly selected: RangeRow["choice"] | undefined;
}

export interface DateQuestion extends Step {
	readonly title: string;
	readonly prompt: string;
	readonly initialValue: string;
	/** @returns what is wrong with the text; undefined if it is valid */
	readonly validate: (text: string) => string | undefined;
}

export interface FormatQuestion extends Step {
	readonly rows: readonly FormatDescription[];
	/** Shown below the formats, apart from them. */
	readonly preview: PreviewRow;
	/** The range and what it covers. */
	readonly placeholder: string;
	/** The previous answer, if the user has come back. */
	readonly selected: FormatDescription | undefined;
}

export interface RedactionQuestion extends Step {
	readonly rows: readonly RedactionDescription[];
	/** The format and the range. */
	readonly placeholder: string;
}

export interface PreviewRow {
	readonly label: string;
	readonly detail: string;
}

export interface TargetQuestion {
	/** The folder to start in; undefined if none is known. The dialog starts in the root directory then. */
	readonly folder: string | undefined;
	readonly fileName: string;
	readonly format: FormatDescription;
}

/** The file that the user chose in a save dialog. */
export interface Target {
	/** `file` if it is a file on this machine. */
	readonly scheme: string;
	readonly path: string;
	/** The whole URI, for messages. */
	readonly uri: string;
}

/** The user interface of the questions. */
export interface ExportPrompts {
	pickRange(question: RangeQuestion): Promise<Answer<RangeRow["choice"]>>;
	enterDate(question: DateQuestion): Promise<Answer<string>>;
	pickFormat(question: FormatQuestion): Promise<Answer<FormatDescription | "preview">>;
	pickRedaction(question: RedactionQuestion): Promise<Answer<RedactionLevel>>;
	/** Shows a save dialog. It has no way back, and asks before it replaces a file. */
	pickTarget(question: TargetQuestion): Promise<Target | undefined>;
}
