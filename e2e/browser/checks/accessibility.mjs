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

/** Rows of a table and entries of a list that a short page has. For thousands of similar ones, axe takes minutes. */
const checkedItems = 20;

/**
 * Removes most rows of long tables and lists from a page.
 *
 * @param {import("../chromium/open-page.mjs").OpenPage} page
 */
export async function shorten(page) {
	await page.evaluate(cut, checkedItems);
}

/**
 * Checks a page, which should be short.
 *
 * @param {import("../chromium/open-page.mjs").OpenPage} page
 * @param {boolean} [forcedColors] whether the system forces its colours. Axe does not see all of them, so it does not check
 *   contrast then
 * @returns {Promise<Violation[]>}
 */
export async function violations(page, forcedColors = false) {
	await page.evaluateText(`${readFileSync(axeFile, "utf8")}; undefined`);
	return page.evaluate(async (/** @type {boolean} */ knowsColours) => {
		// @ts-expect-error axe was loaded above.
		const { axe } = globalThis;
		const found = await axe.run(document, {
			resultTypes: ["violations"],
			preload: false,
			rules: { "color-contrast": { enabled: knowsColours } },
		});
		return found.violations.map((/** @type {any} */ { id, impact, help, nodes }) => ({
			rule: id,
			impact,
			help,
			places: nodes
				.slice(0, 5)
				.map((/** @type {any} */ { html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
			count: nodes.length,
		}));
	}, !forcedColors);
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
