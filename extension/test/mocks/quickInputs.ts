import type * as vscode from "vscode";
import { Emitter } from "./emitter.js";

/** The double of `QuickInputButtons.Back`. */
export const backButton: vscode.QuickInputButton = {
	iconPath: { id: "quick-input-back" } as vscode.ThemeIcon,
};

const separatorKind: vscode.QuickPickItemKind.Separator = -1;

/** The common part of quick picks and input boxes, with methods for what a user does. */
export abstract class FakeQuickInput {
	title: string | undefined;
	step: number | undefined;
	totalSteps: number | undefined;
	ignoreFocusOut = false;
	buttons: readonly vscode.QuickInputButton[] = [];

	isVisible = false;
	isDisposed = false;

	protected readonly accepted = new Emitter<void>();
	protected readonly hidden = new Emitter<void>();
	protected readonly triggered = new Emitter<vscode.QuickInputButton>();
	protected readonly typed = new Emitter<string>();
	readonly #onShow: (input: FakeQuickInput) => void;

	readonly onDidAccept = this.accepted.event;
	readonly onDidHide = this.hidden.event;
	readonly onDidTriggerButton = this.triggered.event;
	readonly onDidChangeValue = this.typed.event;

	constructor(onShow: (input: FakeQuickInput) => void) {
		this.#onShow = onShow;
	}

	show(): void {
		this.isVisible = true;
		this.#onShow(this);
	}

	hide(): void {
		if (this.isVisible) {
			this.isVisible = false;
			this.hidden.fire();
		}
	}

	/** Hides it first if it is visible, as the editor does. */
	dispose(): void {
		this.hide();
		this.isDisposed = true;
	}

	pressEscape(): void {
		this.hide();
	}

	/** @throws if there is no Back button */
	pressBack(): void {
		if (!this.buttons.includes(backButton)) {
			throw new Error(`"${this.title}" has no Back button`);
		}
		this.triggered.fire(backButton);
	}
}

/** A quick pick. Rows are compared by identity, as in the editor. */
export class FakeQuickPick<Item extends vscode.QuickPickItem> extends FakeQuickInput {
	placeholder: string | undefined;
	matchOnDetail = false;
	selectedItems: readonly Item[] = [];

	#items: readonly Item[] = [];
	/** Undefined until set. If set to an empty array, no row is active, as in the editor. */
	#activeItems: readonly Item[] | undefined;

	get items(): readonly Item[] {
		return this.#items;
	}

	set items(items: readonly Item[]) {
		this.#items = [...items];
	}

	get activeItems(): readonly Item[] {
		return this.#activeItems ?? this.#items.slice(0, 1);
	}

	set activeItems(items: readonly Item[]) {
		this.#activeItems = items.filter((item) => this.#items.includes(item));
	}

	/** Filters the rows. The first match becomes active. */
	type(filter: string): void {
		const isMatch = ({ kind, label, detail }: Item) =>
			kind !== separatorKind && (label.includes(filter) || (this.matchOnDetail && detail?.includes(filter)));
		this.#activeItems = this.#items.filter(isMatch).slice(0, 1);
		this.typed.fire(filter);
	}

	/** Selects the active row. The editor fires `onDidAccept` even if no row is active. */
	pressEnter(): void {
		if (this.activeItems.length > 0) {
			this.selectedItems = this.activeItems;
		}
		this.accepted.fire();
	}

	/** @throws if there is no such row */
	choose(label: string): void {
		const item = this.#items.find((candidate) => candidate.label === label);
		if (item === undefined) {
			throw new Error(`"${this.title}" has no row "${label}"`);
		}
		this.#activeItems = [item];
		this.pressEnter();
	}
}

export class FakeInputBox extends FakeQuickInput {
	value = "";
	prompt: string | undefined;
	validationMessage: string | undefined;

	type(text: string): void {
		this.value = text;
		this.typed.fire(text);
	}

	pressEnter(): void {
		this.accepted.fire();
	}
}
