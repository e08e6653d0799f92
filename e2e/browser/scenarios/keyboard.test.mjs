/** Everything that can be used with the mouse can be used with the keyboard, and the focus can be seen. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { exportTelemetry } from "../../../index.js";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { invisibleFocus, sessionBars } from "../checks/keyboard.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allLooks } from "../chromium/themes.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

/** The hostile page has hundreds of elements for the keyboard, most of them alike. */
const mostStops = 120;
const leastBarPixels = 2;

const browser = useBrowser();

describe("the focus can be seen", { concurrency }, () => {
	for (const page of allPages) {
		it(`at each stop of the ${page.name} page`, async () => {
			const { stops, faults } = await browser.open(await pageFile(page), {}, (tab) =>
				invisibleFocus(tab, mostStops),
			);
			assert.ok(stops > 3, `${stops} stops`);
			assert.deepEqual(faults, []);
		});
	}

	for (const look of allLooks) {
		it(`at each stop of the sample page in ${look.name}`, async () => {
			const { faults } = await browser.open(await pageFile(pages.sample), { ...look, width: 360 }, (tab) =>
				invisibleFocus(tab, mostStops),
			);
			assert.deepEqual(faults, []);
		});
	}
});

describe("the bars of sessions", { concurrency }, () => {
	for (const width of [360, 1280]) {
		it(`have labels for the mouse and the keyboard, and can be seen, at ${width} pixels`, async () => {
			const { directory, sessions } = await sampleSessions();
			assert.ok(sessions > 1, directory);
			const { count, bars } = await browser.open(await pageFile(pages.sample), { width }, (tab) =>
				sessionBars(tab, sessions),
			);
			assert.ok(count >= sessions, `${count} bars of ${sessions} sessions can get the focus`);
			for (const bar of bars) {
				assert.match(bar.name, /\d/, "name");
				assert.ok(Math.min(bar.width, bar.height) >= leastBarPixels, `${bar.width} × ${bar.height}`);
				assert.ok(bar.onFocus.length > 0, `No text appears when "${bar.name}" gets the focus`);
				assert.ok(bar.onHover.length > 0, `No text appears when the mouse is over "${bar.name}"`);
			}
		});
	}
});

async function sampleSessions() {
	const directory = pages.sample.telemetry("");
	const file = path.join(scratchFolder(), "sample.json");
	await exportTelemetry(directory, "allTime", "json", file);
	const events = /** @type {{ context: { session_id: string } }[]} */ (
		JSON.parse(readFileSync(file, "utf8"))
	);
	return { directory, sessions: new Set(events.map(({ context }) => context.session_id)).size };
}
