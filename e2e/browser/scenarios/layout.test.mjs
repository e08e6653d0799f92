/** At any width, and with any font, all text can be read: nothing is cut off, overlaps or needs scrolling sideways. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { brokenWords, horizontalOverflow, unlabelledColumns, unreadableLabels } from "../checks/layout.mjs";
import { cutText, overlappingText, paintedLines } from "../checks/painted-text.mjs";
import { fonts } from "../chromium/fonts.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

const widths = [360, 500, 700, 840, 922, 1100, 1280, 1600];
/** Smallest readable height of a line of text, in pixels. */
const leastLabelHeight = 9;
/** Faults of one kind that a message shows. */
const shownFaults = 5;

for (const fontWidth of /** @type {const} */ (["wide", "narrow"])) {
	describe(`with a ${fontWidth} font`, { concurrency }, () => {
		const browser = useBrowser(fontWidth);

		it("the pages are drawn with that font", async () => {
			const [page] = allPages;
			assert.ok(page !== undefined);
			const used = await browser.open(await pageFile(page), {}, (tab) => tab.usedFonts());
			assert.deepEqual(used, [fonts[fontWidth].text]);
		});

		for (const page of allPages) {
			it(`the ${page.name} page can be read at each width`, async () => {
				/** @type {Record<string, Record<string, string[]>>} */
				const faults = {};
				await browser.open(await pageFile(page), {}, async (tab) => {
					for (const width of widths) {
						await tab.playwright.setViewportSize({ width, height: 800 });
						const found = summed(await faultsOf(tab, width, page.telemetry === pages.hostile.telemetry));
						if (Object.keys(found).length > 0) {
							faults[`${width} pixels`] = found;
						}
					}
				});
				assert.deepEqual(faults, {});
			});
		}
	});
}

/**
 * @param {import("../chromium/open-page.mjs").OpenPage} tab
 * @param {number} width of its window
 * @param {boolean} isHostile
 * @returns {Promise<Record<string, string[]>>} descriptions of faults by their kind
 */
async function faultsOf(tab, width, isHostile) {
	await tab.evaluate(setDetails, false);
	const labels = await tab.evaluate(unreadableLabels, leastLabelHeight);
	await tab.evaluate(setDetails, true);
	const lines = await paintedLines(tab);
	assert.ok(lines.length > 10);
	const overflow = await tab.evaluate(horizontalOverflow);
	return {
		tooWide: overflow > 0 ? [`The page is ${overflow} pixels wider than the window`] : [],
		labels,
		cut: cutText(lines, width),
		overlapping: overlappingText(lines),
		// Hostile titles leave no room for whole words.
		brokenWords: isHostile ? [] : await tab.evaluate(brokenWords),
		unlabelled: await tab.evaluate(unlabelledColumns),
	};
}

/**
 * @param {Record<string, string[]>} faults
 * @returns {Record<string, string[]>} the first of each kind, and how many there are
 */
function summed(faults) {
	return Object.fromEntries(
		Object.entries(faults)
			.filter(([, found]) => found.length > 0)
			.map(([kind, found]) => [`${kind}: ${found.length}`, found.slice(0, shownFaults)]),
	);
}

/**
 * Runs in the page.
 *
 * @param {boolean} open
 */
function setDetails(open) {
	for (const details of document.querySelectorAll("details")) {
		details.open = open;
	}
}
