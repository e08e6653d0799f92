import type { ExportFormat, RedactionLevel } from "coder-telemetry-export";
import { type FormatDescription, formats } from "../../src/export/formats.js";
import type {
	Answer,
	DateQuestion,
	ExportPrompts,
	FormatQuestion,
	RangeQuestion,
	RangeRow,
	RedactionQuestion,
	Target,
	TargetQuestion,
} from "../../src/export/prompts.js";

/** The answers to each question. */
interface Answers {
	range: Answer<RangeRow["choice"]>;
	date: Answer<string>;
	format: Answer<FormatDescription | "preview">;
	redaction: Answer<RedactionLevel>;
	target: Target | undefined;
}

/** An answer, and the question that it is for. */
export type ScriptedAnswer = {
	[Kind in keyof Answers]: { readonly to: Kind; readonly answer: Answers[Kind] };
}[keyof Answers];

export function range(answer: Answer<RangeRow["choice"]>): ScriptedAnswer {
	return { to: "range", answer };
}

export function date(answer: Answer<string>): ScriptedAnswer {
	return { to: "date", answer };
}

export function format(answer: Answer<ExportFormat | "preview">): ScriptedAnswer {
	const isFormat = typeof answer === "string" && answer !== "preview";
	return { to: "format", answer: isFormat ? formatOf(answer) : answer };
}

export function redaction(answer: Answer<RedactionLevel>): ScriptedAnswer {
	return { to: "redaction", answer };
}

/** @param file The path of a file on this machine. */
export function target(file: string | undefined): ScriptedAnswer {
	return { to: "target", answer: file === undefined ? undefined : fileTarget(file) };
}

export function fileTarget(file: string): Target {
	return { scheme: "file", path: file, uri: `file://${file}` };
}

export function formatOf(id: ExportFormat): FormatDescription {
	const description = formats.find((candidate) => candidate.format === id);
	if (description === undefined) {
		throw new Error(`no format ${id} is offered`);
	}
	return description;
}

/** Prompts that answer from a script, and record the questions. */
export class ScriptedPrompts implements ExportPrompts {
	readonly asked: string[] = [];
	readonly ranges: RangeQuestion[] = [];
	readonly dates: DateQuestion[] = [];
	readonly formats: FormatQuestion[] = [];
	readonly redactions: RedactionQuestion[] = [];
	readonly targets: TargetQuestion[] = [];
	readonly #script: ScriptedAnswer[];

	constructor(...script: ScriptedAnswer[]) {
		this.#script = script;
	}

	async pickRange(question: RangeQuestion): Promise<Answer<RangeRow["choice"]>> {
		this.ranges.push(question);
		return this.#answer("range");
	}

	async enterDate(question: DateQuestion): Promise<Answer<string>> {
		this.dates.push(question);
		return this.#answer("date");
	}

	async pickFormat(question: FormatQuestion): Promise<Answer<FormatDescription | "preview">> {
		this.formats.push(question);
		return this.#answer("format");
	}

	async pickRedaction(question: RedactionQuestion): Promise<Answer<RedactionLevel>> {
		this.redactions.push(question);
		return this.#answer("redaction");
	}

	async pickTarget(question: TargetQuestion): Promise<Target | undefined> {
		this.targets.push(question);
		return this.#answer("target");
	}

	#answer<Kind extends keyof Answers>(kind: Kind): Answers[Kind] {
		this.asked.push(kind);
		const next = this.#script.shift();
		if (next?.to !== kind) {
			throw new Error(`the script has an answer to ${next?.to ?? "nothing"}, but the question is ${kind}`);
		}
		return next.answer as Answers[Kind];
	}
}
