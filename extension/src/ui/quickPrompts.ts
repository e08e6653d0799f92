import * as path from "node:path";
import * as vscode from "vscode";
import type { FormatDescription } from "../export/formats.js";
import {
	type Answer,
	back,
	type DateQuestion,
	type ExportPrompts,
	type FormatQuestion,
	type RangeQuestion,
	type RedactionQuestion,
	type Step,
	type TargetQuestion,
} from "../export/prompts.js";

/** The questions as quick picks, input boxes and a save dialog. */
export const quickPrompts: ExportPrompts = {
	pickRange: ({ rows, selected, ...step }: RangeQuestion) =>
		pick([rows.map(({ choice, label, detail }) => ({ value: choice, label, detail }))], {
			...step,
			title: "Date Range",
			placeholder: "What to export",
			selected,
		}),

	enterDate: (question: DateQuestion) => enterText(question),

	pickFormat: ({ rows, preview, placeholder, selected, ...step }: FormatQuestion) =>
		pick<FormatDescription | "preview">(
			[
				rows.map((format) => ({ value: format, label: format.label, detail: format.detail })),
				[{ value: "preview", label: preview.label, detail: preview.detail }],
			],
			{ ...step, title: "Format", placeholder, selected },
		),

	pickRedaction: ({ rows, placeholder, ...step }: RedactionQuestion) =>
		pick([rows.map(({ level, label, detail }) => ({ value: level, label, detail }))], {
			...step,
			title: "What should be in it?",
			placeholder,
			selected: undefined,
		}),

	pickTarget: async ({ folder, fileName, format }: TargetQuestion) => {
		const target = await vscode.window.showSaveDialog({
			title: "Save Telemetry Export",
			saveLabel: "Export",
			defaultUri: vscode.Uri.file(path.join(folder ?? path.resolve(path.sep), fileName)),
			filters: { [format.filterLabel]: [format.fileExtension] },
		});
		return target && { scheme: target.scheme, path: target.fsPath, uri: target.toString() };
	},
};

/** A row of a quick pick, with the value that it selects. */
interface Row<Value> extends vscode.QuickPickItem {
	readonly value: Value;
}

interface PickOptions<Value> extends Step {
	readonly title: string;
	readonly placeholder: string;
	readonly selected: Value | undefined;
}

interface Separator extends vscode.QuickPickItem {
	readonly kind: vscode.QuickPickItemKind.Separator;
	readonly value?: undefined;
}

/** @param groups Rows from top to bottom; a separator is shown between groups. */
function pick<Value>(groups: Row<Value>[][], options: PickOptions<Value>): Promise<Answer<Value>> {
	const input = vscode.window.createQuickPick<Row<Value> | Separator>();
	input.placeholder = options.placeholder;
	input.matchOnDetail = true;
	const separator: Separator = { kind: vscode.QuickPickItemKind.Separator, label: "" };
	input.items = groups.flatMap((group, index) => (index === 0 ? group : [separator, ...group]));
	const rows = groups.flat();
	const selected = rows.filter(({ value }) => value === options.selected);
	// With an empty array, no row would be active, and Enter would select nothing.
	input.activeItems = selected.length > 0 ? selected : rows.slice(0, 1);
	return show(input, options, (answer) => {
		input.onDidAccept(() => {
			// Nothing is selected if no row matches the typed text.
			const value = input.selectedItems[0]?.value;
			if (value !== undefined) {
				answer(value);
			}
		});
	});
}

function enterText(question: DateQuestion): Promise<Answer<string>> {
	const input = vscode.window.createInputBox();
	input.prompt = question.prompt;
	input.value = question.initialValue;
	const text = () => input.value.trim();
	const validate = () => {
		input.validationMessage = question.validate(text());
	};
	return show(input, question, (answer) => {
		input.onDidChangeValue(validate);
		input.onDidAccept(() => {
			validate();
			if (!input.validationMessage) {
				answer(text());
			}
		});
	});
}

/**
 * Shows a quick pick or an input box until the user answers, goes back, or leaves it.
 *
 * @param listen Adds the listeners that call `answer`.
 */
function show<Input extends vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox, Value>(
	input: Input,
	{ title, step, totalSteps }: Step & { readonly title: string },
	listen: (answer: (value: Value) => void) => void,
): Promise<Answer<Value>> {
	input.title = `Export Telemetry: ${title}`;
	input.step = step;
	input.totalSteps = totalSteps;
	// The user may look up a date in another window.
	input.ignoreFocusOut = true;
	input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
	return new Promise<Answer<Value>>((resolve) => {
		listen(resolve);
		input.onDidTriggerButton(() => resolve(back));
		input.onDidHide(() => resolve(undefined));
		input.show();
	}).finally(() => input.dispose());
}
