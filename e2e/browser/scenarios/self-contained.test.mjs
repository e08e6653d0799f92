/** A page is self-contained: it loads nothing, logs nothing, and runs only its own script. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { externalReferences } from "../checks/self-contained.mjs";
import { decoded, readDocument, readSource } from "../checks/source.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { hostileTexts } from "../pages/hostile.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

const sections = ["about", "sharing", "failures", "operations", "network", "activity", "quality"];
const pageBytes = 1_000_000;
/** A page shows at least this many characters of a text of the telemetry. */
const shownCharacters = 80;
/** Characters that move, hide or replace text. No page may contain them. */
const hiddenCharacter =
	/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/u;
/** Emoji may contain joiners and variation selectors. */
const emoji = /\p{RGI_Emoji}/gv;

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		it("has at most a million bytes, and no character that hides or moves text", async () => {
			const html = readFileSync(await pageFile(page));
			assert.ok(html.length <= pageBytes, `${html.length} bytes`);
			const text = new TextDecoder("utf-8", { fatal: true }).decode(html);
			const visible = text.replace(/<(style|script)>.*?<\/\1>/gs, "");
			assert.equal(hiddenCharacter.exec(visible.replace(emoji, ""))?.[0], undefined);
		});

		it("causes no message of the browser, and no request except for itself", async () => {
			const file = await pageFile(page);
			await browser.open(file, {}, async (tab) => {
				await tab.evaluate(useEverything);
				await tab.settle();
				assert.deepEqual(tab.messages, []);
				assert.deepEqual(tab.requests, [pathToFileURL(file).href]);
				assert.equal(await tab.injectedScriptRan(), false);
			});
		});

		it("has one script, no element that loads, sends or runs anything, and its title", async () => {
			const file = await pageFile(page);
			const [, title = ""] = /<title>([^<]+)<\/title>/.exec(readFileSync(file, "utf8")) ?? [];
			await browser.open(file, {}, async (tab) => {
				assert.equal(await tab.evaluate(() => document.scripts.length), 1);
				assert.deepEqual(await tab.evaluate(externalReferences), []);
				assert.equal(await tab.evaluate(() => document.title), decoded(title));
			});
		});

		it("has the same structure in the browser as in its source", async () => {
			const file = await pageFile(page);
			const written = readSource(readFileSync(file, "utf8"));
			await browser.open(file, { scripts: false }, async (tab) => {
				const parsed = await tab.evaluate(readDocument);
				assert.deepEqual(parsed.elements, written.elements);
				assert.equal(parsed.text, written.text);
				assert.equal(await tab.evaluate(() => document.compatMode), "CSS1Compat");
			});
		});

		it("has links at its top that lead to each section", async () => {
			await browser.open(await pageFile(page), {}, async (tab) => {
				for (const section of sections) {
					await tab.evaluate(() => scrollTo(0, 0));
					await tab.playwright.locator(`nav a[href="#${section}"]`).click();
					const top = (/** @type {string} */ id) =>
						document.getElementById(id)?.getBoundingClientRect().top ?? Number.NaN;
					const distance = await tab.evaluate(top, section);
					assert.ok(distance >= -1 && distance < 800, `${section}: ${distance}`);
				}
				await tab.settle();
				assert.deepEqual(tab.messages, []);
			});
		});

		it("shows the same text without scripts", async () => {
			const file = await pageFile(page);
			const withScripts = await browser.open(file, {}, (tab) => tab.evaluate(readSections));
			const without = await browser.open(file, { scripts: false }, (tab) => tab.evaluate(readSections));
			assert.deepEqual(
				without.map(({ id }) => id),
				page.options === undefined ? sections : sections.toSpliced(1, 0, "redaction"),
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
			const parts = new RegExp(`${emoji.source}|${hiddenCharacter.source}|\n`, "gv");
			const shown = visible
				.replace(parts, (part) => (part.match(emoji) ? part : escaped(part)))
				.replaceAll(" ", "");
			assert.ok(text.includes(shown), JSON.stringify(hostile));
		}
	});
});

/** @param {string} character */
function escaped(character) {
	const code = character.codePointAt(0) ?? 0;
	return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** Points at, clicks and opens every interactive element. Runs in the page. */
function useEverything() {
	for (const element of document.querySelectorAll("button, summary, th, figure, svg, [tabindex]")) {
		for (const kind of ["mouseover", "mousemove", "focus", "click"]) {
			element.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true }));
		}
	}
	// Afterwards, because clicks close what is open.
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
