/** What a page keeps to itself: it says nothing, asks for nothing, and runs nothing but its own script. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { placesThatReachOut } from "../judges/addresses.mjs";
import { decoded, readDocument, readSource } from "../judges/source.mjs";
import { hostileTexts } from "../pages/hostile.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

const sections = ["about", "sharing", "activity", "operations", "failures", "network", "quality"];
const pageBytes = 1_000_000;
/** Characters of a text of the telemetry that a page shows at least. */
const shownCharacters = 80;
/** What no page holds as it is: what moves, hides or replaces the text around it. */
const unseen =
	/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
/** Emoji are spelled with joiners and variation selectors, which show as what they spell. */
const emoji = /\p{RGI_Emoji}/gv;

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		it("has at most a million bytes, and shows every character for what it is", async () => {
			const html = readFileSync(await pageFile(page));
			assert.ok(html.length <= pageBytes, `${html.length} bytes`);
			const text = new TextDecoder("utf-8", { fatal: true }).decode(html);
			const ofTheData = text.replace(/<(style|script)>.*?<\/\1>/gs, "");
			assert.equal(unseen.exec(ofTheData.replace(emoji, ""))?.[0], undefined);
		});

		it("leaves the browser nothing to say, and asks for nothing but itself", async () => {
			const file = await pageFile(page);
			await browser.look(file, {}, async (tab) => {
				await tab.evaluate(useEverything);
				await tab.settle();
				assert.deepEqual(tab.said, []);
				assert.deepEqual(tab.asked, [pathToFileURL(file).href]);
				assert.equal(await tab.ranFromTheData(), false);
			});
		});

		it("holds one script, no place that loads, sends or runs anything, and its title", async () => {
			const file = await pageFile(page);
			const [, title = ""] = /<title>([^<]+)<\/title>/.exec(readFileSync(file, "utf8")) ?? [];
			await browser.look(file, {}, async (tab) => {
				assert.equal(await tab.evaluate(() => document.scripts.length), 1);
				assert.deepEqual(await tab.evaluate(placesThatReachOut), []);
				assert.equal(await tab.evaluate(() => document.title), decoded(title));
			});
		});

		it("is to the browser what it is in the file, every element in its place", async () => {
			const file = await pageFile(page);
			const written = readSource(readFileSync(file, "utf8"));
			await browser.look(file, { scripts: false }, async (tab) => {
				const parsed = await tab.evaluate(readDocument);
				assert.deepEqual(parsed.elements, written.elements);
				assert.equal(parsed.text, written.text);
				assert.equal(await tab.evaluate(() => document.compatMode), "CSS1Compat");
			});
		});

		it("leads from its top to each section", async () => {
			await browser.look(await pageFile(page), {}, async (tab) => {
				for (const section of sections) {
					await tab.evaluate(() => scrollTo(0, 0));
					await tab.tab.locator(`nav a[href="#${section}"]`).click();
					const top = (/** @type {string} */ id) =>
						document.getElementById(id)?.getBoundingClientRect().top ?? Number.NaN;
					const distance = await tab.evaluate(top, section);
					assert.ok(distance >= -1 && distance < 800, `${section}: ${distance}`);
				}
				await tab.settle();
				assert.deepEqual(tab.said, []);
			});
		});

		it("says the same without scripts", async () => {
			const file = await pageFile(page);
			const withScripts = await browser.look(file, {}, (tab) => tab.evaluate(readSections));
			const without = await browser.look(file, { scripts: false }, (tab) => tab.evaluate(readSections));
			assert.deepEqual(
				without.map(({ id }) => id),
				sections,
			);
			assert.ok(without.every(({ seen }) => seen.length > 0));
			assert.deepEqual(withScripts, without);
		});
	});
}

describe("the hostile page", () => {
	it("shows every hostile text as text", async () => {
		const { text } = readSource(readFileSync(await pageFile(pages.hostile), "utf8"));
		for (const hostile of hostileTexts) {
			const characters = [...hostile.toWellFormed()].slice(0, shownCharacters).join("");
			const visible = hostile === "" ? "(empty)" : hostile === " " ? "(blank)" : characters;
			const parts = new RegExp(`${emoji.source}|${unseen.source}|\n`, "gv");
			const shown = visible
				.replace(parts, (part) => (part.match(emoji) ? part : spelled(part)))
				.replaceAll(" ", "");
			assert.ok(text.includes(shown), JSON.stringify(hostile));
		}
	});
});

/** @param {string} character */
function spelled(character) {
	const code = character.codePointAt(0) ?? 0;
	return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** Points at, clicks and opens all there is. Runs in the page. */
function useEverything() {
	for (const element of document.querySelectorAll("button, summary, th, figure, svg, [tabindex]")) {
		for (const kind of ["mouseover", "mousemove", "focus", "click"]) {
			element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
		}
	}
	// After the clicks, which shut what was open.
	for (const details of document.querySelectorAll("details")) {
		details.open = true;
	}
}

/** Runs in the page. */
function readSections() {
	return [...document.querySelectorAll("section")].map((section) => ({
		id: section.id,
		title: section.querySelector("h2")?.innerText,
		text: section.textContent,
		seen: section.innerText,
	}));
}
