import type { Disposable } from "./commandManager.js";

/** The part of `vscode.Extension` that is needed here. */
export interface InstalledExtension {
	/** `publisher.name`, in any case. */
	readonly id: string;
	/** Its manifest, which may contain anything. */
	readonly packageJSON: unknown;
}

/**
 * A command that another extension may own. The editor refuses to register a command twice, and the second extension
 * fails to activate. So this command is registered only while no other installed extension contributes it, even if that
 * extension is not active yet.
 */
export class SharedCommand implements Disposable {
	readonly #isOwnedByAnother: () => boolean;
	readonly #register: () => Disposable;
	#registration: Disposable | undefined;

	/** Call {@link update} once at the start, and when extensions are installed or removed. */
	constructor(isOwnedByAnother: () => boolean, register: () => Disposable) {
		this.#isOwnedByAnother = isOwnedByAnother;
		this.#register = register;
	}

	/** Registers the command, or unregisters it if another extension owns it now. */
	update(): void {
		if (this.#isOwnedByAnother()) {
			this.dispose();
		} else {
			this.#registration ??= this.#register();
		}
	}

	dispose(): void {
		this.#registration?.dispose();
		this.#registration = undefined;
	}
}

/**
 * @param ownId The extension to ignore, as `publisher.name`.
 * @returns whether another extension contributes the command
 */
export function isContributedByAnother(
	command: string,
	ownId: string,
	extensions: readonly InstalledExtension[],
): boolean {
	return extensions.some(
		({ id, packageJSON }) =>
			id.toLowerCase() !== ownId.toLowerCase() && contributedCommands(packageJSON).includes(command),
	);
}

/** In the manifest of another extension, `contributes.commands` may be an array, one object, or anything else. */
function contributedCommands(manifest: unknown): unknown[] {
	const commands = member(member(manifest, "contributes"), "commands");
	return (Array.isArray(commands) ? commands : [commands]).map((command) => member(command, "command"));
}

function member(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
