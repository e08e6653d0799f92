import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe } from "node:test";
import { readOtlpExport } from "../../../../scripts/testing/otlp-export.mjs";
import { assertJsonExport, assertOtlpExport } from "../telemetry/exported.mjs";
import { copySample, readEvents } from "../telemetry/sample.mjs";
import {
	asRecorded,
	beginExport,
	chooseFormat,
	chooseRedaction,
	htmlFormat,
	jsonFormat,
	otlpFormat,
	redacted,
	redactedWithUnknown,
	titles,
	waitForOutcome,
	waitForSaveDialog,
} from "./questions.mjs";
import { exportCommand, scenario, useTestEditor } from "./scenario.mjs";

/** @typedef {import("../editor/workbench.mjs").Workbench} Workbench */

/** The host of deployments of the sample. */
const host = "coder.example.com";
const pseudonym = /\b[a-z]+-[0-9a-f]{16}\b/g;

describe("a redacted export in the editor", () => {
	const testEditor = useTestEditor("redacting", ({ profile, telemetry }) => {
		profile.writeMachineSettings({ "coder.telemetryExport.directory": telemetry });
	});
	const { profile, telemetry } = testEditor;

	beforeEach(() => {
		testEditor.clearFolders();
		copySample("current", telemetry);
	});

	/**
	 * Saves in the workspace, under the name that the dialog suggests.
	 *
	 * @param {Workbench} workbench
	 * @param {RegExp} suggestion the name that it must suggest
	 * @returns {Promise<{ file: string, text: string }>} the file, and the message about it
	 */
	async function saveAsSuggested(workbench, suggestion) {
		await waitForSaveDialog(workbench, suggestion);
		const name = path.basename(await workbench.quickInput.value());
		const file = path.join(profile.workspace, name);
		await workbench.quickInput.enterPath(file);
		const { severity, text } = await waitForOutcome(workbench, `Exported 396 telemetry events to ${name}.`);
		assert.equal(severity, "info");
		return { file, text };
	}

	/**
	 * Writes the settings of exports, and reloads the window.
	 *
	 * @param {Workbench} workbench
	 * @param {Record<string, unknown>} settings by the last part of their names
	 */
	async function configure(workbench, settings) {
		const named = Object.entries(settings).map(([name, value]) => [`coder.telemetryExport.${name}`, value]);
		testEditor.writeUserSettings(Object.fromEntries(named));
		await workbench.reload();
	}

	scenario(testEditor, "is what Enter gives at each question", "redacted", async (workbench) => {
		const { quickInput, notifications } = workbench;
		await beginExport(workbench, exportCommand, "All time");
		assert.match(await quickInput.waitForTitle(titles.format), /2\/3/);
		await quickInput.waitForFocus(jsonFormat);
		await quickInput.accept();

		assert.match(await quickInput.waitForTitle(titles.redaction), /3\/3/);
		await quickInput.waitForFocus(redacted);
		const rows = await quickInput.rows();
		assert.deepEqual(
			rows.map(({ text, focused }) => [text.replace(/, [A-Z].*/, ""), focused]),
			[
				[redacted, true],
				[redactedWithUnknown, false],
				[asRecorded, false],
			],
		);
		await workbench.picture("redaction");
		await workbench.closeUp("redaction", quickInput.selector);
		await quickInput.accept();

		// No other question comes before the dialog, so no key is asked for.
		const { file, text } = await saveAsSuggested(
			workbench,
			/[/]coder-telemetry-all-time-[-\d]+\.redacted\.json$/,
		);
		await workbench.picture("exported");
		await workbench.closeUp("exported", notifications.selector);

		const written = readFileSync(file, "utf8");
		assert.equal(JSON.parse(written).length, 396);
		assert.ok(!written.includes(host));
		const count = written.match(pseudonym)?.length ?? 0;
		assert.ok(count > 396, `${count} pseudonyms`);
		assert.ok(text.includes(`. ${count.toLocaleString("en-US")} values were replaced. `), text);
	});

	scenario(testEditor, "replaces nothing if the user says so", "as-recorded", async (workbench) => {
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, asRecorded);
		const { file, text } = await saveAsSuggested(workbench, /[/]coder-telemetry-all-time-[-\d]+\.json$/);
		assert.ok(!text.includes("replaced"), text);
		assert.ok(readFileSync(file, "utf8").includes(host));
		assertJsonExport(file, readEvents(telemetry));
	});

	scenario(testEditor, "is not asked for if the setting decides", "redact-setting", async (workbench) => {
		await configure(workbench, { redact: "marked" });
		await beginExport(workbench, exportCommand, "All time");
		assert.match(await workbench.quickInput.waitForTitle(titles.format), /2\/2/);
		await chooseFormat(workbench, htmlFormat);
		const report = await saveAsSuggested(workbench, /\.redacted\.html$/);
		assert.match(report.text, / [\d,]+ values were replaced\./);
		assert.ok(!readFileSync(report.file, "utf8").includes(host));
		await workbench.clearNotifications();

		await configure(workbench, { redact: "unknown" });
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, otlpFormat);
		const { file, text } = await saveAsSuggested(workbench, /\.redacted\.otlp\.zip$/);
		assert.match(text, / [\d,]+ values were replaced\./);
		assert.equal(assertOtlpExport(file).source.events, 396);
		for (const part of readOtlpExport(file).parts) {
			assert.ok(!part.content().includes(host), part.file);
		}
		await workbench.clearNotifications();

		await configure(workbench, { redact: "none" });
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		const plain = await saveAsSuggested(workbench, /-[-\d]+\.json$/);
		assert.ok(!plain.text.includes("replaced"), plain.text);
		assertJsonExport(plain.file, readEvents(telemetry));
	});

	scenario(testEditor, "follows the lists of fields", "redact-fields", async (workbench) => {
		await configure(workbench, {
			redactFields: ["properties.result"],
			keepFields: ["context.machine_id"],
		});
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, redactedWithUnknown);
		const { file } = await saveAsSuggested(workbench, /\.redacted\.json$/);
		/** @type {import("../telemetry/sample.mjs").TelemetryEvent[]} */
		const events = JSON.parse(readFileSync(file, "utf8"));
		const recorded = readEvents(telemetry);
		/** @param {typeof events} of */
		const machines = (of) => of.map(({ context }) => context.machine_id);
		assert.deepEqual(machines(events), machines(recorded));
		const results = events.flatMap(({ properties }) => properties.result ?? []);
		assert.ok(results.length > 0);
		assert.deepEqual(
			results.filter((result) => !/^name-[0-9a-f]{16}$/.test(result)),
			[],
		);
		await workbench.clearNotifications();

		// Without a level, the lists do not apply.
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, asRecorded);
		const plain = await saveAsSuggested(workbench, /-[-\d]+\.json$/);
		assertJsonExport(plain.file, recorded);
	});

	scenario(testEditor, "names the setting of an invalid field", "wrong-field", async (workbench) => {
		const { notifications } = workbench;
		const setting = "coder.telemetryExport.keepFields";
		await configure(workbench, { keepFields: ["properties.result", "workspace_name"] });
		await workbench.runCommand(exportCommand);
		const { severity, text } = await notifications.waitFor(setting);
		await workbench.picture("wrong");
		assert.equal(severity, "error");
		assert.ok(text.includes('it has "workspace_name"'), text);
		assert.ok(!(await workbench.quickInput.isOpen()));
		await notifications.press(setting, "Open Settings");
		await workbench.waitForSetting(setting);
		await workbench.picture("settings");
	});

	scenario(testEditor, "cannot be turned off by a workspace", "workspace-setting", async (workbench) => {
		const folder = path.join(profile.workspace, ".vscode");
		mkdirSync(folder);
		const settings = {
			"coder.telemetryExport.redact": "none",
			"coder.telemetryExport.keepFields": ["row.deployment_url", "context.deployment_url"],
		};
		writeFileSync(path.join(folder, "settings.json"), JSON.stringify(settings));
		await configure(workbench, {});
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, redacted);
		const { file } = await saveAsSuggested(workbench, /\.redacted\.json$/);
		assert.ok(!readFileSync(file, "utf8").includes(host));
	});
});
