/** What axe finds fault with in a page. */

import { readFileSync } from "node:fs";
import { axeFile } from "../tools.mjs";

/**
 * @typedef {object} Violation
 * @property {string} rule
 * @property {string} impact `minor`, `moderate`, `serious` or `critical`
 * @property {string} help
 * @property {string[]} places the first ones
 * @property {number} count of all places
 */

/** Rows of a table and entries of a list that are looked at: axe takes minutes for thousands that are all alike. */
const lookedAt = 20;

/**
 * Judges a page, whose long tables and lists are cut for that.
 *
 * @param {import("../chromium/open-page.mjs").OpenPage} page
 * @returns {Promise<Violation[]>}
 */
export async function violations(page) {
	await page.evaluate(cut, lookedAt);
	await page.evaluateText(`${readFileSync(axeFile, "utf8")}; undefined`);
	return page.evaluate(async () => {
		// @ts-expect-error axe is there now.
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
 * Leaves the first and the last of what there is many of. Runs in the page.
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
