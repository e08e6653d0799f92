/** The browser that shows the editor's windows. */

import { chromium } from "playwright-core";
import { chromiumFlags, chromiumProgram } from "../../../../scripts/testing/chromium.mjs";
import { patienceMs } from "../../../../scripts/testing/waiting.mjs";
import { viewport, Workbench, windowTimeoutMs } from "./workbench.mjs";

const launchTimeoutMs = 60_000;

const deviceScaleFactor = 2;

export class EditorBrowser {
	#browser;

	/**
	 * @param {import("./profile.mjs").Profile} profile whose home the browser may use
	 * @returns {Promise<EditorBrowser>}
	 */
	static async launch(profile) {
		const browser = await chromium.launch({
			executablePath: chromiumProgram,
			env: profile.environment,
			timeout: launchTimeoutMs,
			args: chromiumFlags,
		});
		return new EditorBrowser(browser);
	}

	/** @param {import("playwright-core").Browser} browser */
	constructor(browser) {
		this.#browser = browser;
	}

	/**
	 * Opens a window that shares nothing with others: no storage, no cache.
	 *
	 * @param {import("./server.mjs").EditorServer} server
	 * @returns {Promise<Workbench>} a window that is ready
	 */
	async openWindow(server) {
		const context = await this.#browser.newContext({
			viewport,
			deviceScaleFactor,
			colorScheme: "light",
			locale: "en-US",
			permissions: ["clipboard-read", "clipboard-write"],
		});
		const page = await context.newPage();
		page.setDefaultTimeout(patienceMs);
		await page.goto(server.windowAddress, { timeout: windowTimeoutMs });
		const workbench = new Workbench(page, () => context.close());
		await workbench.ready();
		return workbench;
	}

	close() {
		return this.#browser.close();
	}
}
