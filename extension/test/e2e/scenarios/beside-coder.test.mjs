import assert from "node:assert/strict";
import path from "node:path";
import { describe } from "node:test";
import { packagedIdentity } from "../../../../scripts/testing/extension-package.mjs";
import { until } from "../../../../scripts/testing/waiting.mjs";
import { extensionErrors } from "../editor/server.mjs";
import { assertJsonExport } from "../telemetry/exported.mjs";
import { copySample, readEvents } from "../telemetry/sample.mjs";
import { testFolder } from "../tools.mjs";
import {
	asRecorded,
	beginExport,
	chooseFormat,
	chooseRedaction,
	jsonFormat,
	saveAs,
	titles,
	waitForOutcome,
} from "./questions.mjs";
import { exportCommand, nativeCommand, scenario, useTestEditor } from "./scenario.mjs";

const rounds = 10;
const ownersMessage = "The Coder extension exports its telemetry itself.";
const owner = "coder.coder-remote";
const native = packagedIdentity().id;

// The editor activates extensions with the same activation event in the order of their folder names.
for (const { order, folder, activated } of [
	{ order: "first", folder: "a-coder-remote", activated: [owner, native] },
	{ order: "second", folder: "z-coder-remote", activated: [native, owner] },
]) {
	describe(`beside an extension that owns the command and is activated ${order}`, () => {
		const testEditor = useTestEditor(folder, ({ profile }) => {
			profile.installFolder(path.join(testFolder, "coder-remote"), folder);
			copySample("current", profile.coderTelemetry);
		});
		const pictures = `beside-coder-${order}`;

		scenario(testEditor, "the palette shows both commands", `${pictures}-palette`, async (workbench) => {
			await workbench.findCommand(exportCommand);
			await workbench.quickInput.waitForRow(nativeCommand);
			await workbench.picture("palette");
			await workbench.dismissQuickInput();
			assert.deepEqual(activations(testEditor), [], "neither is active before its command is run");
		});

		for (let round = 1; round <= rounds; round++) {
			const name = `the owner keeps its command, and ours works (${round} of ${rounds})`;
			scenario(testEditor, name, `${pictures}-${round}`, async (workbench) => {
				await workbench.reload();
				await runOwners(workbench);
				await until("both to be active", () => activations(testEditor).length === 2);
				assert.deepEqual(activations(testEditor), activated);
				await runOurs(workbench);
				assert.deepEqual(errors(testEditor), []);
			});
		}

		scenario(
			testEditor,
			"both commands work if ours is run first",
			`${pictures}-ours-first`,
			async (workbench) => {
				await workbench.reload();
				await runOurs(workbench);
				await until("ours to be active", () => activations(testEditor).length === 1);
				await runOwners(workbench);
				await workbench.picture("owner");
				await until("both to be active", () => activations(testEditor).length === 2);
				assert.deepEqual(activations(testEditor), [native, owner]);
				assert.deepEqual(errors(testEditor), []);
			},
		);

		scenario(
			testEditor,
			"our command exports what the owner has recorded",
			`${pictures}-export`,
			async (workbench) => {
				const file = path.join(testEditor.profile.workspace, "recorded.json");
				await beginExport(workbench, nativeCommand, "All time");
				await chooseFormat(workbench, jsonFormat);
				await chooseRedaction(workbench, asRecorded);
				await saveAs(workbench, file);
				await waitForOutcome(workbench, "Exported 396 telemetry events to recorded.json.");
				await workbench.picture("exported");
				assertJsonExport(file, readEvents(testEditor.profile.coderTelemetry));
			},
		);
	});
}

/** @typedef {import("../editor/workbench.mjs").Workbench} Workbench */
/** @typedef {import("./scenario.mjs").TestEditor} TestEditor */

/** @param {Workbench} workbench */
async function runOwners(workbench) {
	await workbench.runCommand(exportCommand);
	await workbench.notifications.waitFor(ownersMessage);
	assert.equal((await workbench.notifications.shown()).length, 1);
	assert.ok(!(await workbench.quickInput.isOpen()), "our command asks nothing");
}

/** @param {Workbench} workbench */
async function runOurs(workbench) {
	await workbench.runCommand(nativeCommand);
	await workbench.quickInput.waitForTitle(titles.range);
	await workbench.dismissQuickInput();
}

/**
 * @param {TestEditor} testEditor
 * @returns {string[]} the ids of the two extensions that were activated in this window, in order
 */
function activations({ server }) {
	const log = server.lastExtensionHostLog();
	return Array.from(log.matchAll(/_doActivateExtension ([^,]+),/g), ([, id = ""]) => id).filter((id) =>
		[owner, native].includes(id),
	);
}

/**
 * @param {TestEditor} testEditor
 * @returns {string[]} the errors of the extensions in this window
 */
function errors({ server, profile }) {
	return extensionErrors(server.lastExtensionHostLog(), profile.extensions);
}
