import { silentTelemetry, type TelemetryReporter } from "../telemetry.js";

/** Every command of this extension; `package.json` contributes the same ones. */
export const commandIds = ["coder.exportTelemetry", "coderTelemetryExport.export"] as const;

export type CommandId = (typeof commandIds)[number];

/** How a command ended, in the words that telemetry uses: `aborted` is the user's own wish. */
export type CommandResult = "success" | "error" | "aborted";

/** What a command does. It tells the user about its failures itself; what it throws, the editor shows. */
export type CommandHandler = () => Promise<CommandResult>;

/** Something that can be given back, as the editor has it. */
export interface Disposable {
	dispose(): void;
}

/** The part of the editor's `commands` that registering needs. */
export interface CommandRegistry {
	registerCommand(id: string, handler: () => Promise<unknown>): Disposable;
}

/** The one place where commands are registered, so that each call of each command is traced. */
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
	 * Registers a command until what is returned is disposed of.
	 *
	 * Every call is reported as `command.invoked` with `command_id`, `result` and `durationMs`.
	 *
	 * @throws {Error} where the command is none of this extension's, or where it is registered already
	 */
	register(id: CommandId, handler: CommandHandler): Disposable {
		if (!commandIds.includes(id)) {
			throw new Error(`${id} is not a command of this extension`);
		}
		return this.#registry.registerCommand(id, () => this.#trace(id, handler));
	}

	async #trace(id: CommandId, handler: CommandHandler): Promise<void> {
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
