import type { ExportRange, RangePreset, ResolvedRange } from "coder-telemetry-export";
import { describeCoverage } from "./coverage.js";
import type { Exporter } from "./exporter.js";
import { type FormatDescription, formats } from "./formats.js";
import { type Answer, back, type ExportPrompts, type RangeRow, type Target } from "./prompts.js";

/** The presets in the order in which they are offered. */
const presets: readonly RangePreset[] = ["last24Hours", "last7Days", "last30Days", "allTime"];

/** What the questions start from. */
export interface QuestionsContext {
	readonly exporter: Exporter;
	readonly prompts: ExportPrompts;
	/** The telemetry directory. */
	readonly directory: string;
	readonly graceDays: number | undefined;
	/** The moment that rolling ranges end at and whose UTC day is today. */
	readonly now: Date;
	/** The folder that the save dialog begins in. */
	readonly folder: string;
}

/** All that a user chose. */
export interface ExportChoice {
	readonly range: ResolvedRange;
	readonly format: FormatDescription;
	readonly target: Target;
}

/** A range with what it covers, in words. */
interface CoveredRange {
	readonly range: ResolvedRange;
	readonly coverage: string;
}

interface PresetRange extends CoveredRange {
	readonly preset: RangePreset;
}

type Question = "range" | "startDate" | "endDate" | "format" | "target";

/** Where an answer leads to. */
type Next = Question | "answered" | "left";

/**
 * Asks for range, format and target.
 *
 * @returns nothing where the user left the questions
 */
export async function askWhatToExport(context: QuestionsContext): Promise<ExportChoice | undefined> {
	const presetRanges = await Promise.all(
		presets.map(async (preset) => ({ preset, ...(await cover(preset, context)) })),
	);
	return new Questions(context, presetRanges).ask();
}

/** The questions one after another, each with the answer that it got last. */
class Questions {
	readonly #context: QuestionsContext;
	readonly #presetRanges: readonly PresetRange[];

	#rangeChoice: RangeRow["choice"] | undefined;
	#startDate: string;
	#endDate: string | undefined;
	#covered: CoveredRange | undefined;
	#format: FormatDescription | undefined;
	#target: Target | undefined;

	constructor(context: QuestionsContext, presetRanges: readonly PresetRange[]) {
		this.#context = context;
		this.#presetRanges = presetRanges;
		this.#startDate = this.#today();
	}

	async ask(): Promise<ExportChoice | undefined> {
		const questions: Record<Question, () => Promise<Next>> = {
			range: () => this.#askRange(),
			startDate: () => this.#askStartDate(),
			endDate: () => this.#askEndDate(),
			format: () => this.#askFormat(),
			target: () => this.#askTarget(),
		};
		let next: Next = "range";
		while (next !== "answered" && next !== "left") {
			next = await questions[next]();
		}
		return this.#covered && this.#format && this.#target
			? { range: this.#covered.range, format: this.#format, target: this.#target }
			: undefined;
	}

	async #askRange(): Promise<Next> {
		const rows: RangeRow[] = this.#presetRanges.map(({ preset, range, coverage }) => ({
			choice: preset,
			label: range.label,
			detail: coverage,
		}));
		const answer = await this.#context.prompts.pickRange({
			step: 1,
			totalSteps: this.#isCustom() ? 4 : 2,
			rows: [...rows, { choice: "custom", label: "Custom range…", detail: "From one day to another" }],
			selected: this.#rangeChoice,
		});
		return follow(answer, "left", (choice) => {
			this.#rangeChoice = choice;
			this.#covered = this.#presetRanges.find(({ preset }) => preset === choice);
			return this.#isCustom() ? "startDate" : "format";
		});
	}

	async #askStartDate(): Promise<Next> {
		const answer = await this.#context.prompts.enterDate({
			step: 2,
			totalSteps: 4,
			title: "Start Date",
			prompt: `First day of the range, in UTC. Today is ${this.#today()}.`,
			initialValue: this.#startDate,
			validate: (text) => this.#context.exporter.validateDate(text),
		});
		return follow(answer, "range", (date) => {
			this.#startDate = date;
			return "endDate";
		});
	}

	async #askEndDate(): Promise<Next> {
		const start = this.#startDate;
		// Dates in this form sort as texts do.
		const proposal = [this.#endDate ?? this.#today(), start].sort().at(-1) ?? start;
		const answer = await this.#context.prompts.enterDate({
			step: 3,
			totalSteps: 4,
			title: "End Date",
			prompt: `Last day of the range, in UTC; it is exported too. Today is ${this.#today()}.`,
			initialValue: proposal,
			validate: (text) =>
				this.#context.exporter.validateDate(text) ??
				(text < start ? "End date must be on or after start date." : undefined),
		});
		return follow(answer, "startDate", async (date): Promise<Next> => {
			this.#endDate = date;
			this.#covered = await cover(`${start}..${date}`, this.#context);
			return "format";
		});
	}

	async #askFormat(): Promise<Next> {
		const isCustom = this.#isCustom();
		const answer = await this.#context.prompts.pickFormat({
			step: isCustom ? 4 : 2,
			totalSteps: isCustom ? 4 : 2,
			rows: formats,
			placeholder: `${this.#covered?.range.label}: ${this.#covered?.coverage}`,
			selected: this.#format?.format,
		});
		return follow(answer, isCustom ? "endDate" : "range", (format) => {
			this.#format = formats.find((description) => description.format === format);
			return "target";
		});
	}

	async #askTarget(): Promise<Next> {
		const { exporter, prompts, folder } = this.#context;
		const { range } = this.#covered as CoveredRange;
		const format = this.#format as FormatDescription;
		this.#target = await prompts.pickTarget({
			folder,
			fileName: exporter.suggestedFileName(range, format.format),
			format,
		});
		return "answered";
	}

	#isCustom(): boolean {
		return this.#rangeChoice === "custom";
	}

	#today(): string {
		return this.#context.now.toISOString().slice(0, "YYYY-MM-DD".length);
	}
}

/** Where an answer leads to: out, back to `previous`, or on. */
async function follow<Value>(
	answer: Answer<Value>,
	previous: Next,
	goOn: (value: Value) => Next | Promise<Next>,
): Promise<Next> {
	switch (answer) {
		case undefined:
			return "left";
		case back:
			return previous;
		default:
			return goOn(answer as Value);
	}
}

/**
 * Pins a range to the moment of the questions, so that what is shown, the name of the file and what is exported
 * are of one window, and says which files it has.
 */
async function cover(
	range: ExportRange,
	{ exporter, directory, graceDays, now }: QuestionsContext,
): Promise<CoveredRange> {
	const resolved = exporter.resolveRange(range, now);
	const files = await exporter.listTelemetryFiles(directory, resolved, graceDays);
	return { range: resolved, coverage: describeCoverage(files, now) };
}
