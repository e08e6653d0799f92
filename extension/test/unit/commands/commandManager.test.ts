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

/** Records what is reported. */
class ReporterDouble implements TelemetryReporter {
	readonly events: unknown[] = [];

	log(...event: Parameters<TelemetryReporter["log"]>): void {
		this.events.push(event);
	}
}

/** A manager whose clock returns these readings, in milliseconds. */
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
	])("show exactly one of them in the palette if coder.telemetry.level is $recording", (example) => {
		const shown = manifest.contributes.menus.commandPalette
			.filter(({ when }) => holds(when, { "coder.telemetry.level": example.recording }))
			.map(({ command }) => command);
		expect(shown).toEqual([example.shown]);
	});
});

/** @returns whether a when clause with one setting, or `!` and one setting, is true */
function holds(when: string, settings: Record<string, string | undefined>): boolean {
	const [, negation, setting = ""] = /^(!?)config\.([\w.]+)$/.exec(when) ?? [];
	expect(Object.keys(settings)).toContain(setting);
	return (settings[setting] !== undefined) === (negation === "");
}

describe("registering", () => {
	it("lasts until the registration is disposed", () => {
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

	it("is reported as an error if the handler throws, and the editor gets the exception", async () => {
		const { reporter, run } = setup(10, 30);
		const thrown = new Error("broken");
		await expect(run(() => Promise.reject(thrown))).rejects.toBe(thrown);
		expect(reporter.events).toEqual([
			["command.invoked", { command_id: "coderTelemetryExport.export", result: "error" }, { durationMs: 20 }],
		]);
	});

	it("is reported when it has ended", async () => {
		const { reporter, run } = setup(0, 0);
		const { promise, end } = pending();
		const running = run(() => promise);
		expect(reporter.events).toEqual([]);
		end();
		await running;
		expect(reporter.events).toHaveLength(1);
	});

	it("is reported separately", async () => {
		const { editor, reporter, run } = setup(0, 1, 10, 12);
		await run(async () => "success");
		await editor.executeCommand("coderTelemetryExport.export");
		expect(reporter.events).toEqual([
			["command.invoked", expect.anything(), { durationMs: 1 }],
			["command.invoked", expect.anything(), { durationMs: 2 }],
		]);
	});

	it("works with the default reporter and clock", async () => {
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
