/** On paper, everything can be read, including what is folded on the screen. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { horizontalOverflow, unlabelledColumns } from "../checks/layout.mjs";
import { cutText, overlappingText, paintedLines } from "../checks/painted-text.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";
import { artifactsFolder } from "../tools.mjs";

/** The default of browsers. */
const margin = { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" };
/** What the margins leave of an A4 page, in the pixels of a browser. */
const paperWidth = 718;
const pointsOfMargin = 28;

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page on paper`, { concurrency }, () => {
		it("shows all text whole, without overlaps", async () => {
			await browser.open(await pageFile(page), { width: paperWidth }, async (tab) => {
				await tab.playwright.emulateMedia({ media: "print" });
				const lines = await paintedLines(tab);
				const faults = [
					...cutText(lines, paperWidth),
					...overlappingText(lines),
					...(await tab.evaluate(unlabelledColumns)),
				];
				assert.deepEqual({ count: faults.length, first: faults.slice(0, 5) }, { count: 0, first: [] });
				assert.equal(await tab.evaluate(horizontalOverflow), 0);
			});
		});

		it("shows the content of folded parts", async () => {
			await browser.open(await pageFile(page), { width: paperWidth, scripts: false }, async (tab) => {
				await tab.playwright.emulateMedia({ media: "print" });
				assert.deepEqual(await tab.evaluate(hiddenParts), []);
			});
		});

		it("has every title, every folded part and nothing beyond the margins in a PDF", async () => {
			const folder = path.join(artifactsFolder, page.name);
			mkdirSync(folder, { recursive: true });
			const file = path.join(folder, "report.pdf");
			const { titles, folded } = await browser.open(await pageFile(page), {}, async (tab) => {
				writeFileSync(file, await tab.playwright.pdf({ format: "A4", margin }));
				return tab.evaluate(readTitles);
			});
			assert.equal(readFileSync(file).toString("latin1", 0, 5), "%PDF-");
			const [, count] = /^Pages: +(\d+)$/m.exec(read("pdfinfo", file)) ?? [];
			assert.ok(Number(count) >= (page === pages.minimal ? 1 : 2), `${count} pages`);
			const text = read("pdftotext", file, "-").replace(/\s+/g, "");
			assert.ok(titles.length > 1);
			for (const title of [...titles, ...folded]) {
				assert.ok(text.includes(title.replace(/\s+/g, "")), title);
			}
			assert.deepEqual(wordsBeyondMargins(read("pdftotext", "-bbox", file, "-")), []);
		});
	});
}

/**
 * @param {string} program
 * @param {string[]} words
 */
function read(program, ...words) {
	return execFileSync(program, words, { encoding: "utf8", maxBuffer: 1e9 });
}

/** @param {string} boxes of words, as `pdftotext -bbox` writes them */
function wordsBeyondMargins(boxes) {
	const [, width = ""] = /<page width="([\d.]+)"/.exec(boxes) ?? [];
	assert.ok(Number(width) > 500, "width of the page");
	const words = boxes.matchAll(/<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)"[^>]*>(.*?)<\/word>/g);
	return [...words]
		.filter(
			([, left, right]) =>
				Number(left) < pointsOfMargin - 2 || Number(right) > Number(width) - pointsOfMargin + 2,
		)
		.map(([, , , word]) => word);
}

/** Runs in the page. */
function readTitles() {
	const titles = [...document.querySelectorAll("h1, h2")].map((title) => title.textContent ?? "");
	// Text by text, because cells have no spaces between them.
	const wordsOf = (/** @type {Node} */ node) => {
		const words = [];
		const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
		for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
			words.push(...(text.textContent?.match(/[A-Za-z0-9:]{4,12}/g) ?? []));
		}
		return words;
	};
	const all = wordsOf(document.body);
	// A word of each folded part that the rest of the page does not have.
	const folded = [...document.querySelectorAll("details:not([open])")].flatMap((details) => {
		const content = [...details.children].filter(({ localName }) => localName !== "summary");
		const own = content.flatMap(wordsOf);
		const count = (/** @type {string[]} */ words, /** @type {string} */ word) =>
			words.filter((other) => other.includes(word)).length;
		return own
			.slice(0, 50)
			.filter((word) => count(own, word) === count(all, word))
			.slice(0, 1);
	});
	return { titles, folded };
}

/** @returns {string[]} the title of each part whose content is not shown. Runs in the page. */
function hiddenParts() {
	return [...document.querySelectorAll("details")]
		.filter((details) => {
			const content = [...details.children].filter(({ localName }) => localName !== "summary");
			return !content.some(
				(element) => element.checkVisibility() && element.getBoundingClientRect().height > 5,
			);
		})
		.map((details) => details.querySelector("summary")?.textContent ?? "");
}
