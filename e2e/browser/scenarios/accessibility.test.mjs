/** Pages for everybody: in light and in dark, wide and narrow, by keyboard and by ear. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { violations } from "../judges/accessibility.mjs";
import { pixelsBesideTheWindow, tablesOutOfReach, unreadableLabels } from "../judges/layout.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

const widths = [1280, 400];
const schemes = /** @type {const} */ (["light", "dark"]);
/** Pixels of the lowest line of text that can be read. */
const leastLabelHeight = 9;

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		for (const width of widths) {
			for (const scheme of schemes) {
				it(`hinders nobody in ${scheme}, ${width} pixels wide`, async () => {
					const found = await browser.look(await pageFile(page), { width, scheme }, violations);
					const grave = found.filter(({ impact }) => ["serious", "critical"].includes(impact));
					for (const { rule, impact, help, count } of found) {
						console.log(`${page.name}, ${scheme}, ${width}: ${impact}: ${rule}: ${help} (${count})`);
					}
					assert.deepEqual(grave, []);
				});
			}

			it(`fits a window of ${width} pixels, and nothing in it is out of reach`, async () => {
				await browser.look(await pageFile(page), { width }, async (tab) => {
					assert.deepEqual(await tab.evaluate(unreadableLabels, leastLabelHeight), []);
					await tab.evaluate(openDetails);
					assert.equal(await tab.evaluate(pixelsBesideTheWindow), 0);
					assert.deepEqual(await tab.evaluate(tablesOutOfReach), []);
				});
			});
		}
	});
}

describe("the page of a single event", () => {
	it("says in every empty section that there is nothing", async () => {
		await browser.look(await pageFile(pages.minimal), {}, async (tab) => {
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
