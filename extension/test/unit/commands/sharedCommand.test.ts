import { describe, expect, it } from "vitest";
import { isContributedByAnother, SharedCommand } from "../../../src/commands/sharedCommand.js";
import { FakeEditor } from "../../mocks/fakeEditor.js";

const id = "coder.exportTelemetry";

/** A shared command that another extension owns if `other.owns` is true. */
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

	it("is registered if no other extension owns it", () => {
		const { editor, command } = setup(false);
		command.update();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("is not registered if another extension owns it", () => {
		const { editor, command } = setup(true);
		command.update();
		expect(editor.hasCommand(id)).toBe(false);
	});

	it("is registered once, however often extensions change", () => {
		const { editor, command } = setup(false);
		command.update();
		// The editor throws if a command is registered twice.
		command.update();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("is unregistered when an owner is installed, and registered when the owner is removed", () => {
		const { editor, other, command } = setup(false);
		command.update();
		other.owns = true;
		command.update();
		expect(editor.hasCommand(id)).toBe(false);
		other.owns = false;
		command.update();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("leaves the owner's registration alone when it is disposed", () => {
		const { editor, other, command } = setup(false);
		command.update();
		other.owns = true;
		command.update();
		editor.registerCommand(id, () => {});
		command.dispose();
		expect(editor.hasCommand(id)).toBe(true);
	});

	it("is unregistered when it is disposed", () => {
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

	it("is found", () => {
		expect(isContributed({ id: "coder.coder-remote", packageJSON: contributing })).toBe(true);
	});

	it("is ignored if it is this one, whatever the case of its id", () => {
		expect(isContributed({ id: "Own.Extension", packageJSON: contributing })).toBe(false);
		expect(
			isContributedByAnother(id, "OWN.extension", [{ id: "own.extension", packageJSON: contributing }]),
		).toBe(false);
	});

	it("is found beside this one", () => {
		const extensions = ["own.extension", "coder.coder-remote"].map((name) => ({
			id: name,
			packageJSON: contributing,
		}));
		expect(isContributed(...extensions)).toBe(true);
	});

	it("is found if its commands are one object instead of an array", () => {
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

	it("is found after invalid manifests", () => {
		const nonsense = { id: "other.one", packageJSON: { contributes: { commands: [null] } } };
		expect(isContributed(nonsense, { id: "other.two", packageJSON: contributing })).toBe(true);
	});
});
