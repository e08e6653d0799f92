/**
 * Takes pictures of every page for people to look at. The pictures are not compared. `artifacts/index.html` shows all of
 * them side by side.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, it } from "node:test";
import { concurrency, useBrowser } from "../chromium/report-browser.mjs";
import { looks, wear } from "../chromium/themes.mjs";
import { allPages, pageFile, pages } from "../pages/pages.mjs";
import { artifactsFolder } from "../tools.mjs";

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */

const widths = [360, 840, 1280, 1600];
const pictured = [
	{ name: "light", look: looks.light },
	{ name: "dark", look: looks.dark },
	{ name: "high-contrast", look: looks.highContrast },
];
/** Height of a picture in pixels. */
const height = 3_000;
/** Most pictures of a page in one look. Those of the sample show all of it at most widths. */
const picturesAtMost = { sample: 5, large: 1, hostile: 1, redacted: 2, minimal: 1 };
/** The default of browsers. */
const margin = { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" };
/** Paper pages that are pictured. */
const paperPages = 6;
const visions = /** @type {const} */ (["achromatopsia", "deuteranopia", "protanopia"]);

const browser = useBrowser();

after(() => writeFileSync(path.join(artifactsFolder, "index.html"), contactSheet()));

for (const page of allPages) {
	describe(`the ${page.name} page`, { concurrency }, () => {
		const folder = path.join(artifactsFolder, page.name);
		mkdirSync(folder, { recursive: true });

		for (const width of widths) {
			it(`has pictures in light, dark and high contrast, ${width} pixels wide`, async () => {
				await browser.open(await pageFile(page), { width, height }, async (tab) => {
					for (const { name, look } of pictured) {
						await wear(tab, look);
						await pictures(tab, path.join(folder, `${width}-${name}`), width, picturesAtMost[page.name]);
					}
				});
			});
		}

		it("has pictures of its paper", async () => {
			const file = path.join(folder, "paper.pdf");
			await browser.open(await pageFile(page), {}, async (tab) => {
				writeFileSync(file, await tab.playwright.pdf({ format: "A4", margin }));
			});
			execFileSync("pdftoppm", ["-png", "-r", "70", "-l", `${paperPages}`, file, path.join(folder, "paper")]);
			rmSync(file);
			assert.ok(readdirSync(folder).some((name) => /^paper-\d+\.png$/.test(name)));
		});
	});
}

for (const page of [pages.sample, pages.large]) {
	describe(`the ${page.name} page with other colours`, { concurrency }, () => {
		const folder = path.join(artifactsFolder, page.name);

		it("has pictures in the forced colours of the system", async () => {
			await browser.open(await pageFile(page), { height, forcedColors: true }, (tab) =>
				pictures(tab, path.join(folder, "forced-colors"), 1280, 2),
			);
		});

		for (const vision of visions) {
			it(`has pictures of its charts as seen with ${vision}`, async () => {
				await browser.open(await pageFile(page), { height }, async (tab) => {
					await tab.emulateVision(vision);
					const charts = await tab.evaluate(figurePlaces);
					assert.ok(charts.length > 0);
					for (const [index, place] of charts.entries()) {
						await tab.picture(place, path.join(folder, `${vision}-${index + 1}.png`));
					}
				});
			});
		}
	});
}

/**
 * Takes pictures of a page, from top to bottom.
 *
 * @param {OpenPage} tab
 * @param {string} name prefix of the file names
 * @param {number} width
 * @param {number} most pictures
 */
async function pictures(tab, name, width, most) {
	const end = await tab.evaluate(() => document.documentElement.scrollHeight);
	for (let number = 1, top = 0; number <= most && top < end; number++, top += height) {
		await tab.picture({ left: 0, top, width, height: Math.min(height, end - top) }, `${name}-${number}.png`);
	}
}

/** Runs in the page. */
function figurePlaces() {
	return [...document.querySelectorAll("figure")]
		.map((figure) => {
			const { left, top, width, height } = figure.getBoundingClientRect();
			return { left, top: top + scrollY, width, height };
		})
		.filter(({ width, height }) => width > 0 && height > 0);
}

/** @returns {string} a page with all pictures */
function contactSheet() {
	const parts = allPages.map(({ name }) => {
		const files = readdirSync(path.join(artifactsFolder, name))
			.filter((file) => file.endsWith(".png"))
			.sort(new Intl.Collator("en", { numeric: true }).compare);
		/** @type {Record<string, string[]>} */
		const rows = {};
		for (const file of files) {
			const row = file.replace(/-\d+\.png$/, "");
			rows[row] = [...(rows[row] ?? []), file];
		}
		const rowParts = Object.entries(rows).map(
			([row, pictures]) =>
				`<h3>${row}</h3>\n<p>${pictures
					.map((file) => {
						const address = `${name}/${file}`;
						return `<a href="${address}"><img src="${address}" alt="${file}" loading="lazy"></a>`;
					})
					.join("\n")}</p>`,
		);
		return `<section><h2>${name}</h2>\n${rowParts.join("\n")}</section>`;
	});
	return (
		'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Pictures of reports</title>\n' +
		"<style>body { font: 14px sans-serif; background: #888 } img { height: 480px; vertical-align: top }</style>\n" +
		`${parts.join("\n")}\n</html>\n`
	);
}
