/** Pages are accessible and fit the window, in light and dark, wide and narrow. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { violations } from "../checks/accessibility.mjs";
import { horizontalOverflow, unreachableTables, unreadableLabels } from "../checks/layout.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

const widths = [1280, 400];
const schemes = /** @type {const} */ (["light", "dark"]);
/** Smallest readable height of a line of text, in pixels. */
const leastLabelHeight = 9;

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		for (const width of widths) {
			for (const scheme of schemes) {
				it(`has no serious accessibility violation in ${scheme}, ${width} pixels wide`, async () => {
					const found = await browser.open(await pageFile(page), { width, scheme }, violations);
					const grave = found.filter(({ impact }) => ["serious", "critical"].includes(impact));
					for (const { rule, impact, help, count } of found) {
						console.log(`${page.name}, ${scheme}, ${width}: ${impact}: ${rule}: ${help} (${count})`);
					}
					assert.deepEqual(grave, []);
				});
			}

			it(`fits a window of ${width} pixels, with readable labels and tables that can be scrolled`, async () => {
				await browser.open(await pageFile(page), { width }, async (tab) => {
					assert.deepEqual(await tab.evaluate(unreadableLabels, leastLabelHeight), []);
					await tab.evaluate(openDetails);
					assert.equal(await tab.evaluate(horizontalOverflow), 0);
					assert.deepEqual(await tab.evaluate(unreachableTables), []);
				});
			});
		}
	});
}

describe("the page of a single event", () => {
	it("says in every empty section that it is empty", async () => {
		await browser.open(await pageFile(pages.minimal), {}, async (tab) => {
			const sections = await tab.evaluate(() =>
				["operations", "failures", "network"].map((id) => {
					const section = document.querySelector(`section#${id}`);
					return {
						id,
						says: /** @type {HTMLElement | null} */ (section?.querySelector(".nothing"))?.innerText,
						shows: section?.querySelectorAll("table, svg, figure, details").length,
					};
				}),
			);
			for (const { id, says, shows } of sections) {
				assert.match(says ?? "", /\.$/, id);
				assert.equal(shows, 0, id);
			}
		});
	});
});

/** Runs in the page. */
function openDetails() {
	for (const details of document.querySelectorAll("details")) {
		details.open = true;
	}
}
