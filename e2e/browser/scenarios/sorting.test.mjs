/** Tables that people sort, by mouse and by keyboard. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { pageFile, pages } from "../pages/pages.mjs";

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */

const tabsAtMost = 300;
const numberColumns = ["Count", "Error", "Median", "95th percentile", "Longest", "Total"];

const browser = useBrowser();

for (const page of [pages.sample, pages.large, pages.hostile]) {
	describe(`the operations of the ${page.name} page`, { concurrency }, () => {
		const hasOther = page === pages.hostile;

		it("are sorted by total to begin with, without scripts too", async () => {
			for (const scripts of [true, false]) {
				await browser.look(await pageFile(page), { scripts }, async (tab) => {
					const { values, otherIsLast } = await column(tab, "Total");
					assert.ok(values.length > 1);
					assertSorted(values, "descending");
					assert.equal(otherIsLast, hasOther);
				});
			}
		});

		it("are sorted by a click on a title, the other way round by the next", async () => {
			await browser.look(await pageFile(page), {}, async (tab) => {
				for (const title of numberColumns) {
					const before = await column(tab, title);
					await clickTitle(tab, title);
					const first = await column(tab, title);
					await clickTitle(tab, title);
					const second = await column(tab, title);
					for (const { direction, values, otherIsLast, marked } of [first, second]) {
						assertSorted(values, direction);
						assert.deepEqual(marked, [title]);
						assert.equal(otherIsLast, hasOther);
						assert.deepEqual(sorted(values), sorted(before.values));
					}
					assert.notEqual(first.direction, second.direction);
				}
				await tab.settle();
				assert.deepEqual(tab.said, []);
			});
		});

		it("are sorted by Enter and by Space on a title that the keyboard has reached", async () => {
			await browser.look(await pageFile(page), {}, async (tab) => {
				await tabTo(tab, "Count");
				const directions = [];
				for (const key of ["Enter", "Space", "Enter"]) {
					const scrolled = await tab.evaluate(() => scrollY);
					await tab.tab.keyboard.press(key);
					const { direction, values } = await column(tab, "Count");
					assertSorted(values, direction);
					directions.push(direction);
					assert.equal(await focusedTitle(tab), "Count");
					assert.equal(await tab.evaluate(() => scrollY), scrolled, `${key} scrolls`);
				}
				const [first, second] = directions;
				assert.notEqual(first, second);
				assert.deepEqual(directions, [first, second, first]);
			});
		});

		it("and all other tables keep their rows, and those of the rest last, however they are sorted", async () => {
			await browser.look(await pageFile(page), {}, async (tab) => {
				assert.deepEqual(await tab.evaluate(sortAll), []);
				await tab.settle();
				assert.deepEqual(tab.said, []);
			});
		});
	});
}

/**
 * @param {number[]} values
 * @param {string | null} direction
 */
function assertSorted(values, direction) {
	assert.match(direction ?? "", /^(ascending|descending)$/);
	assert.deepEqual(values, direction === "ascending" ? sorted(values) : sorted(values).reverse());
}

/** @param {number[]} values */
function sorted(values) {
	return values.toSorted((a, b) => a - b);
}

/**
 * @param {OpenPage} tab
 * @param {string} title
 */
function column(tab, title) {
	return tab.evaluate(readColumn, title);
}

/**
 * Runs in the page.
 *
 * @param {string} title
 * @returns {{ values: number[], direction: string | null, marked: string[], otherIsLast: boolean }} of the operations: the
 *   exact values of a column, of those that have one; by which columns they are sorted, and whether the last row is that
 *   of those beyond the limit
 */
function readColumn(title) {
	const titles = [...document.querySelectorAll("section#operations table thead th")];
	const name = (/** @type {Element} */ element) => (element.textContent ?? "").trim();
	const header = titles.find((element) => name(element) === title);
	const rows = [...document.querySelectorAll("section#operations table tbody tr")];
	const place = header === undefined ? -1 : titles.indexOf(header);
	const values = rows
		.filter((row) => !row.classList.contains("other"))
		.map((row) => row.children[place]?.querySelector("data")?.getAttribute("value"))
		.filter((value) => value !== undefined && value !== null)
		.map(Number);
	return {
		values,
		direction: header?.getAttribute("aria-sort") ?? null,
		marked: titles.filter((element) => /cending$/.test(element.getAttribute("aria-sort") ?? "")).map(name),
		otherIsLast: rows.findIndex((row) => row.classList.contains("other")) === rows.length - 1,
	};
}

/**
 * Clicks as a mouse does: where the title is.
 *
 * @param {OpenPage} tab
 * @param {string} title
 */
async function clickTitle(tab, title) {
	const { x, y } = await tab.evaluate((text) => {
		const titles = [...document.querySelectorAll("section#operations table thead th")];
		const header = titles.find((element) => element.textContent?.trim() === text);
		header?.scrollIntoView({ block: "center" });
		const range = document.createRange();
		range.selectNodeContents(header ?? document);
		const { left, top, width, height } = range.getBoundingClientRect();
		return { x: left + width / 2, y: top + height / 2 };
	}, title);
	await tab.tab.mouse.click(x, y);
}

/**
 * Presses Tab until the title of a column of the operations has the focus.
 *
 * @param {OpenPage} tab
 * @param {string} title
 */
async function tabTo(tab, title) {
	for (let presses = 0; presses < tabsAtMost; presses++) {
		await tab.tab.keyboard.press("Tab");
		if ((await focusedTitle(tab)) === title) {
			return;
		}
	}
	assert.fail(`Tab does not reach ${title}`);
}

/** @param {OpenPage} tab */
function focusedTitle(tab) {
	return tab.evaluate(() =>
		document.activeElement?.closest("section#operations table thead th")?.textContent?.trim(),
	);
}

/**
 * Sorts each table by each of its columns, twice. Runs in the page.
 *
 * @returns {string[]} what went wrong
 */
function sortAll() {
	const faults = [];
	const collator = new Intl.Collator("en", { numeric: true });
	/** @param {Element | undefined} cell */
	const keyOf = (cell) => {
		const number = cell?.querySelector("data")?.value;
		const time = cell?.querySelector("time")?.dateTime;
		// With as many digits of a second as any time has, so that their order is that of their texts.
		const whole = time?.replace(/(\.\d+)?Z$/, (_, fraction = ".") => fraction.padEnd(10, "0"));
		return number === undefined ? (whole ?? cell?.querySelector("bdi")?.textContent) : Number(number);
	};
	/** @param {Element | undefined} cell */
	const isText = (cell) => cell?.querySelector("data, time") === null;
	/**
	 * @param {string | number | undefined} one
	 * @param {string | number | undefined} other
	 * @param {boolean} areTexts
	 */
	const compare = (one = "", other = "", areTexts) =>
		areTexts ? collator.compare(String(one), String(other)) : one < other ? -1 : Number(one > other);
	for (const table of document.querySelectorAll("table")) {
		const rows = () => [...table.querySelectorAll("tbody tr")];
		const before = rows();
		const hasOther = before.at(-1)?.classList.contains("other") ?? false;
		for (const [place, header] of [...table.querySelectorAll("thead th")].entries()) {
			const control = header.querySelector("button");
			for (let click = 0; click < 2 && control !== null; click++) {
				control.click();
				const after = rows();
				const isSame = after.length === before.length && new Set([...before, ...after]).size === after.length;
				const otherIsLast = after.at(-1)?.classList.contains("other") ?? false;
				const cells = after.slice(0, hasOther ? -1 : undefined).map((row) => row.children[place]);
				const sign = header.getAttribute("aria-sort") === "descending" ? -1 : 1;
				const known = cells.filter((cell) => keyOf(cell) !== undefined);
				const wrong = known.findIndex(
					(cell, index) =>
						index > 0 && sign * compare(keyOf(known[index - 1]), keyOf(cell), isText(cell)) > 0,
				);
				if (!isSame || otherIsLast !== hasOther || wrong >= 0) {
					const pair =
						wrong < 0 ? "" : `${known[wrong - 1]?.textContent} before ${known[wrong]?.textContent}`;
					faults.push(`${table.id}: ${header.textContent}: ${pair}`);
				}
			}
		}
	}
	return faults;
}
