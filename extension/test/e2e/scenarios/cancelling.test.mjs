import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { until } from "../../../../scripts/testing/waiting.mjs";
import { linkLargeTelemetry } from "../telemetry/large.mjs";
import {
	asRecorded,
	beginExport,
	chooseFormat,
	chooseRedaction,
	otlpFormat,
	progressTitle,
	saveAs,
} from "./questions.mjs";
import { exportCommand, scenario, useTestEditor } from "./scenario.mjs";

const bytes = 5e9;

/** Long enough for 40 % of the export, even on a busy machine. */
const progressTimeoutMs = 120_000;
/** The time limit for a cancelled export to clean up. A whole export takes much longer. */
const cancelTimeoutMs = 10_000;

describe("an export of 5 GB in the editor", () => {
	const testEditor = useTestEditor("cancelling", ({ profile }) => {
		const directory = path.join(profile.folder, "large");
		linkLargeTelemetry({ directory, generated: path.join(profile.folder, "generated"), bytes });
		profile.writeMachineSettings({ "coder.telemetryExport.directory": directory });
	});

	scenario(testEditor, "shows progress, and leaves nothing when cancelled", "cancel", async (workbench) => {
		const { quickInput, notifications } = workbench;
		const folder = testEditor.profile.workspace;
		const file = path.join(folder, "large.otlp.zip");
		const old = "what was there before";
		writeFileSync(file, old);

		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, otlpFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		await quickInput.waitForTitle(/already exists/);
		await quickInput.accept();

		const first = await waitForPercent(notifications, 1);
		await workbench.picture("begun");
		const second = await waitForPercent(notifications, 40);
		assert.ok(second.events > first.events, `${second.events} events after ${first.events}`);
		await workbench.picture("moved");
		await workbench.closeUp("progress", notifications.selector);
		const meanwhile = readdirSync(folder);
		assert.equal(meanwhile.length, 2, `a temporary file beside the old one: ${meanwhile}`);
		assert.equal(readFileSync(file, "utf8"), old);

		await notifications.press(progressTitle, "Cancel");
		await notifications.waitUntilGone(progressTitle, cancelTimeoutMs);
		await until("the temporary file to be removed", () => readdirSync(folder).length === 1, cancelTimeoutMs);
		await workbench.waitForFiles([path.basename(file)]);
		await workbench.picture("cancelled");
		assert.deepEqual(readdirSync(folder), [path.basename(file)]);
		assert.equal(readFileSync(file, "utf8"), old);
		assert.deepEqual(await notifications.shown(), [], "no message about a cancelled export");
	});
});

/**
 * @param {import("../editor/notifications.mjs").Notifications} notifications
 * @param {number} percent
 * @returns {Promise<{ percent: number, events: number }>} the progress, when it has reached this percentage
 */
function waitForPercent(notifications, percent) {
	const look = async () => {
		for (const { text, buttons } of await notifications.shown()) {
			const [, reached = "", events = ""] = /(\d+) % · ([\d,]+) events?/.exec(text) ?? [];
			if (text.includes(progressTitle) && Number(reached) >= percent) {
				assert.deepEqual(buttons, ["Cancel"]);
				return { percent: Number(reached), events: Number(events.replaceAll(",", "")) };
			}
		}
		return undefined;
	};
	return until(`the progress to reach ${percent} %`, look, progressTimeoutMs);
}
