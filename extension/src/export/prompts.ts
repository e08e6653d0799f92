import type { RangePreset } from "coder-telemetry-export";
import type { FormatDescription } from "./formats.js";

/** The answer "back to the question before". */
export const back = Symbol("back");

/** What was answered; nothing where the user left the questions. */
export type Answer<Value> = Value | typeof back | undefined;

/** Where in the row of questions one stands, both from 1. */
export interface Step {
	readonly step: number;
	readonly totalSteps: number;
}

/** A row of the question for a range. */
export interface RangeRow {
	readonly choice: RangePreset | "custom";
	readonly label: string;
	/** What the range would cover. */
	readonly detail: string;
}

export interface RangeQuestion extends Step {
	readonly rows: readonly RangeRow[];
	/** The answer given before, to come back to. */
	readonly selected: RangeRow["choice"] | undefined;
}

export interface DateQuestion extends Step {
	readonly title: string;
	/** The question with all that a user must know to answer it. */
	readonly prompt: string;
	readonly initialValue: string;
	/** @returns what is wrong with a text, or nothing when it is an answer */
	readonly validate: (text: string) => string | undefined;
}

export interface FormatQuestion extends Step {
	readonly rows: readonly FormatDescription[];
	/** The row that is no format, apart from the others. */
	readonly preview: PreviewRow;
	/** What is about to be exported. */
	readonly placeholder: string;
}

export interface PreviewRow {
	readonly label: string;
	readonly detail: string;
}

export interface TargetQuestion {
	/** The folder to begin in; nothing to leave it to the editor. */
	readonly folder: string | undefined;
	readonly fileName: string;
	readonly format: FormatDescription;
}

/** What the user picked in a save dialog. */
export interface Target {
	/** `file` for a file that programs can open by its path. */
	readonly scheme: string;
	/** Its path. */
	readonly path: string;
	/** All of it, for messages. */
	readonly uri: string;
}

/** The questions of an export, however they are asked. */
export interface ExportPrompts {
	pickRange(question: RangeQuestion): Promise<Answer<RangeRow["choice"]>>;
	enterDate(question: DateQuestion): Promise<Answer<string>>;
	pickFormat(question: FormatQuestion): Promise<Answer<FormatDescription | "preview">>;
	/** A save dialog has no way back; it asks by itself before it lets a file be replaced. */
	pickTarget(question: TargetQuestion): Promise<Target | undefined>;
}
