import { describe, expect, it } from "vitest";
import { isContributedByAnother, SharedCommand } from "../../../src/commands/sharedCommand.js";
import { FakeEditor } from "../../mocks/fakeEditor.js";

const id = "coder.exportTelemetry";

/** A shared command in an editor where another extension owns it or not, as `other.owns` says. */
function setup(owns: boolean) {
	const editor = new FakeEditor();
	const other = { owns };
	const command = new SharedCommand(
		() => other.owns,
		() => editor.registerCommand(id, () => {}),
	);
	return { editor, other, command };
}

describe("a shared command", () => {
	it("is not registered before the first update", () => {
		expect(setup(false).editor.hasCommand(id)).toBe(false);
	});

	it("is registered where no other extension owns it", () => {
		const { editor, command } = setup(false);
		command.update();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("is left to an extension that owns it", () => {
		const { editor, command } = setup(true);
		command.update();
		expect(editor.hasCommand(id)).toBe(false);
	});

	it("is registered once, however often extensions come and go", () => {
		const { editor, command } = setup(false);
		command.update();
		// The editor throws where a command is registered twice.
		command.update();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("is given up when an owner comes, and taken back when it goes", () => {
		const { editor, other, command } = setup(false);
		command.update();
		other.owns = true;
		command.update();
		expect(editor.hasCommand(id)).toBe(false);
		other.owns = false;
		command.update();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("leaves the owner's registration alone when it is disposed of", () => {
		const { editor, other, command } = setup(false);
		command.update();
		other.owns = true;
		command.update();
		editor.registerCommand(id, () => {});
		command.dispose();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("is gone once it is disposed of", () => {
		const { editor, command } = setup(false);
		command.update();
		command.dispose();
		expect(editor.hasCommand(id)).toBe(false);
	});
});

describe("an extension that contributes the command", () => {
	const contributing = { contributes: { commands: [{ command: "coder.login" }, { command: id }] } };
	const isContributed = (...extensions: { id: string; packageJSON: unknown }[]) =>
		isContributedByAnother(id, "own.extension", extensions);

	it("counts where it is another one", () => {
		expect(isContributed({ id: "coder.coder-remote", packageJSON: contributing })).toBe(true);
	});

	it("does not count where it is this one, in any case", () => {
		expect(isContributed({ id: "Own.Extension", packageJSON: contributing })).toBe(false);
		expect(
			isContributedByAnother(id, "OWN.extension", [{ id: "own.extension", packageJSON: contributing }]),
		).toBe(false);
	});

	it("counts beside this one", () => {
		const extensions = ["own.extension", "coder.coder-remote"].map((name) => ({
			id: name,
			packageJSON: contributing,
		}));
		expect(isContributed(...extensions)).toBe(true);
	});

	it("counts where its commands are one object instead of a list", () => {
		const packageJSON = { contributes: { commands: { command: id } } };
		expect(isContributed({ id: "other.one", packageJSON })).toBe(true);
	});

	it.each([
		{ what: "null", packageJSON: null },
		{ what: "no object", packageJSON: id },
		{ what: "missing", packageJSON: undefined },
		{ what: "without contributions", packageJSON: {} },
		{ what: "of null contributions", packageJSON: { contributes: null } },
		{ what: "of no commands", packageJSON: { contributes: {} } },
		{ what: "of an empty list", packageJSON: { contributes: { commands: [] } } },
		{ what: "of commands that are texts", packageJSON: { contributes: { commands: [id, null, 7] } } },
		{ what: "of another command", packageJSON: { contributes: { commands: [{ command: "coder.login" }] } } },
		{ what: "of the id elsewhere", packageJSON: { contributes: { commands: [{ title: id }] } } },
	])("is not found in a manifest that is $what", ({ packageJSON }) => {
		expect(isContributed({ id: "other.one", packageJSON })).toBe(false);
	});

	it("is found behind manifests that are nonsense", () => {
		const nonsense = { id: "other.one", packageJSON: { contributes: { commands: [null] } } };
		expect(isContributed(nonsense, { id: "other.two", packageJSON: contributing })).toBe(true);
	});
});
