/** A Chromium that can only open files. */

import { mkdirSync } from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { chromiumFlags, chromiumProgram } from "../../../scripts/testing/chromium.mjs";
import { scratchFolder } from "../../../scripts/testing/scratch.mjs";
import { OpenPage } from "./open-page.mjs";

const launchTimeoutMs = 60_000;

/** Number of pages that are tested at once. Each keeps about one core busy. */
export const concurrency = 2;

/**
 * @typedef {object} View settings of the window
 * @property {number} [width] default 1280
 * @property {number} [height] default 800
 * @property {"light" | "dark"} [scheme] default `light`
 * @property {boolean} [scripts] whether scripts run; default true
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
	async open(file, { width = 1280, height = 800, scheme = "light", scripts = true }, task) {
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

/** @returns {ReportBrowser} a browser that runs during the tests of the current file */
export function useBrowser() {
	const browser = new ReportBrowser();
	before(() => browser.start(), { timeout: 2 * launchTimeoutMs });
	after(() => browser.stop(), { timeout: launchTimeoutMs });
	return browser;
}
