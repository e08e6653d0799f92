import { cpSync, mkdirSync } from "node:fs";
import * as path from "node:path";
import { onTestFinished, vi } from "vitest";
import type * as vscode from "vscode";
import { writeTelemetry } from "../../../scripts/testing/telemetry-rows.mjs";
import { activate } from "../../src/extension.js";
import type { FakeMessage, FakeOutputChannel, FakeProgress } from "./fakeEditor.js";
import { contributedSettings, manifest } from "./manifest.js";
import { provideAddon } from "./requiredAddon.js";
import { temporaryFolder } from "./temporaryFolder.js";
import { ExtensionKind, openEditor, Uri } from "./vscode.js";

const sample = path.join(import.meta.dirname, "../../../examples/telemetry/current");

/** The counts of the sample, as in its `README.md`. */
export const sampleCounts = { events: 396, logs: 45, spans: 90, dataPoints: 1049 };

/** @returns a path as the editor writes it: on Windows, with a drive letter in lower case */
export function editorPath(path: string): string {
	return Uri.file(path).fsPath;
}

/** The answers to the questions of an export. */
export interface Answers {
	readonly range: string;
	/** The days of a custom range. */
	readonly days?: readonly string[];
	readonly format: string;
	/** The row of the question for the redaction; "As recorded" if it is left out. */
	readonly redaction?: string;
	readonly file: string;
}

/** Where an editor and its extensions run. */
interface EditorKind {
	/** Whether the editor runs in a browser. */
	readonly isWeb: boolean;
	/** Whether extensions run on another machine than the user's own. */
	readonly isRemote: boolean;
}

/** A double of `vscode.Memento`. */
class FakeMemento {
	readonly #values = new Map<string, unknown>();

	get<Value>(key: string): Value | undefined {
		return this.#values.get(key) as Value | undefined;
	}

	async update(key: string, value: unknown): Promise<void> {
		this.#values.set(key, value);
	}
}

/** A window of the editor with the extension and the Coder extension's telemetry directory. */
export class ExtensionWindow {
	readonly editor = openEditor();
	/** A folder to export to. */
	readonly exports: string;
	/** The default telemetry directory; it need not exist. */
	readonly telemetry: string;
	/** The folder of preview files. */
	readonly previews: string;
	readonly #context: vscode.ExtensionContext;

	constructor({ isWeb, isRemote }: EditorKind) {
		this.editor.isWeb = isWeb;
		const folder = editorPath(temporaryFolder());
		const globalStorage = path.join(folder, "globalStorage");
		this.exports = path.join(folder, "exports");
		this.telemetry = path.join(globalStorage, "coder.coder-remote", "telemetry");
		mkdirSync(this.exports);
		for (const [id, setting] of Object.entries(contributedSettings())) {
			this.editor.settings.set(id, setting.default);
		}
		const id = `${manifest.publisher}.${manifest.name}`;
		const globalStoragePath = path.join(globalStorage, id);
		this.previews = path.join(globalStoragePath, "previews");
		this.editor.installExtensions({ id, packageJSON: manifest });
		this.#context = {
			extension: { id, extensionKind: isRemote ? ExtensionKind.Workspace : ExtensionKind.UI },
			globalState: new FakeMemento(),
			globalStorageUri: Uri.file(globalStoragePath),
			subscriptions: [],
		} as unknown as vscode.ExtensionContext;
	}

	/** Copies the sample telemetry into the telemetry directory. */
	recordSample(): this {
		cpSync(sample, this.telemetry, { recursive: true });
		return this;
	}

	/** Writes telemetry files with these lines. */
	record(linesByFile: Record<string, string[]>): this {
		writeTelemetry(this.telemetry, linesByFile);
		return this;
	}

	activate(): this {
		activate(this.#context);
		return this;
	}

	/** Disposes of the subscriptions, as the editor does when the extension is disabled. */
	disposeSubscriptions(): void {
		for (const subscription of this.#context.subscriptions) {
			subscription.dispose();
		}
	}

	get output(): FakeOutputChannel {
		const [output] = this.editor.outputs;
		if (output === undefined) {
			throw new Error("the extension has made no output channel");
		}
		return output;
	}

	/** Runs a command by its id. */
	run(command = "coder.exportTelemetry"): Promise<unknown> {
		return this.editor.executeCommand(command);
	}

	/** Answers all questions, each when it is asked. */
	async answer({ range, days = [], format, redaction = "As recorded", file }: Answers): Promise<void> {
		(await this.editor.nextQuickPick()).choose(range);
		for (const day of days) {
			const input = await this.editor.nextInputBox();
			input.type(day);
			input.pressEnter();
		}
		(await this.editor.nextQuickPick()).choose(format);
		(await this.editor.nextQuickPick()).choose(redaction);
		(await this.editor.saveDialogs.next()).save(Uri.file(file));
	}

	/** Runs the command, answers its questions, and waits until it ends. */
	async export(answers: Answers): Promise<{ message: FakeMessage; progress: FakeProgress }> {
		const running = this.run();
		await this.answer(answers);
		const progress = await this.editor.progresses.next();
		await running;
		return { message: await this.editor.messages.next(), progress };
	}
}

/** @returns a window in which the extension is not active yet; by default, on the last day of the sample */
export function openWindow({
	now = "2026-06-03T18:00:00Z",
	isWeb = false,
	isRemote = false,
} = {}): ExtensionWindow {
	vi.useFakeTimers({ now: new Date(now), toFake: ["Date"] });
	onTestFinished(() => {
		vi.useRealTimers();
	});
	provideAddon();
	return new ExtensionWindow({ isWeb, isRemote });
}
