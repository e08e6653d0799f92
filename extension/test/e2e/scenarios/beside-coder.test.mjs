import assert from "node:assert/strict";
import path from "node:path";
import { describe } from "node:test";
import { packagedIdentity } from "../../../../scripts/testing/extension-package.mjs";
import { until } from "../../../../scripts/testing/waiting.mjs";
import { extensionErrors } from "../editor/server.mjs";
import { assertJsonExport } from "../telemetry/exported.mjs";
import { copySample, readEvents } from "../telemetry/sample.mjs";
import { testFolder } from "../tools.mjs";
import { beginExport, chooseFormat, jsonFormat, saveAs, titles, waitForOutcome } from "./questions.mjs";
import { exportCommand, nativeCommand, scenario, useStage } from "./scenario.mjs";

const rounds = 10;
const ownersMessage = "The Coder extension exports its telemetry itself.";
const owner = "coder.coder-remote";
const native = packagedIdentity().id;

// The editor activates the extensions that wait for the same command in order of the names of their folders.
for (const { order, folder, activated } of [
	{ order: "first", folder: "a-coder-remote", activated: [owner, native] },
	{ order: "second", folder: "z-coder-remote", activated: [native, owner] },
]) {
	describe(`beside an extension that owns the command and is activated ${order}`, () => {
		const stage = useStage(folder, ({ profile }) => {
			profile.installFolder(path.join(testFolder, "coder-remote"), folder);
			copySample("current", profile.coderTelemetry);
		});
		const album = `beside-coder-${order}`;

		scenario(stage, "the palette shows both commands", `${album}-palette`, async (workbench) => {
			await workbench.findCommand(exportCommand);
			await workbench.quickInput.waitForRow(nativeCommand);
			await workbench.picture("palette");
			await workbench.dismissQuickInput();
			assert.deepEqual(activations(stage), [], "neither is active before its command is run");
		});

		for (let round = 1; round <= rounds; round++) {
			const name = `the owner's command wins, and ours works (${round} of ${rounds})`;
			scenario(stage, name, `${album}-${round}`, async (workbench) => {
				await workbench.reload();
				await runOwners(workbench);
				await until("both to be active", () => activations(stage).length === 2);
				assert.deepEqual(activations(stage), activated);
				await runOurs(workbench);
				assert.deepEqual(errors(stage), []);
			});
		}

		scenario(stage, "it is the same where ours is run first", `${album}-ours-first`, async (workbench) => {
			await workbench.reload();
			await runOurs(workbench);
			await until("ours to be active", () => activations(stage).length === 1);
			await runOwners(workbench);
			await workbench.picture("owner");
			await until("both to be active", () => activations(stage).length === 2);
			assert.deepEqual(activations(stage), [native, owner]);
			assert.deepEqual(errors(stage), []);
		});

		scenario(stage, "ours exports what the owner has recorded", `${album}-export`, async (workbench) => {
			const file = path.join(stage.profile.workspace, "recorded.json");
			await beginExport(workbench, nativeCommand, "All time");
			await chooseFormat(workbench, jsonFormat);
			await saveAs(workbench, file);
			await waitForOutcome(workbench, "Exported 396 telemetry events to recorded.json.");
			await workbench.picture("exported");
			assertJsonExport(file, readEvents(stage.profile.coderTelemetry));
		});
	});
}

/** @typedef {import("../editor/workbench.mjs").Workbench} Workbench */
/** @typedef {import("./scenario.mjs").Stage} Stage */

/** @param {Workbench} workbench */
async function runOwners(workbench) {
	await workbench.runCommand(exportCommand);
	await workbench.notifications.waitFor(ownersMessage);
	assert.equal((await workbench.notifications.shown()).length, 1);
	assert.ok(!(await workbench.quickInput.isOpen()), "ours asks nothing");
}

/** @param {Workbench} workbench */
async function runOurs(workbench) {
	await workbench.runCommand(nativeCommand);
	await workbench.quickInput.waitForTitle(titles.range);
	await workbench.dismissQuickInput();
}

/**
 * @param {Stage} stage
 * @returns {string[]} which of the two was activated in this window, in order
 */
function activations({ server }) {
	const log = server.lastExtensionHostLog();
	return Array.from(log.matchAll(/_doActivateExtension ([^,]+),/g), ([, id = ""]) => id).filter((id) =>
		[owner, native].includes(id),
	);
}

/**
 * @param {Stage} stage
 * @returns {string[]} what went wrong with them in this window
 */
function errors({ server, profile }) {
	return extensionErrors(server.lastExtensionHostLog(), profile.extensions);
}
