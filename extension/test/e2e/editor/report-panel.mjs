/** The panel that shows a report. Its page is in a nested frame of an editor tab. */

import { until } from "../../../../scripts/testing/waiting.mjs";

const outerFrame = "iframe.webview.ready";
const innerFrame = "iframe#active-frame";

export class ReportPanel {
	selector = ".part.editor .editor-group-container";
	#page;

	/** @param {import("playwright-core").Page} page */
	constructor(page) {
		this.#page = page;
	}

	/**
	 * @param {string} title of its tab, which must be active
	 * @param {string | RegExp} text a part of its text
	 * @returns {Promise<string>} its whole text
	 */
	async waitFor(title, text) {
		await this.#page.locator(".part.editor .tab.active", { hasText: title }).waitFor();
		return until(`the panel ${title} to show ${text}`, async () => {
			const shown = await this.#frame.locator("body").innerText();
			return (typeof text === "string" ? shown.includes(text) : text.test(shown)) && shown;
		});
	}

	/** @returns {Promise<string[]>} the permissions of the page's sandbox */
	async permissions() {
		const sandbox = await this.#page
			.frameLocator(outerFrame)
			.locator(innerFrame)
			.first()
			.getAttribute("sandbox");
		if (sandbox === null) {
			throw new Error("The page is in no sandbox");
		}
		return sandbox.split(" ").filter((permission) => permission !== "");
	}

	async waitUntilClosed() {
		await this.#page.locator(outerFrame).waitFor({ state: "detached" });
	}

	get #frame() {
		return this.#page.frameLocator(outerFrame).frameLocator(innerFrame);
	}
}
