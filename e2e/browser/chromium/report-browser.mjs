/** A Chromium that can only open files. */

import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { chromiumFlags, chromiumProgram } from "../../../scripts/testing/chromium.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { fontVariables } from "./fonts.mjs";
import { OpenPage } from "./open-page.mjs";
import { applyTheme } from "./themes.mjs";

const launchTimeoutMs = 60_000;

/** Number of pages that are tested at once. Each keeps about one core busy. */
export const concurrency = 2;

/**
 * @typedef {object} View settings of the window
 * @property {number} [width] default 1280
 * @property {number} [height] default 800
 * @property {"light" | "dark"} [scheme] default `light`
 * @property {boolean} [scripts] whether scripts run; default true
 * @property {boolean} [forcedColors] whether the system forces its colours; default false
 * @property {import("./themes.mjs").EditorTheme} [theme] of the editor, if the page is in its panel
 */

export class ReportBrowser {
	/** @type {import("playwright-core").Browser | undefined} */
	#browser;
	/** @type {import("./fonts.mjs").Width} */
	#fontWidth;

	/** @param {import("./fonts.mjs").Width} fontWidth */
	constructor(fontWidth) {
		this.#fontWidth = fontWidth;
	}

	async start() {
		const home = path.join(scratchFolder(), "browser");
		mkdirSync(home, { recursive: true });
		this.#browser = await chromium.launch({
			executablePath: chromiumProgram,
			env: { ...process.env, ...fontVariables(home, this.#fontWidth), HOME: home, TMPDIR: home },
			timeout: launchTimeoutMs,
			// No host name resolves. IP addresses cannot be reached, because pages are offline.
			args: [...chromiumFlags, "--host-resolver-rules=MAP * ~NOTFOUND"],
		});
	}

	async stop() {
		await this.#browser?.close();
	}

	/**
	 * Opens a file in a fresh profile, runs a task with it, and closes it.
	 *
	 * @template Result
	 * @param {string} file
	 * @param {View} view
	 * @param {(page: OpenPage) => Promise<Result>} task
	 * @returns {Promise<Result>}
	 */
	async open(file, view, task) {
		const { width = 1280, height = 800, scheme = "light", scripts = true, forcedColors, theme } = view;
		if (this.#browser === undefined) {
			throw new Error("The browser was not started");
		}
		const context = await this.#browser.newContext({
			viewport: { width, height },
			colorScheme: scheme,
			forcedColors: forcedColors ? "active" : "none",
			javaScriptEnabled: scripts,
			offline: true,
			locale: "en-US",
		});
		try {
			const page = await OpenPage.open(context, file);
			if (theme !== undefined) {
				await page.evaluate(applyTheme, theme);
			}
			return await task(page);
		} finally {
			await context.close();
		}
	}
}

/**
 * @param {import("./fonts.mjs").Width} [fontWidth]
 * @returns {ReportBrowser} a browser that runs during the tests of the current file
 */
export function useBrowser(fontWidth = "wide") {
	const browser = new ReportBrowser(fontWidth);
	before(() => browser.start(), { timeout: 2 * launchTimeoutMs });
	after(() => browser.stop(), { timeout: launchTimeoutMs });
	return browser;
}
