/** A Chromium that reaches nothing but files. */

import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { chromiumFlags, chromiumProgram } from "../../../scripts/testing/chromium.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { OpenPage } from "./open-page.mjs";

const launchTimeoutMs = 60_000;

/** Tests that look at pages at a time: a page keeps about one core busy. */
export const concurrency = 2;

/**
 * @typedef {object} View how a page is looked at
 * @property {number} [width] of the window, 1280
 * @property {number} [height] of the window, 800
 * @property {"light" | "dark"} [scheme] `light`
 * @property {boolean} [scripts] whether they run; they do
 */

export class ReportBrowser {
	/** @type {import("playwright-core").Browser | undefined} */
	#browser;

	async start() {
		const home = path.join(scratchFolder(), "browser");
		mkdirSync(home, { recursive: true });
		this.#browser = await chromium.launch({
			executablePath: chromiumProgram,
			env: { ...process.env, HOME: home, TMPDIR: home },
			timeout: launchTimeoutMs,
			// No name leads anywhere, and addresses in numbers are out of reach for pages that are offline.
			args: [...chromiumFlags, "--host-resolver-rules=MAP * ~NOTFOUND"],
		});
	}

	async stop() {
		await this.#browser?.close();
	}

	/**
	 * Opens a file in a fresh profile and hands it to a task, then closes it.
	 *
	 * @template Result
	 * @param {string} file
	 * @param {View} view
	 * @param {(page: OpenPage) => Promise<Result>} task
	 * @returns {Promise<Result>}
	 */
	async look(file, { width = 1280, height = 800, scheme = "light", scripts = true }, task) {
		if (this.#browser === undefined) {
			throw new Error("The browser was not started");
		}
		const context = await this.#browser.newContext({
			viewport: { width, height },
			colorScheme: scheme,
			javaScriptEnabled: scripts,
			offline: true,
			locale: "en-US",
		});
		try {
			return await task(await OpenPage.open(context, file));
		} finally {
			await context.close();
		}
	}
}

/** @returns {ReportBrowser} one that runs as long as the tests of the suite that is being described */
export function useBrowser() {
	const browser = new ReportBrowser();
	before(() => browser.start(), { timeout: 2 * launchTimeoutMs });
	after(() => browser.stop(), { timeout: launchTimeoutMs });
	return browser;
}
