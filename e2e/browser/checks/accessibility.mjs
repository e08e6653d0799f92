/** Finds accessibility violations with axe. */

import { readFileSync } from "node:fs";
import { axeFile } from "../tools.mjs";

/**
 * @typedef {object} Violation
 * @property {string} rule
 * @property {string} impact `minor`, `moderate`, `serious` or `critical`
 * @property {string} help
 * @property {string[]} places the first five
 * @property {number} count number of all places
 */

/** Rows of a table and entries of a list that are checked. For thousands of similar ones, axe takes minutes. */
const checkedItems = 20;

/**
 * Removes most rows of long tables and lists from the page, then checks it.
 *
 * @param {import("../chromium/open-page.mjs").OpenPage} page
 * @returns {Promise<Violation[]>}
 */
export async function violations(page) {
	await page.evaluate(cut, checkedItems);
	await page.evaluateText(`${readFileSync(axeFile, "utf8")}; undefined`);
	return page.evaluate(async () => {
		// @ts-expect-error axe was loaded above.
		const { axe } = globalThis;
		const found = await axe.run(document, { resultTypes: ["violations"], preload: false });
		return found.violations.map((/** @type {any} */ { id, impact, help, nodes }) => ({
			rule: id,
			impact,
			help,
			places: nodes
				.slice(0, 5)
				.map((/** @type {any} */ { html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
			count: nodes.length,
		}));
	});
}

/**
 * Keeps the first items and the last item of each table and list. Runs in the page.
 *
 * @param {number} kept
 */
function cut(kept) {
	for (const list of document.querySelectorAll("table, ul")) {
		const items = list.querySelectorAll(list.localName === "table" ? "tbody tr" : ":scope > li");
		for (const item of [...items].slice(kept - 1, -1)) {
			item.remove();
		}
	}
}
