/** The event fields can be filtered by typing. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { pageFile, pages } from "../pages/pages.mjs";

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */

const browser = useBrowser();

describe("the event fields", { concurrency }, () => {
	it("are reached and filtered with the keyboard, in any case, and are all shown again without a text", async () => {
		await browser.open(await pageFile(pages.sample), {}, async (tab) => {
			const all = await unfoldFields(tab);
			assert.ok(all.length > 10 && all.every(({ isShown }) => isShown));
			await tab.playwright.keyboard.press("Tab");
			assert.equal(await tab.evaluate(() => document.activeElement?.getAttribute("type")), "search");
			await tab.playwright.keyboard.type(" DURATIONms ");
			const filtered = await fieldRows(tab);
			assert.deepEqual(
				filtered.map(({ isShown }) => isShown),
				all.map(({ text }) => text.toLowerCase().includes("durationms")),
			);
			const shown = filtered.filter(({ isShown }) => isShown).length;
			assert.ok(shown > 0 && shown < all.length);
			assert.equal(await status(tab), `${shown} of ${all.length}`);
			await tab.playwright.keyboard.press("Control+A");
			await tab.playwright.keyboard.press("Delete");
			assert.deepEqual(await fieldRows(tab), all);
			assert.equal(await status(tab), "");
			await tab.settle();
			assert.deepEqual(tab.messages, []);
		});
	});

	it("say that no row has a text", async () => {
		await browser.open(await pageFile(pages.sample), {}, async (tab) => {
			const all = await unfoldFields(tab);
			await tab.playwright.keyboard.press("Tab");
			await tab.playwright.keyboard.type("no such field");
			assert.ok((await fieldRows(tab)).every(({ isShown }) => !isShown));
			assert.equal(await status(tab), `0 of ${all.length}`);
		});
	});

	it("have no filter if the page runs no scripts", async () => {
		await browser.open(await pageFile(pages.sample), { scripts: false }, async (tab) => {
			assert.ok((await unfoldFields(tab)).every(({ isShown }) => isShown));
			assert.equal(await tab.evaluate(() => document.querySelectorAll("input").length), 0);
		});
	});
});

/**
 * Unfolds the table of fields with the keyboard. The focus is then on the line that unfolds it.
 *
 * @param {OpenPage} tab
 */
async function unfoldFields(tab) {
	await tab.evaluate(() =>
		document.querySelector("#fields")?.closest("details")?.querySelector("summary")?.focus(),
	);
	await tab.playwright.keyboard.press("Enter");
	return fieldRows(tab);
}

/** @param {OpenPage} tab */
function fieldRows(tab) {
	return tab.evaluate(() =>
		[...document.querySelectorAll("#fields tbody tr")].map((row) => ({
			text: row.textContent ?? "",
			isShown: row.getBoundingClientRect().height > 0,
		})),
	);
}

/** @param {OpenPage} tab */
function status(tab) {
	return tab.evaluate(() => document.querySelector("[role=status]")?.textContent);
}
