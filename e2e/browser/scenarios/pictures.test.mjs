/** Takes pictures and PDFs of every page for people to look at. The pictures are not compared. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";
import { artifactsFolder } from "../tools.mjs";

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */

/** Height of the window in pixels. A longer section gets several pictures. */
const height = 1_800;
/** Most pictures of a section. Those of the sample show all of it. */
const picturesAtMost = { sample: 9, large: 1, hostile: 1, minimal: 1 };
/** The default of browsers. */
const margin = { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" };
/** Pages with ordinary charts. */
const ordinaryPages = [pages.sample, pages.large];

const browser = useBrowser();

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		const folder = path.join(artifactsFolder, page.name);
		const most = picturesAtMost[page.name];
		mkdirSync(folder, { recursive: true });

		for (const width of [1280, 400]) {
			for (const scheme of /** @type {const} */ (["light", "dark"])) {
				it(`has pictures in ${scheme}, ${width} pixels wide`, async () => {
					await browser.open(await pageFile(page), { width, height, scheme }, (tab) =>
						pictures(tab, path.join(folder, `${scheme}-${width}`), most),
					);
				});
			}
		}

		it("prints every section", async () => {
			const file = path.join(folder, "report.pdf");
			const titles = await browser.open(await pageFile(page), {}, async (tab) => {
				writeFileSync(file, await tab.playwright.pdf({ format: "A4", margin }));
				return tab.evaluate(() => [...document.querySelectorAll("h2")].map((title) => title.innerText));
			});
			assert.equal(readFileSync(file).toString("latin1", 0, 5), "%PDF-");
			const [, count] = /^Pages: +(\d+)$/m.exec(execFileSync("pdfinfo", [file], { encoding: "utf8" })) ?? [];
			assert.ok(Number(count) >= (page === pages.minimal ? 1 : 2), `${count} pages`);
			const text = execFileSync("pdftotext", [file, "-"], { encoding: "utf8", maxBuffer: 1e9 });
			assert.equal(titles.length, 7);
			for (const title of titles) {
				assert.ok(text.includes(title), title);
			}
		});
	});
}

for (const page of ordinaryPages) {
	describe(`the ${page.name} page with other colours`, { concurrency }, () => {
		const folder = path.join(artifactsFolder, page.name);

		it("has pictures in the forced colours of the system", async () => {
			await browser.open(await pageFile(page), { height }, async (tab) => {
				await tab.playwright.emulateMedia({ forcedColors: "active" });
				await pictures(tab, path.join(folder, "forced-colors"), 1);
			});
		});

		for (const vision of /** @type {const} */ (["achromatopsia", "deuteranopia"])) {
			it(`has pictures of its charts as seen with ${vision}`, async () => {
				await browser.open(await pageFile(page), { height }, async (tab) => {
					await tab.emulateVision(vision);
					const charts = await tab.evaluate(places, "figure");
					assert.ok(charts.length > 0);
					for (const [index, { section, ...place }] of charts.entries()) {
						await tab.picture(place, path.join(folder, `${vision}-${index + 1}-${section}.png`));
					}
				});
			});
		}
	});
}

/**
 * Takes pictures of every section, from top to bottom.
 *
 * @param {OpenPage} tab
 * @param {string} name prefix of the file names
 * @param {number} most pictures of a section
 */
async function pictures(tab, name, most) {
	const sections = await tab.evaluate(places, "header, section");
	assert.ok(sections.length > 0);
	for (const [index, { section, ...place }] of sections.entries()) {
		const end = place.top + place.height;
		for (let number = 1, top = place.top; number <= most && top < end; number++, top += height) {
			const file = `${name}-${index}-${section}${number > 1 ? `-${number}` : ""}.png`;
			await tab.picture({ ...place, top, height: Math.min(height, end - top) }, file);
		}
	}
}

/**
 * Runs in the page.
 *
 * @param {string} selector
 */
function places(selector) {
	return [...document.querySelectorAll(selector)].map((element) => {
		const { left, top, width, height } = element.getBoundingClientRect();
		return { section: element.closest("section")?.id ?? "top", left, top: top + scrollY, width, height };
	});
}
