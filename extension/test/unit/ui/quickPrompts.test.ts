import type { ExportFormat } from "coder-telemetry-export";
import { describe, expect, it } from "vitest";
import { formats, previewRow } from "../../../src/export/formats.js";
import {
	back,
	type DateQuestion,
	type FormatQuestion,
	type RangeQuestion,
	type RedactionQuestion,
} from "../../../src/export/prompts.js";
import { redactionLevels } from "../../../src/export/redaction.js";
import { quickPrompts } from "../../../src/ui/quickPrompts.js";
import { editorPath } from "../../mocks/extensionWindow.js";
import { backButton } from "../../mocks/quickInputs.js";
import { formatOf } from "../../mocks/scriptedPrompts.js";
import { openEditor, QuickPickItemKind, Uri, window } from "../../mocks/vscode.js";

const rangeQuestion: RangeQuestion = {
	step: 1,
	totalSteps: 2,
	rows: [
		{ choice: "last24Hours", label: "Last 24 hours", detail: "1 file · 1.0 kB · 7 Jun" },
		{ choice: "last7Days", label: "Last 7 days", detail: "3 files · 3.0 kB · 1–7 Jun" },
	],
	selected: undefined,
};
const dateQuestion: DateQuestion = {
	step: 2,
	totalSteps: 4,
	title: "Start Date",
	prompt: "First day to export.",
	initialValue: "2026-06-07",
	validate: (text) => (text.startsWith("2026-") ? undefined : `Not ${text}.`),
};
const formatQuestion: FormatQuestion = {
	step: 2,
	totalSteps: 2,
	rows: formats,
	preview: previewRow,
	placeholder: "Last 7 days: 3 files",
	selected: undefined,
};
const redactionQuestion: RedactionQuestion = {
	step: 3,
	totalSteps: 3,
	rows: redactionLevels,
	placeholder: "JSON array, Last 7 days",
};

/** Asks for a range in a new editor. */
async function askRange(overrides: Partial<RangeQuestion> = {}) {
	const editor = openEditor();
	const answer = quickPrompts.pickRange({ ...rangeQuestion, ...overrides });
	return { answer, input: await editor.nextQuickPick() };
}

async function askDate(overrides: Partial<DateQuestion> = {}) {
	const editor = openEditor();
	const answer = quickPrompts.enterDate({ ...dateQuestion, ...overrides });
	return { answer, input: await editor.nextInputBox() };
}

async function askFormat(overrides: Partial<FormatQuestion> = {}) {
	const editor = openEditor();
	const answer = quickPrompts.pickFormat({ ...formatQuestion, ...overrides });
	return { answer, input: await editor.nextQuickPick() };
}

async function askRedaction() {
	const editor = openEditor();
	const answer = quickPrompts.pickRedaction(redactionQuestion);
	return { answer, input: await editor.nextQuickPick() };
}

describe("the question for a range", () => {
	it("shows its rows, its title and its step", async () => {
		const { input } = await askRange();
		expect(input.items.map(({ label, detail }) => ({ label, detail }))).toEqual([
			{ label: "Last 24 hours", detail: "1 file · 1.0 kB · 7 Jun" },
			{ label: "Last 7 days", detail: "3 files · 3.0 kB · 1–7 Jun" },
		]);
		expect(input).toMatchObject({
			title: "Export Telemetry: Date Range",
			placeholder: "What to export",
			step: 1,
			totalSteps: 2,
			isVisible: true,
		});
	});

	it("is answered by a click on a row", async () => {
		const { answer, input } = await askRange();
		input.choose("Last 7 days");
		expect(await answer).toBe("last7Days");
	});

	it("makes the first row active if there is no previous answer", async () => {
		const { answer, input } = await askRange();
		expect(input.activeItems).toHaveLength(1);
		input.pressEnter();
		expect(await answer).toBe("last24Hours");
	});

	it("makes the row of the previous answer active", async () => {
		const { answer, input } = await askRange({ selected: "last7Days" });
		input.pressEnter();
		expect(await answer).toBe("last7Days");
	});

	it("finds rows by their coverage", async () => {
		const { answer, input } = await askRange();
		input.type("1–7 Jun");
		input.pressEnter();
		expect(await answer).toBe("last7Days");
	});

	it("is not answered by Enter if no row matches", async () => {
		const { answer, input } = await askRange();
		input.type("nothing like it");
		input.pressEnter();
		expect(input.isVisible).toBe(true);
		input.choose("Last 24 hours");
		expect(await answer).toBe("last24Hours");
	});

	it("has no Back button, because it is the first", async () => {
		const { input } = await askRange();
		expect(input.buttons).toEqual([]);
	});

	it("is left by Escape", async () => {
		const { answer, input } = await askRange();
		input.pressEscape();
		expect(await answer).toBeUndefined();
	});
});

describe("every question in a box at the top", () => {
	const questions = [
		{ name: "range", ask: askRange },
		{ name: "date", ask: askDate },
		{ name: "format", ask: askFormat },
		{ name: "redaction", ask: askRedaction },
	];

	it.each(questions)("stays while the user looks at another window: $name", async ({ ask }) => {
		expect((await ask()).input.ignoreFocusOut).toBe(true);
	});

	it.each(questions)("is gone once it is left: $name", async ({ ask }) => {
		const { answer, input } = await ask();
		input.pressEscape();
		await answer;
		expect(input.isDisposed).toBe(true);
	});

	it.each(questions)("is left where another one takes its place: $name", async ({ ask }) => {
		const { answer } = await ask();
		window.createInputBox().show();
		expect(await answer).toBeUndefined();
	});

	it.each(questions.slice(1))("goes back by the Back button: $name", async ({ ask }) => {
		const { answer, input } = await ask();
		expect(input.buttons).toEqual([backButton]);
		input.pressBack();
		expect(await answer).toBe(back);
		expect(input.isDisposed).toBe(true);
	});
});

describe("the question for a date", () => {
	it("shows its title, its prompt, the default date and its step", async () => {
		const { input } = await askDate();
		expect(input).toMatchObject({
			title: "Export Telemetry: Start Date",
			prompt: "First day to export.",
			value: "2026-06-07",
			step: 2,
			totalSteps: 4,
			isVisible: true,
		});
	});

	it("is answered by Enter with the default date", async () => {
		const { answer, input } = await askDate();
		input.pressEnter();
		expect(await answer).toBe("2026-06-07");
	});

	it("is answered with the typed text, without surrounding spaces", async () => {
		const { answer, input } = await askDate();
		input.type("  2026-06-01 ");
		expect(input.validationMessage).toBeUndefined();
		input.pressEnter();
		expect(await answer).toBe("2026-06-01");
	});

	it("shows what is wrong while the user types, until the text is valid", async () => {
		const { input } = await askDate();
		input.type("yesterday");
		expect(input.validationMessage).toBe("Not yesterday.");
		input.type("2026-06-06");
		expect(input.validationMessage).toBeUndefined();
	});

	it("is not answered by Enter while the text is invalid", async () => {
		const { answer, input } = await askDate();
		input.type("yesterday");
		input.pressEnter();
		expect(input.isVisible).toBe(true);
		input.type("2026-06-06");
		input.pressEnter();
		expect(await answer).toBe("2026-06-06");
	});

	it("is not answered by Enter if the default date is invalid", async () => {
		const { answer, input } = await askDate({ initialValue: "tomorrow" });
		input.pressEnter();
		expect(input.validationMessage).toBe("Not tomorrow.");
		input.pressEscape();
		expect(await answer).toBeUndefined();
	});
});

describe("the question for a format", () => {
	it("shows the formats with their purpose, the preview below a separator, and the range", async () => {
		const { input } = await askFormat();
		expect(input.items.map(({ kind, label, detail }) => ({ kind, label, detail }))).toEqual([
			...formats.map(({ label, detail }) => ({ kind: undefined, label, detail })),
			{ kind: QuickPickItemKind.Separator, label: "", detail: undefined },
			{ kind: undefined, ...previewRow },
		]);
		expect(input).toMatchObject({
			title: "Export Telemetry: Format",
			placeholder: "Last 7 days: 3 files",
			step: 2,
			totalSteps: 2,
		});
	});

	it("is answered by a click on a row", async () => {
		const { answer, input } = await askFormat();
		input.choose("OTLP/JSON zip");
		expect(await answer).toBe(formatOf("otlp"));
	});

	it("makes the JSON array active", async () => {
		const { answer, input } = await askFormat();
		input.pressEnter();
		expect(await answer).toBe(formatOf("json"));
	});

	it("makes the row of the previous answer active", async () => {
		const { answer, input } = await askFormat({ selected: formatOf("otlp") });
		input.pressEnter();
		expect(await answer).toBe(formatOf("otlp"));
	});
});

describe("the row for a preview", () => {
	it("is an answer of its own", async () => {
		const { answer, input } = await askFormat();
		input.choose("Preview");
		expect(await answer).toBe("preview");
	});

	it("is found by typing, and chosen by Enter", async () => {
		const { answer, input } = await askFormat();
		input.type("before you export");
		input.pressEnter();
		expect(await answer).toBe("preview");
	});
});

describe("the question for the redaction", () => {
	it("shows the levels with what they replace, and what is exported", async () => {
		const { input } = await askRedaction();
		expect(input.items.map(({ label }) => label)).toEqual([
			"Redacted",
			"Redacted, unknown values too",
			"As recorded",
		]);
		expect(input.items.map(({ detail }) => detail)).toEqual(redactionLevels.map(({ detail }) => detail));
		expect(input).toMatchObject({
			title: "Export Telemetry: What should be in it?",
			placeholder: "JSON array, Last 7 days",
			step: 3,
			totalSteps: 3,
		});
	});

	it("is answered by Enter with a redacted export", async () => {
		const { answer, input } = await askRedaction();
		input.pressEnter();
		expect(await answer).toBe("marked");
	});

	it.each([
		{ label: "Redacted", level: "marked" },
		{ label: "Redacted, unknown values too", level: "unknown" },
		{ label: "As recorded", level: "none" },
	])("is answered by a click on $label", async ({ label, level }) => {
		const { answer, input } = await askRedaction();
		input.choose(label);
		expect(await answer).toBe(level);
	});
});

describe("the question for a target", () => {
	/** Opens the save dialog of a format. */
	async function askTarget(id: ExportFormat) {
		const editor = openEditor();
		const answer = quickPrompts.pickTarget({
			folder: "/home/kim",
			fileName: "coder-telemetry-2026-06-07.otlp.zip",
			format: formatOf(id),
		});
		return { answer, dialog: await editor.saveDialogs.next() };
	}

	it("starts with the suggested name in the folder, and with the file type of the format", async () => {
		const { dialog } = await askTarget("otlp");
		expect(dialog.options).toMatchObject({
			title: "Save Telemetry Export",
			saveLabel: "Export",
			filters: { "OTLP/JSON zip": ["zip"] },
		});
		expect(dialog.options.defaultUri?.fsPath).toBe(
			editorPath("/home/kim/coder-telemetry-2026-06-07.otlp.zip"),
		);
	});

	it.each<{ id: ExportFormat; filters: Record<string, string[]> }>([
		{ id: "json", filters: { JSON: ["json"] } },
		{ id: "html", filters: { HTML: ["html"] } },
	])("offers the file type of $id", async ({ id, filters }) => {
		expect((await askTarget(id)).dialog.options.filters).toEqual(filters);
	});

	it("is answered with the chosen file", async () => {
		const { answer, dialog } = await askTarget("json");
		dialog.save(Uri.file("/exports/june.json"));
		expect(await answer).toEqual({
			scheme: "file",
			path: editorPath("/exports/june.json"),
			uri: "file:///url/exports/june.json",
		});
	});

	it("returns the whole URI if it is not a file on this machine", async () => {
		const { answer, dialog } = await askTarget("json");
		dialog.save(Uri.from({ scheme: "vscode-remote", authority: "host", path: "/june.json" }));
		expect(await answer).toMatchObject({ scheme: "vscode-remote", uri: "vscode-remote://host/june.json" });
	});

	it("is left by cancelling the dialog", async () => {
		const { answer, dialog } = await askTarget("json");
		dialog.cancel();
		expect(await answer).toBeUndefined();
	});
});
