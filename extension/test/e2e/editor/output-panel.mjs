/** The panel that shows output channels. */

import { until } from "../../../../scripts/testing/waiting.mjs";

export class OutputPanel {
	#page;

	/** @param {import("playwright-core").Page} page */
	constructor(page) {
		this.#page = page;
	}

	/**
	 * Waits until the panel shows a text; it scrolls to the end, so that long outputs begin out of sight.
	 *
	 * @param {string} channel
	 * @param {string | RegExp} text
	 * @returns {Promise<string>} all of what is in sight
	 */
	waitFor(channel, text) {
		return until(`the output of ${channel} to show ${text}`, async () => {
			const shown = (await this.#isShown(channel)) ? await this.#text() : "";
			return (typeof text === "string" ? shown.includes(text) : text.test(shown)) && shown;
		});
	}

	/** @param {string} channel */
	async #isShown(channel) {
		const chosen = await this.#page
			.locator(".part.panel .title-actions select.monaco-select-box")
			.evaluateAll((boxes) => boxes.map((box) => box.value));
		return chosen.includes(channel);
	}

	async #text() {
		const lines = await this.#page.locator(".part.panel .view-lines .view-line").evaluateAll((elements) =>
			elements
				.map((element) => ({
					top: element.getBoundingClientRect().top,
					text: element.textContent ?? "",
				}))
				.sort((left, right) => left.top - right.top)
				.map(({ text }) => text),
		);
		// The editor draws spaces that do not break.
		return lines.join("\n").replaceAll("\u00a0", " ");
	}
}
