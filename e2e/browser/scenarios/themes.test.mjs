/** Pages take the colours of the editor or follow the system, and can be read in each of them. */

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shorten } from "../checks/accessibility.mjs";
import { lowContrast, meaningByColourAlone, pageColours } from "../checks/colours.mjs";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allLooks, editorLooks, looks, wear, withDistinctColours } from "../chromium/themes.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";

/** Luminance of a background from which it is bright. */
const bright = 0.5;
/** Five times the difference that is just noticeable side by side: a mark and its legend are some way apart. */
const leastDifference = 0.1;
/** Faults of a look that a message shows. */
const shownFaults = 8;

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */

const browser = useBrowser();

describe("in each look", { concurrency }, () => {
	for (const page of allPages) {
		for (const [what, find] of /** @type {const} */ ([
			["the text and the charts of the page have enough contrast", lowContrast],
			[
				"charts can be read without telling red from green",
				(/** @type {OpenPage} */ tab) => meaningByColourAlone(tab, leastDifference),
			],
		])) {
			it(`${what}: the ${page.name} page`, async () => {
				/** @type {Record<string, string[]>} */
				const faults = {};
				await browser.open(await pageFile(page), {}, async (tab) => {
					await tab.evaluate(openDetails);
					await shorten(tab);
					for (const look of allLooks) {
						await wear(tab, look);
						const found = await find(tab);
						if (found.length > 0) {
							faults[look.name] = [`${found.length} faults`, ...found.slice(0, shownFaults)];
						}
					}
				});
				assert.deepEqual(faults, {});
			});
		}
	}
});

describe("in the editor", { concurrency }, () => {
	for (const { name, appearance, scheme, theme } of editorLooks) {
		it(`the page takes the colours of ${name}, whatever the system's are`, async () => {
			const distinct = withDistinctColours(theme);
			const file = await pageFile(pages.sample);
			const colours = await browser.open(file, { scheme, theme: distinct }, pageColours);
			const hexadecimal = (/** @type {string} */ variable) =>
				`#${(distinct.variables[variable]?.match(/\d+/g) ?? [])
					.map((part) => Number(part).toString(16).padStart(2, "0"))
					.join("")}`;
			const given = new Map(
				Object.keys(theme.variables).map((variable) => [hexadecimal(variable), variable]),
			);
			const foreign = (/** @type {string[]} */ found) => found.filter((colour) => !given.has(colour));
			assert.deepEqual(
				{
					background: given.get(colours.background) ?? colours.background,
					text: given.get(colours.text)?.replace("editor-", "") ?? colours.text,
					links: colours.links.map((colour) => given.get(colour) ?? colour),
					foreignMarks: foreign(colours.marks),
					foreignBorders: foreign(colours.borders),
					fontFamily: colours.fontFamily.replaceAll('"', ""),
				},
				{
					background: "editor-background",
					text: "foreground",
					links: ["textLink-foreground"],
					foreignMarks: [],
					foreignBorders: [],
					fontFamily: theme.variables["font-family"]?.replaceAll('"', ""),
				},
			);
			const hasBorder = colours.borders.some((colour) => given.get(colour) === "contrastBorder");
			assert.equal(hasBorder, "contrastBorder" in theme.variables, "contrastBorder");
		});

		it(`without the editor's variables, the page is as ${appearance} as ${name}`, async () => {
			const bare = { bodyClass: theme.bodyClass, variables: {} };
			const colours = await browser.open(await pageFile(pages.sample), { scheme, theme: bare }, pageColours);
			assert.equal(colours.luminance >= bright, appearance === "light");
			assert.deepEqual(
				await browser.open(await pageFile(pages.sample), { scheme, theme: bare }, lowContrast),
				[],
			);
		});
	}

	it("the page follows a change of the theme", async () => {
		await browser.open(await pageFile(pages.sample), looks.editorLight, async (tab) => {
			const seen = [];
			for (const look of [...editorLooks, looks.editorLight]) {
				await wear(tab, look);
				seen.push([look.name, (await pageColours(tab)).background]);
			}
			assert.deepEqual(
				seen,
				[...editorLooks, looks.editorLight].map(({ theme, name }) => [
					name,
					theme.variables["editor-background"],
				]),
			);
		});
	});
});

describe("in a browser", () => {
	it("the page follows the system, also when it changes", async () => {
		await browser.open(await pageFile(pages.sample), looks.light, async (tab) => {
			for (const scheme of /** @type {const} */ (["light", "dark", "light"])) {
				await tab.playwright.emulateMedia({ colorScheme: scheme });
				assert.equal((await pageColours(tab)).luminance >= bright, scheme === "light", scheme);
			}
		});
	});

	it("the page takes the forced colours of the system", async () => {
		for (const [look, background] of /** @type {const} */ ([
			[looks.forcedLight, "#ffffff"],
			[looks.forcedDark, "#000000"],
		])) {
			const colours = await browser.open(await pageFile(pages.sample), look, pageColours);
			assert.equal(colours.background, background);
		}
	});
});

/** Runs in the page. */
function openDetails() {
	for (const details of document.querySelectorAll("details")) {
		details.open = true;
	}
}
