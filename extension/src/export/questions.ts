import type { RedactionLevel, ResolvedRange } from "coder-telemetry-export";
import { type FormatDescription, formats, previewRow } from "./formats.js";
import { type Answer, back, type ExportPrompts, type RangeRow, type Step, type Target } from "./prompts.js";
import { type CoveredRange, findCoverage, type PresetRange, type RangeContext } from "./ranges.js";
import { redactionLevels } from "./redaction.js";

export interface QuestionsContext extends RangeContext {
	readonly prompts: ExportPrompts;
	readonly presetRanges: readonly PresetRange[];
	/** The level of the export. If it is `ask`, the user chooses it. */
	readonly redact: RedactionLevel | "ask";
	/** Finds the folder that the save dialog starts in. */
	readonly findFolder: () => Promise<string | undefined>;
	/** Shows a preview of a range. Handles its own failures; the questions continue afterwards. */
	readonly preview: (range: ResolvedRange) => Promise<void>;
	/** Once aborted, no more questions are asked. */
	readonly signal: AbortSignal;
}

/** The answers to the questions. */
export interface ExportChoice {
	readonly range: ResolvedRange;
	readonly format: FormatDescription;
	readonly redact: RedactionLevel;
	readonly target: Target;
}

/** The next question, or the final choice, which is undefined if the user left. */
type Next = (() => Promise<Next>) | { readonly choice: ExportChoice | undefined };

/**
 * Asks for range, format, redaction and target.
 *
 * @returns undefined if the user left the questions
 */
export async function askWhatToExport(context: QuestionsContext): Promise<ExportChoice | undefined> {
	const questions = new Questions(context);
	let next: Next = () => questions.askRange();
	while (typeof next === "function") {
		if (context.signal.aborted) {
			return undefined;
		}
		next = await next();
	}
	return next.choice;
}

/** Each question returns the next one. Answers are kept, so that they can be offered again. */
class Questions {
	readonly #context: QuestionsContext;

	#rangeChoice: RangeRow["choice"] | undefined;
	#startDate: string | undefined;
	#endDate: string | undefined;
	#format: FormatDescription | undefined;

	/** The numbers of the question for the format, which depend on the range. */
	readonly #presetFormat: Step;
	readonly #customFormat: Step;

	constructor(context: QuestionsContext) {
		this.#context = context;
		const stepsAfter = context.redact === "ask" ? 1 : 0;
		this.#presetFormat = { step: 2, totalSteps: 2 + stepsAfter };
		this.#customFormat = { step: 4, totalSteps: 4 + stepsAfter };
	}

	async askRange(): Promise<Next> {
		const { presetRanges, prompts } = this.#context;
		const rows: RangeRow[] = presetRanges.map(({ preset, range, coverage }) => ({
			choice: preset,
			label: range.label,
			detail: coverage,
		}));
		const answer = await prompts.pickRange({
			step: 1,
			totalSteps: (this.#rangeChoice === "custom" ? this.#customFormat : this.#presetFormat).totalSteps,
			rows: [...rows, { choice: "custom", label: "Custom range…", detail: "From one day to another" }],
			selected: this.#rangeChoice,
		});
		return follow(answer, leave, (choice) => {
			this.#rangeChoice = choice;
			const covered = presetRanges.find(({ preset }) => preset === choice);
			return covered === undefined
				? () => this.#askStartDate()
				: () => this.#askFormat(covered, this.#presetFormat, () => this.askRange());
		});
	}

	async #askStartDate(): Promise<Next> {
		const today = this.#today();
		const answer = await this.#context.prompts.enterDate({
			step: 2,
			totalSteps: this.#customFormat.totalSteps,
			title: "Start Date",
			prompt: `First day to export (UTC, inclusive). Today is ${today}.`,
			initialValue: this.#startDate ?? today,
			validate: (text) => this.#context.exporter.validateDate(text),
		});
		return follow(
			answer,
			() => this.askRange(),
			(date) => {
				this.#startDate = date;
				return () => this.#askEndDate(date);
			},
		);
	}

	async #askEndDate(start: string): Promise<Next> {
		const today = this.#today();
		const proposal = this.#endDate ?? today;
		const answer = await this.#context.prompts.enterDate({
			step: 3,
			totalSteps: this.#customFormat.totalSteps,
			title: "End Date",
			prompt: `Last day to export (UTC, inclusive). Today is ${today}.`,
			// Dates in this form can be compared as strings.
			initialValue: proposal < start ? start : proposal,
			validate: (text) =>
				this.#context.exporter.validateDate(text) ??
				(text < start ? "End date must be on or after start date." : undefined),
		});
		return follow(
			answer,
			() => this.#askStartDate(),
			async (end) => {
				this.#endDate = end;
				const covered = await findCoverage(`${start}..${end}`, this.#context);
				return () => this.#askFormat(covered, this.#customFormat, () => this.#askEndDate(start));
			},
		);
	}

	/** @param previous The question that Back leads to. */
	async #askFormat(covered: CoveredRange, step: Step, previous: Next): Promise<Next> {
		const { range, coverage } = covered;
		const { prompts, redact, preview } = this.#context;
		const answer = await prompts.pickFormat({
			...step,
			rows: formats,
			preview: previewRow,
			placeholder: `${range.label}: ${coverage}`,
			selected: this.#format,
		});
		const again = () => this.#askFormat(covered, step, previous);
		return follow(answer, previous, async (choice) => {
			if (choice === "preview") {
				await preview(range);
				return again;
			}
			this.#format = choice;
			return redact === "ask"
				? () => this.#askRedaction(range, choice, step.totalSteps, again)
				: () => this.#askTarget(range, choice, redact);
		});
	}

	/**
	 * @param step The last step, because the save dialog has no number.
	 * @param previous The question that Back leads to.
	 */
	async #askRedaction(
		range: ResolvedRange,
		format: FormatDescription,
		step: number,
		previous: Next,
	): Promise<Next> {
		const answer = await this.#context.prompts.pickRedaction({
			step,
			totalSteps: step,
			rows: redactionLevels,
			placeholder: `${format.label}, ${range.label}`,
		});
		return follow(answer, previous, (redact) => () => this.#askTarget(range, format, redact));
	}

	async #askTarget(range: ResolvedRange, format: FormatDescription, redact: RedactionLevel): Promise<Next> {
		const { exporter, prompts, findFolder } = this.#context;
		const target = await prompts.pickTarget({
			folder: await findFolder(),
			fileName: exporter.suggestedFileName(range, format.format, redact),
			format,
		});
		return target === undefined ? leave : { choice: { range, format, redact, target } };
	}

	#today(): string {
		return this.#context.now.toISOString().slice(0, "YYYY-MM-DD".length);
	}
}

const leave: Next = { choice: undefined };

/** @returns where an answer leads: out, back to `previous`, or on */
async function follow<Value extends object | string>(
	answer: Answer<Value>,
	previous: Next,
	advance: (value: Value) => Next | Promise<Next>,
): Promise<Next> {
	if (answer === undefined) {
		return leave;
	}
	return answer === back ? previous : advance(answer);
}
