import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe } from "node:test";
import { until } from "../../../../scripts/testing/waiting.mjs";
import { assertJsonExport, assertOtlpExport } from "../telemetry/exported.mjs";
import { copySample, dayMs, readEvents, utcDay } from "../telemetry/sample.mjs";
import {
	asRecorded,
	beginExport,
	chooseFormat,
	chooseRedaction,
	customRange,
	enterDate,
	jsonFormat,
	otlpFormat,
	saveAs,
	titles,
	waitForOutcome,
	waitForSaveDialog,
} from "./questions.mjs";
import { exportCommand, scenario, useTestEditor } from "./scenario.mjs";

describe("an export in the editor", () => {
	const testEditor = useTestEditor("exporting", ({ profile, telemetry }) => {
		profile.writeMachineSettings({ "coder.telemetryExport.directory": telemetry });
	});
	const { profile, telemetry } = testEditor;
	/** @param {string} name */
	const inWorkspace = (name) => path.join(profile.workspace, name);

	beforeEach(() => testEditor.clearFolders());

	scenario(testEditor, "writes the last seven days as a JSON array", "json", async (workbench) => {
		const { quickInput, notifications } = workbench;
		copySample("current", telemetry);
		copySample("self-contained", telemetry, utcDay(Date.now() - dayMs));
		const lastWeek = readEvents(telemetry, { from: utcDay(Date.now() - 6 * dayMs), to: utcDay() });

		await workbench.findCommand(exportCommand);
		await workbench.picture("palette");
		await quickInput.choose(exportCommand);
		await quickInput.waitForTitle(titles.range);
		assert.match(
			await quickInput.focus("Last 7 days"),
			/^Last 7 days, 6 files · \d+ kB · \d+.* [A-Z][a-z]{2}/,
		);
		assert.match(await quickInput.waitForRow("All time"), /^All time, 12 files · \d+ kB · 1 Jun.* – \d/);
		await workbench.picture("date-range");
		await workbench.closeUp("date-range", quickInput.selector);
		await quickInput.accept();

		await quickInput.waitForTitle(titles.format);
		await quickInput.focus(jsonFormat);
		await workbench.picture("format");
		await workbench.closeUp("format", quickInput.selector);
		await quickInput.accept();
		await chooseRedaction(workbench, asRecorded);

		await waitForSaveDialog(workbench, /[/]coder-telemetry-last-7-days-\d{4}-\d\d-\d\d\.json$/);
		const file = await quickInput.value();
		assert.equal(path.dirname(file), profile.home);
		await workbench.picture("save-dialog");
		await quickInput.enterPath(file);

		const { severity, text, buttons } = await waitForOutcome(workbench, "Exported");
		await workbench.picture("exported");
		assert.equal(severity, "info");
		assert.ok(text.startsWith(`Exported 232 telemetry events to ${path.basename(file)}.`), text);
		assert.deepEqual(buttons, ["Open", "Copy Path"]);
		assertJsonExport(file, lastWeek);

		await notifications.press("Exported", "Copy Path");
		await until("the path to be in the clipboard", async () => (await workbench.clipboard()) === file);
	});

	scenario(
		testEditor,
		"writes a custom range as OTLP, and refuses wrong dates",
		"otlp",
		async (workbench) => {
			const { quickInput } = workbench;
			copySample("current", telemetry);
			const days = { from: "2026-06-01", to: "2026-06-02" };
			const expected = readEvents(telemetry, days);

			const earliestToday = utcDay();
			await beginExport(workbench, exportCommand, customRange);
			await quickInput.waitForTitle(titles.startDate);
			assert.ok([earliestToday, utcDay()].includes(await quickInput.value()));
			await workbench.picture("start-date");
			for (const [wrong, message] of [
				["yesterday", "Use YYYY-MM-DD."],
				["2026-02-30", "Enter a valid calendar date."],
			]) {
				await quickInput.type(wrong ?? "");
				await quickInput.waitForValidationError(message ?? "");
				await quickInput.accept();
				await workbench.picture(`refused-${wrong}`);
				await quickInput.waitForTitle(titles.startDate);
				assert.equal(await quickInput.value(), wrong);
			}
			await enterDate(workbench, titles.startDate, days.from);

			await quickInput.waitForTitle(titles.endDate);
			await quickInput.type("2026-05-31");
			await quickInput.waitForValidationError("End date must be on or after start date.");
			await quickInput.accept();
			await workbench.picture("refused-end-date");
			await enterDate(workbench, titles.endDate, days.to);

			await quickInput.waitForTitle(titles.format);
			await quickInput.focus(otlpFormat);
			await workbench.picture("format");
			await quickInput.accept();
			await chooseRedaction(workbench, asRecorded);
			await waitForSaveDialog(workbench, /[/]coder-telemetry-2026-06-01-to-2026-06-02\.otlp\.zip$/);
			await workbench.picture("save-dialog");
			const file = inWorkspace("two-days.otlp.zip");
			await quickInput.enterPath(file);

			const { text } = await waitForOutcome(workbench, "Exported");
			await workbench.waitForFiles([path.basename(file)]);
			await workbench.picture("exported");
			assert.ok(text.startsWith(`Exported ${expected.length} telemetry events to two-days.otlp.zip.`), text);
			const manifest = assertOtlpExport(file);
			assert.equal(manifest.source.events, expected.length);
			assert.equal(manifest.source.files, 4);
			assert.equal(manifest.temporality, "delta");
			assert.deepEqual(manifest.range, {
				label: "2026-06-01 to 2026-06-02",
				start: "2026-06-01T00:00:00.000Z",
				end: "2026-06-03T00:00:00.000Z",
			});
		},
	);

	scenario(testEditor, "replaces a file only after asking", "overwriting", async (workbench) => {
		const { quickInput } = workbench;
		copySample("earliest", telemetry);
		const file = inWorkspace("telemetry.json");
		const old = "[]\n";
		writeFileSync(file, old);

		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		await quickInput.waitForTitle(/already exists/);
		await workbench.picture("asked");
		await workbench.page.keyboard.press("Escape");
		await quickInput.waitForTitle(titles.target);
		await workbench.dismissQuickInput();
		assert.equal(readFileSync(file, "utf8"), old);

		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		await quickInput.waitForTitle(/already exists/);
		await quickInput.accept();
		await waitForOutcome(workbench, "Exported 232 telemetry events to telemetry.json.");
		await workbench.picture("replaced");
		assertJsonExport(file, readEvents(telemetry));
		assert.deepEqual(readdirSync(profile.workspace), ["telemetry.json"]);
	});

	scenario(
		testEditor,
		"starts the save dialog in the folder of the last export",
		"last-folder",
		async (workbench) => {
			copySample("earliest", telemetry);
			for (const wanted of ["first.json", /^.*[/]project[/]coder-telemetry-all-time-[-\d]+\.json$/]) {
				await beginExport(workbench, exportCommand, "All time");
				await chooseFormat(workbench, jsonFormat);
				await chooseRedaction(workbench, asRecorded);
				if (typeof wanted === "string") {
					await saveAs(workbench, inWorkspace(wanted));
					await waitForOutcome(workbench, `Exported 232 telemetry events to ${wanted}.`);
				} else {
					await waitForSaveDialog(workbench, wanted);
					await workbench.picture("save-dialog");
					await workbench.dismissQuickInput();
				}
			}
		},
	);

	scenario(testEditor, "names the range if no event matches", "nothing-in-range", async (workbench) => {
		copySample("current", telemetry);
		const file = inWorkspace("nothing.json");
		await workbench.runCommand(exportCommand);
		await workbench.quickInput.waitForTitle(titles.range);
		assert.equal(await workbench.quickInput.focus("Last 24 hours"), "Last 24 hours, No files in this range");
		await workbench.picture("date-range");
		await workbench.quickInput.accept();
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		const { severity } = await waitForOutcome(workbench, 'No telemetry events in "Last 24 hours"');
		await workbench.picture("said");
		assert.equal(severity, "info");
		assert.ok(!existsSync(file));
	});

	scenario(testEditor, "warns of broken lines and lists them", "corrupt-file", async (workbench) => {
		const { notifications, outputPanel } = workbench;
		copySample("current", telemetry);
		const good = readEvents(telemetry);
		const corrupt = readdirSync(telemetry).sort()[0] ?? "";
		const lines = readFileSync(path.join(telemetry, corrupt), "utf8").trimEnd().split("\n");
		const lost = JSON.parse(lines[2] ?? "").event_id;
		const broken = [...lines.slice(0, 2), (lines[2] ?? "").slice(0, 100), ...lines.slice(3), "no telemetry"];
		writeFileSync(path.join(telemetry, corrupt), `${broken.join("\n")}\n`);
		const file = inWorkspace("rest.json");

		await beginExport(workbench, exportCommand, "All time");
		await chooseFormat(workbench, jsonFormat);
		await chooseRedaction(workbench, asRecorded);
		await saveAs(workbench, file);
		const { severity, text, buttons } = await waitForOutcome(workbench, "Exported 395 telemetry events");
		await workbench.picture("warned");
		assert.equal(severity, "warning");
		assert.match(text, /2 bad lines were skipped/);
		assert.ok(buttons.includes("Show Output"), buttons.join());
		assertJsonExport(
			file,
			good.filter(({ event_id }) => event_id !== lost),
		);

		await notifications.press("Exported", "Show Output");
		const listed = new RegExp(`${corrupt}:3: \\S.*[^]*${corrupt}:${broken.length}: \\S`);
		await outputPanel.waitFor("Coder Telemetry Export", listed);
		await workbench.picture("output");
		await workbench.runCommand("View: Hide Panel");
	});

	scenario(
		testEditor,
		"says that there is no telemetry if the directory is missing",
		"missing",
		async (workbench) => {
			testEditor.removeTelemetry();
			await workbench.runCommand(exportCommand);
			const { severity, text } = await workbench.notifications.waitFor("No telemetry has been recorded yet");
			await workbench.picture("said");
			assert.equal(severity, "warning");
			assert.ok(text.includes("coder.telemetry.level"), text);
			assert.ok(!(await workbench.quickInput.isOpen()));
		},
	);

	scenario(
		testEditor,
		"goes back to earlier questions, with the given answers",
		"back",
		async (workbench) => {
			const { quickInput } = workbench;
			copySample("current", telemetry);
			await workbench.runCommand(exportCommand);
			await quickInput.waitForTitle(titles.range);
			assert.ok(!(await quickInput.hasBackButton()));
			await quickInput.choose(customRange);
			await enterDate(workbench, titles.startDate, "2026-06-02");
			await enterDate(workbench, titles.endDate, "2026-06-03");

			await chooseFormat(workbench, otlpFormat);
			await quickInput.waitForTitle(titles.redaction);
			await workbench.picture("redaction");
			await quickInput.goBack();
			await quickInput.waitForTitle(titles.format);
			await quickInput.waitForFocus(otlpFormat);
			await workbench.picture("format");
			await quickInput.goBack();
			await quickInput.waitForTitle(titles.endDate);
			await quickInput.waitForValue("2026-06-03");
			await workbench.picture("end-date");
			await quickInput.goBack();
			await quickInput.waitForTitle(titles.startDate);
			await quickInput.waitForValue("2026-06-02");
			await quickInput.goBack();
			await quickInput.waitForTitle(titles.range);
			await quickInput.waitForFocus(customRange);
			await workbench.picture("date-range");

			await quickInput.choose("All time");
			await quickInput.waitForTitle(titles.format);
			await quickInput.goBack();
			await quickInput.waitForTitle(titles.range);
			await quickInput.waitForFocus("All time");
			await workbench.dismissQuickInput();
			assert.deepEqual(readdirSync(profile.workspace), []);
		},
	);
});
