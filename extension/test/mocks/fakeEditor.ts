import type * as vscode from "vscode";
import { AsyncQueue } from "./asyncQueue.js";
import { Emitter } from "./emitter.js";
import { flushPromises } from "./flushPromises.js";
import { FakeInputBox, type FakeQuickInput, FakeQuickPick } from "./quickInputs.js";
import type { FakeWebviewPanel } from "./webviewPanel.js";

/** A message on the screen. */
export class FakeMessage {
	readonly severity: "information" | "warning" | "error";
	readonly text: string;
	readonly buttons: readonly string[];
	readonly #items: readonly vscode.MessageItem[];
	readonly #close: (pressed: vscode.MessageItem | undefined) => void;

	constructor(
		severity: FakeMessage["severity"],
		text: string,
		items: readonly vscode.MessageItem[],
		close: (pressed: vscode.MessageItem | undefined) => void,
	) {
		this.severity = severity;
		this.text = text;
		this.buttons = items.map(({ title }) => title);
		this.#items = items;
		this.#close = close;
	}

	/**
	 * Presses a button, and waits for the action of the extension.
	 *
	 * @throws if there is no such button
	 */
	async press(title: string): Promise<void> {
		const item = this.#items.find((candidate) => candidate.title === title);
		if (item === undefined) {
			throw new Error(`"${this.text}" has no button "${title}"`);
		}
		this.#close(item);
		await flushPromises();
	}

	/** Closes it, and waits for the extension to react. */
	async dismiss(): Promise<void> {
		this.#close(undefined);
		await flushPromises();
	}
}

/** A progress notification. It adds up the increments, as the editor does. */
export class FakeProgress {
	readonly options: vscode.ProgressOptions;
	readonly messages: (string | undefined)[] = [];
	/** Undefined for a report without an increment, after which the editor shows an indeterminate bar. */
	readonly increments: (number | undefined)[] = [];
	percent = 0;
	readonly token: vscode.CancellationToken;
	readonly #reported = new Emitter<void>();
	readonly #cancelled = new Emitter<void>();
	#isCancelled = false;

	readonly onDidReport = this.#reported.event;

	constructor(options: vscode.ProgressOptions) {
		this.options = options;
		const isCancelled = () => this.#isCancelled;
		this.token = {
			get isCancellationRequested() {
				return isCancelled();
			},
			onCancellationRequested: this.#cancelled.event as vscode.Event<void>,
		};
	}

	report({ message, increment }: { message?: string; increment?: number }): void {
		this.messages.push(message);
		this.increments.push(increment);
		this.percent += increment ?? 0;
		this.#reported.fire();
	}

	pressCancel(): void {
		this.#isCancelled = true;
		this.#cancelled.fire();
	}
}

/** A save dialog on the screen. */
export interface FakeSaveDialog {
	readonly options: vscode.SaveDialogOptions;
	save(target: vscode.Uri): void;
	cancel(): void;
}

/** An output channel that keeps its text. */
export class FakeOutputChannel {
	readonly name: string;
	text = "";
	isShown = false;
	isDisposed = false;

	constructor(name: string) {
		this.name = name;
	}

	appendLine(line: string): void {
		this.text += `${line}\n`;
	}

	show(): void {
		this.isShown = true;
	}

	dispose(): void {
		this.isDisposed = true;
	}
}

/** The editor behind the double of `vscode`, as a user sees it. */
export class FakeEditor {
	isWeb = false;
	clipboard = "";
	/** Values of settings by their full names. */
	readonly settings = new Map<string, unknown>();
	/** The id of a command that fails. */
	failingCommand: string | undefined;
	/** The calls of the editor's own commands. */
	readonly executed: { readonly command: string; readonly args: readonly unknown[] }[] = [];
	readonly outputs: FakeOutputChannel[] = [];
	/** All panels, including closed ones. */
	readonly panels: FakeWebviewPanel[] = [];
	readonly messages = new AsyncQueue<FakeMessage>();
	readonly progresses = new AsyncQueue<FakeProgress>();
	/** The progress shown in the status bar. */
	readonly statuses = new AsyncQueue<FakeProgress>();
	readonly saveDialogs = new AsyncQueue<FakeSaveDialog>();
	readonly inputs = new AsyncQueue<FakeQuickInput>();

	readonly extensionsChanged = new Emitter<void>();
	#extensions: readonly vscode.Extension<unknown>[] = [];
	readonly #commands = new Map<string, (...args: unknown[]) => unknown>();
	#openInput: FakeQuickInput | undefined;

	get extensions(): readonly vscode.Extension<unknown>[] {
		return this.#extensions;
	}

	/** Installs these extensions and no others. */
	installExtensions(...extensions: { readonly id: string; readonly packageJSON: unknown }[]): void {
		this.#extensions = extensions as unknown as vscode.Extension<unknown>[];
		this.extensionsChanged.fire();
	}

	/** @throws if the command is already registered, as in the editor */
	registerCommand(id: string, handler: (...args: unknown[]) => unknown): vscode.Disposable {
		if (this.#commands.has(id)) {
			throw new Error(`command '${id}' already exists`);
		}
		this.#commands.set(id, handler);
		return { dispose: () => this.#commands.delete(id) };
	}

	hasCommand(id: string): boolean {
		return this.#commands.has(id);
	}

	/** Runs a registered command. The editor's own commands are only recorded. */
	async executeCommand(id: string, ...args: unknown[]): Promise<unknown> {
		if (id === this.failingCommand) {
			throw new Error(`command '${id}' failed`);
		}
		const handler = this.#commands.get(id);
		if (handler !== undefined) {
			return handler(...args);
		}
		if (!["revealFileInOS", "vscode.open", "workbench.action.openSettings"].includes(id)) {
			throw new Error(`command '${id}' not found`);
		}
		this.executed.push({ command: id, args });
		return undefined;
	}

	/** Only one input is visible: the one before is hidden. */
	onShow(input: FakeQuickInput): void {
		if (this.#openInput !== input) {
			this.#openInput?.hide();
			this.#openInput = input;
		}
		this.inputs.push(input);
	}

	/** @returns the next quick pick that is shown */
	async nextQuickPick(): Promise<FakeQuickPick<vscode.QuickPickItem>> {
		const input = await this.inputs.next();
		if (!(input instanceof FakeQuickPick)) {
			throw new Error(`"${input.title}" is not a quick pick`);
		}
		return input;
	}

	/** @returns the next input box that is shown */
	async nextInputBox(): Promise<FakeInputBox> {
		const input = await this.inputs.next();
		if (!(input instanceof FakeInputBox)) {
			throw new Error(`"${input.title}" is not an input box`);
		}
		return input;
	}

	/** @returns the function that shows messages of this severity */
	showMessage(
		severity: FakeMessage["severity"],
	): (text: string, ...items: vscode.MessageItem[]) => Promise<vscode.MessageItem | undefined> {
		return (text, ...items) =>
			new Promise((close) => {
				this.messages.push(new FakeMessage(severity, text, items, close));
			});
	}

	showSaveDialog(options: vscode.SaveDialogOptions): Promise<vscode.Uri | undefined> {
		return new Promise((close) => {
			this.saveDialogs.push({ options, save: close, cancel: () => close(undefined) });
		});
	}

	createOutputChannel(name: string): FakeOutputChannel {
		const output = new FakeOutputChannel(name);
		this.outputs.push(output);
		return output;
	}
}
