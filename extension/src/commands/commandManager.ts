import { silentTelemetry, type TelemetryReporter } from "../telemetry.js";

/** The commands that `package.json` contributes. */
export const commandIds = ["coder.exportTelemetry", "coderTelemetryExport.export"] as const;

export type CommandId = (typeof commandIds)[number];

/** How a command ended, in the words of telemetry. `aborted` means that the user cancelled it. */
export type CommandResult = "success" | "error" | "aborted";

/** Runs a command. It shows its own failures to the user. If it throws, the editor shows the error. */
export type CommandHandler = () => Promise<CommandResult>;

export interface Disposable {
	dispose(): void;
}

/** The part of `vscode.commands` that registers commands. */
export interface CommandRegistry {
	registerCommand(id: string, handler: () => Promise<unknown>): Disposable;
}

/** Registers all commands, so that every call is reported to telemetry. */
export class CommandManager {
	readonly #registry: CommandRegistry;
	readonly #telemetry: TelemetryReporter;
	readonly #now: () => number;

	/** @param now Milliseconds on a clock that never goes backwards. */
	constructor(
		registry: CommandRegistry,
		telemetry: TelemetryReporter = silentTelemetry,
		now = () => performance.now(),
	) {
		this.#registry = registry;
		this.#telemetry = telemetry;
		this.#now = now;
	}

	/**
	 * Registers a command until the result is disposed.
	 *
	 * Every call is reported as `command.invoked` with `command_id`, `result` and `durationMs`.
	 *
	 * @throws {Error} if the command is not one of this extension, or is already registered
	 */
	register(id: CommandId, handler: CommandHandler): Disposable {
		if (!commandIds.includes(id)) {
			throw new Error(`${id} is not a command of this extension`);
		}
		return this.#registry.registerCommand(id, () => this.#runTraced(id, handler));
	}

	async #runTraced(id: CommandId, handler: CommandHandler): Promise<void> {
		const started = this.#now();
		let result: CommandResult = "error";
		try {
			result = await handler();
		} finally {
			this.#telemetry.log(
				"command.invoked",
				{ command_id: id, result },
				{ durationMs: this.#now() - started },
			);
		}
	}
}
