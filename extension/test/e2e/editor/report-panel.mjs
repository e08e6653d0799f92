/** The panel that shows a report: a tab of the editor whose page lies in a frame within a frame. */

import { until } from "../../../../scripts/testing/waiting.mjs";

const outerFrame = "iframe.webview.ready";
const innerFrame = "iframe#active-frame";

export class ReportPanel {
	/** Where it is in the page of the editor. */
	selector = ".part.editor .editor-group-container";
	#page;

	/** @param {import("playwright-core").Page} page */
	constructor(page) {
		this.#page = page;
	}

	/**
	 * @param {string} title of its tab, which shall be in front
	 * @param {string | RegExp} text a part of what it shall show
	 * @returns {Promise<string>} all of what it shows
	 */
	async waitFor(title, text) {
		await this.#page.locator(".part.editor .tab.active", { hasText: title }).waitFor();
		return until(`the panel ${title} to show ${text}`, async () => {
			const shown = await this.#frame.locator("body").innerText();
			return (typeof text === "string" ? shown.includes(text) : text.test(shown)) && shown;
		});
	}

	/** @returns {Promise<string[]>} what the frame of the page is allowed to do */
	async permissions() {
		const sandbox = await this.#page
			.frameLocator(outerFrame)
			.locator(innerFrame)
			.first()
			.getAttribute("sandbox");
		if (sandbox === null) {
			throw new Error("The page is in no sandbox");
		}
		return sandbox.split(" ").filter((word) => word !== "");
	}

	async waitUntilClosed() {
		await this.#page.locator(outerFrame).waitFor({ state: "detached" });
	}

	get #frame() {
		return this.#page.frameLocator(outerFrame).frameLocator(innerFrame);
	}
}
