/** Pages are accessible in each look, wide and narrow. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shorten, violations } from "../checks/accessibility.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allLooks, looks, wear } from "../chromium/themes.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

/** Looks with different rules in the style sheet. Contrast is measured in all looks by another check. */
const differentLooks = [looks.light, looks.editorDark, looks.highContrast];
const narrowLooks = [looks.light];

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		for (const { width, worn } of [
			{ width: 1280, worn: page === pages.sample ? allLooks : differentLooks },
			{ width: 360, worn: narrowLooks },
		]) {
			it(`has no serious accessibility violation in ${worn.length} looks, ${width} pixels wide`, async () => {
				/** @type {Record<string, import("../checks/accessibility.mjs").Violation[]>} */
				const faults = {};
				await browser.open(await pageFile(page), { width }, async (tab) => {
					await shorten(tab);
					for (const look of /** @type {import("../chromium/themes.mjs").Look[]} */ (worn)) {
						await wear(tab, look);
						const found = await violations(tab, look.forcedColors);
						for (const { rule, impact, help, count } of found) {
							console.log(`${page.name}, ${look.name}, ${width}: ${impact}: ${rule}: ${help} (${count})`);
						}
						const grave = found.filter(({ impact }) => ["serious", "critical"].includes(impact));
						if (grave.length > 0) {
							faults[look.name] = grave;
						}
					}
				});
				assert.deepEqual(faults, {});
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
