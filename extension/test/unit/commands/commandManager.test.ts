import { describe, expect, it } from "vitest";
import {
	type CommandHandler,
	type CommandId,
	CommandManager,
	commandIds,
} from "../../../src/commands/commandManager.js";
import type { TelemetryReporter } from "../../../src/telemetry.js";
import { FakeEditor } from "../../mocks/fakeEditor.js";
import { manifest } from "../../mocks/manifest.js";

/** Keeps what is reported. */
class ReporterDouble implements TelemetryReporter {
	readonly events: unknown[] = [];

	log(...event: Parameters<TelemetryReporter["log"]>): void {
		this.events.push(event);
	}
}

/** A manager with a clock that shows these milliseconds, one after another. */
function setup(...readings: number[]) {
	const editor = new FakeEditor();
	const reporter = new ReporterDouble();
	const manager = new CommandManager(editor, reporter, () => readings.shift() ?? Number.NaN);
	const run = (handler: CommandHandler) => {
		manager.register("coderTelemetryExport.export", handler);
		return editor.executeCommand("coderTelemetryExport.export");
	};
	return { editor, reporter, manager, run };
}

describe("the commands", () => {
	it("are the ones that package.json contributes", () => {
		expect(manifest.contributes.commands.map(({ command }) => command)).toEqual(commandIds);
	});

	it.each([
		{ recording: "all", shown: "coderTelemetryExport.export" },
		{ recording: undefined, shown: "coder.exportTelemetry" },
	])("have exactly one of them in the palette where the recording is set to $recording", (example) => {
		const shown = manifest.contributes.menus.commandPalette
			.filter(({ when }) => holds(when, { "coder.telemetry.level": example.recording }))
			.map(({ command }) => command);
		expect(shown).toEqual([example.shown]);
	});
});

/** @returns whether a when-clause that is one setting, or one with `!` before it, holds */
function holds(when: string, settings: Record<string, string | undefined>): boolean {
	const [, negation, setting = ""] = /^(!?)config\.([\w.]+)$/.exec(when) ?? [];
	expect(Object.keys(settings)).toContain(setting);
	return (settings[setting] !== undefined) === (negation === "");
}

describe("registering", () => {
	it("makes the editor know the command until the registration is disposed of", () => {
		const { editor, manager } = setup();
		const registration = manager.register("coder.exportTelemetry", async () => "success");
		expect(editor.hasCommand("coder.exportTelemetry")).toBe(true);
		registration.dispose();
		expect(editor.hasCommand("coder.exportTelemetry")).toBe(false);
	});

	it("refuses a command that package.json does not contribute", () => {
		const { editor, manager } = setup();
		const register = () => manager.register("coder.login" as CommandId, async () => "success");
		expect(register).toThrow("coder.login is not a command of this extension");
		expect(editor.hasCommand("coder.login")).toBe(false);
	});
});

describe("each call of a command", () => {
	it.each(["success", "error", "aborted"] as const)(
		"is reported with its result %s and its time",
		async (result) => {
			const { reporter, run } = setup(1000, 1250.5);
			await run(async () => result);
			expect(reporter.events).toEqual([
				["command.invoked", { command_id: "coderTelemetryExport.export", result }, { durationMs: 250.5 }],
			]);
		},
	);

	it("is reported as an error where the handler throws, and the editor gets what it threw", async () => {
		const { reporter, run } = setup(10, 30);
		const thrown = new Error("broken");
		await expect(run(() => Promise.reject(thrown))).rejects.toBe(thrown);
		expect(reporter.events).toEqual([
			["command.invoked", { command_id: "coderTelemetryExport.export", result: "error" }, { durationMs: 20 }],
		]);
	});

	it("is reported once it has ended, not before", async () => {
		const { reporter, run } = setup(0, 0);
		const { promise, end } = pending();
		const running = run(() => promise);
		expect(reporter.events).toEqual([]);
		end();
		await running;
		expect(reporter.events).toHaveLength(1);
	});

	it("is reported for itself where a command is called twice", async () => {
		const { editor, reporter, run } = setup(0, 1, 10, 12);
		await run(async () => "success");
		await editor.executeCommand("coderTelemetryExport.export");
		expect(reporter.events).toEqual([
			["command.invoked", expect.anything(), { durationMs: 1 }],
			["command.invoked", expect.anything(), { durationMs: 2 }],
		]);
	});

	it("runs without a reporter and a clock of its own, too", async () => {
		const editor = new FakeEditor();
		let calls = 0;
		new CommandManager(editor).register("coder.exportTelemetry", async () => {
			calls += 1;
			return "success";
		});
		await editor.executeCommand("coder.exportTelemetry");
		expect(calls).toBe(1);
	});
});

function pending() {
	let end = () => {};
	const promise = new Promise<"success">((resolve) => {
		end = () => resolve("success");
	});
	return { promise, end };
}
