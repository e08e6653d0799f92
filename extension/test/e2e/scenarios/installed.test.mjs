import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { packagedFiles, packagedIdentity } from "../../../../scripts/testing/extension-package.mjs";
import { extensionErrors } from "../editor/server.mjs";
import { assertJsonExport, assertOtlpExport } from "../telemetry/exported.mjs";
import { copySample, readEvents } from "../telemetry/sample.mjs";
import {
	asRecorded,
	beginExport,
	chooseFormat,
	chooseRedaction,
	jsonFormat,
	otlpFormat,
	saveAs,
	titles,
	waitForOutcome,
} from "./questions.mjs";
import { exportCommand, nativeCommand, scenario, useTestEditor } from "./scenario.mjs";

describe("the installed VSIX", () => {
	const testEditor = useTestEditor("installed", ({ profile }) =>
		copySample("current", profile.coderTelemetry),
	);
	const { profile } = testEditor;
	/** @param {string} name */
	const inWorkspace = (name) => path.join(profile.workspace, name);

	scenario(testEditor, "shows one command in the palette", "installed-palette", async (workbench) => {
		await workbench.findCommand(exportCommand);
		const rows = await workbench.quickInput.rows();
		await workbench.picture("palette");
		assert.ok(!rows.some(({ text }) => text.startsWith(nativeCommand)));
		assert.equal(rows.filter(({ text }) => text.startsWith(exportCommand)).length, 1);
		await workbench.dismissQuickInput();
	});

	scenario(
		testEditor,
		"exports the telemetry that the Coder extension of this editor recorded",
		"default",
		async (workbench) => {
			const file = inWorkspace("recorded.json");
			await beginExport(workbench, exportCommand, "All time");
			await chooseFormat(workbench, jsonFormat);
			await chooseRedaction(workbench, asRecorded);
			await saveAs(workbench, file);
			await waitForOutcome(workbench, "Exported 396 telemetry events to recorded.json.");
			assertJsonExport(file, readEvents(profile.coderTelemetry));

			await workbench.notifications.press("Exported", "Open");
			await workbench.waitForEditor("recorded.json");
			await workbench.picture("opened");
			await workbench.runCommand("View: Close All Editors");
		},
	);

	scenario(
		testEditor,
		"is installed unchanged, and loads its addon",
		"installed-files",
		async (workbench) => {
			const { id, version } = packagedIdentity();
			const installed = profile.installedExtensions();
			assert.deepEqual(
				installed.map(({ identifier, version: itsVersion }) => [identifier.id, itsVersion]),
				[[id, version]],
			);
			const folder = path.join(profile.extensions, installed[0]?.relativeLocation ?? "");
			const packaged = packagedFiles();
			for (const [name, content] of packaged) {
				if (name !== "package.json") {
					assert.ok(readFileSync(path.join(folder, name)).equals(content), name);
				}
			}
			// The editor adds metadata about the installation.
			const { __metadata, ...manifest } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
			assert.deepEqual(manifest, JSON.parse(packaged.get("package.json")?.toString("utf8") ?? ""));

			const addon = [...packaged.keys()].find((name) => name.endsWith(".node")) ?? "";
			await workbench.runCommand(exportCommand);
			await workbench.quickInput.waitForTitle(titles.range);
			await workbench.dismissQuickInput();
			assert.equal(processesThatMap(path.join(folder, addon)).length, 1);
		},
	);

	scenario(testEditor, "has a readable page in the Extensions view", "page", async (workbench) => {
		await workbench.openExtensionPage("Coder Telemetry Export");
		await workbench.picture("page");
		await workbench.runCommand("View: Close All Editors");
		await workbench.runCommand("View: Show Explorer");
	});

	scenario(testEditor, "follows the settings, and names an invalid one", "settings", async (workbench) => {
		const { notifications } = workbench;
		testEditor.writeUserSettings({ "coder.telemetryExport.graceDays": 99 });
		await workbench.reload();
		await workbench.runCommand(exportCommand);
		const { severity } = await notifications.waitFor("coder.telemetryExport.graceDays");
		assert.equal(severity, "error");
		await workbench.picture("wrong");
		await notifications.press("coder.telemetryExport.graceDays", "Open Settings");
		await workbench.waitForSetting("coder.telemetryExport.graceDays");
		await workbench.picture("settings");

		testEditor.writeUserSettings({
			"coder.telemetryExport.temporality": "cumulative",
			"coder.telemetryExport.maxRequestSize": "64KiB",
		});
		await workbench.reload();
		const file = inWorkspace("settings.otlp.zip");
		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, otlpFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		await waitForOutcome(workbench, "Exported 396 telemetry events to settings.otlp.zip.");
		const manifest = assertOtlpExport(file);
		assert.equal(manifest.temporality, "cumulative");
		// 1,049 points, and a zero point for each of the 71 counters.
		assert.deepEqual(manifest.records, { logs: 45, traces: 90, metrics: 1120 });
		assert.ok(manifest.parts.length > 3 && manifest.parts.every((part) => part.bytes <= 65_536));
	});

	scenario(testEditor, "logs no error", "installed-log", async () => {
		const log = testEditor.server.extensionHostLogs().join("\n");
		assert.ok(log.includes(`_doActivateExtension ${packagedIdentity().id}`));
		assert.deepEqual(extensionErrors(log, profile.extensions), []);
	});
});

/**
 * @param {string} file
 * @returns {string[]} the ids of the processes that have mapped it
 */
function processesThatMap(file) {
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name))
		.filter((id) => {
			try {
				return readFileSync(`/proc/${id}/maps`, "utf8").includes(file);
			} catch {
				// The process has ended, or belongs to another user.
				return false;
			}
		});
}
