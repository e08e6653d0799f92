import type { Disposable } from "./commandManager.js";

/** An installed extension, as the editor describes it. */
export interface InstalledExtension {
	/** `publisher.name`, in any case. */
	readonly id: string;
	/** Its manifest; whatever it holds. */
	readonly packageJSON: unknown;
}

/**
 * A command that other extensions may own. An editor refuses to register a command twice, and the extension that
 * comes second fails to activate. So this one is registered only while no other installed extension contributes
 * it, whether that extension is active yet or not.
 */
export class SharedCommand implements Disposable {
	readonly #isOwnedByAnother: () => boolean;
	readonly #register: () => Disposable;
	#registration: Disposable | undefined;

	/** Call {@link update} to begin, and whenever extensions come or go. */
	constructor(isOwnedByAnother: () => boolean, register: () => Disposable) {
		this.#isOwnedByAnother = isOwnedByAnother;
		this.#register = register;
	}

	/** Registers the command, or gives it up, as the extensions that are installed demand. */
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
 * @param ownId The extension that does not count, `publisher.name`.
 * @returns whether one of the others contributes the command
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

/** Manifests are other people's: `contributes.commands` is a list, or one object, or nonsense. */
function contributedCommands(manifest: unknown): unknown[] {
	const commands = member(member(manifest, "contributes"), "commands");
	return (Array.isArray(commands) ? commands : [commands]).map((command) => member(command, "command"));
}

function member(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
