import type { ResolvedRange } from "coder-telemetry-export";
import { type FormatDescription, formats, previewRow } from "./formats.js";
import { type Answer, back, type ExportPrompts, type RangeRow, type Target } from "./prompts.js";
import { type CoveredRange, findCoverage, type PresetRange, type RangeContext } from "./ranges.js";

export interface QuestionsContext extends RangeContext {
	readonly prompts: ExportPrompts;
	readonly presetRanges: readonly PresetRange[];
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
	readonly target: Target;
}

/** The next question, or the final choice, which is undefined if the user left. */
type Next = (() => Promise<Next>) | { readonly choice: ExportChoice | undefined };

/**
 * Asks for range, format and target.
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

	constructor(context: QuestionsContext) {
		this.#context = context;
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
			totalSteps: this.#rangeChoice === "custom" ? customSteps : presetSteps,
			rows: [...rows, { choice: "custom", label: "Custom range…", detail: "From one day to another" }],
			selected: this.#rangeChoice,
		});
		return follow(answer, leave, (choice) => {
			this.#rangeChoice = choice;
			const covered = presetRanges.find(({ preset }) => preset === choice);
			return covered === undefined
				? () => this.#askStartDate()
				: () => this.#askFormat(covered, presetSteps, () => this.askRange());
		});
	}

	async #askStartDate(): Promise<Next> {
		const today = this.#today();
		const answer = await this.#context.prompts.enterDate({
			step: 2,
			totalSteps: customSteps,
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
			totalSteps: customSteps,
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
				return () => this.#askFormat(covered, customSteps, () => this.#askEndDate(start));
			},
		);
	}

	/**
	 * @param step The last step, because the save dialog has no number.
	 * @param previous The question that Back leads to.
	 */
	async #askFormat(covered: CoveredRange, step: number, previous: Next): Promise<Next> {
		const { range, coverage } = covered;
		const answer = await this.#context.prompts.pickFormat({
			step,
			totalSteps: step,
			rows: formats,
			preview: previewRow,
			placeholder: `${range.label}: ${coverage}`,
		});
		return follow(answer, previous, async (choice) => {
			if (choice !== "preview") {
				return () => this.#askTarget(range, choice);
			}
			await this.#context.preview(range);
			return () => this.#askFormat(covered, step, previous);
		});
	}

	async #askTarget(range: ResolvedRange, format: FormatDescription): Promise<Next> {
		const { exporter, prompts, findFolder } = this.#context;
		const target = await prompts.pickTarget({
			folder: await findFolder(),
			fileName: exporter.suggestedFileName(range, format.format),
			format,
		});
		return target === undefined ? leave : { choice: { range, format, target } };
	}

	#today(): string {
		return this.#context.now.toISOString().slice(0, "YYYY-MM-DD".length);
	}
}

/** The number of numbered questions if the range is a preset, and if it is two dates. */
const presetSteps = 2;
const customSteps = 4;

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
