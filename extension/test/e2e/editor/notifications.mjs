/** The messages in the lower right corner. */

import { until } from "../../../../scripts/testing/waiting.mjs";

const item = ".notifications-toasts .notification-list-item";

/**
 * @typedef {object} Notification
 * @property {"error" | "info" | "none" | "warning"} severity by its icon; `none` for progress
 * @property {string} text
 * @property {string[]} buttons
 */

export class Notifications {
	/** Where they are in the page. */
	selector = item;
	#page;

	/** @param {import("playwright-core").Page} page */
	constructor(page) {
		this.#page = page;
	}

	/** @returns {Promise<Notification[]>} the messages that are shown now */
	shown() {
		return this.#page.locator(item).evaluateAll((elements) =>
			elements
				.filter((element) => element.getClientRects().length > 0)
				.map((element) => {
					const icon = element.querySelector(".notification-list-item-icon")?.className ?? "";
					const severity = /codicon-(error|info|warning)/.exec(icon)?.[1] ?? "none";
					return {
						severity: /** @type {Notification["severity"]} */ (severity),
						text: element.querySelector(".notification-list-item-message")?.textContent ?? "",
						buttons: Array.from(
							element.querySelectorAll(".notification-list-item-buttons-container .monaco-button"),
							(button) => button.textContent ?? "",
						),
					};
				}),
		);
	}

	/**
	 * @param {string | RegExp} text a part of the message
	 * @param {number} [timeoutMs]
	 * @returns {Promise<Notification>}
	 */
	waitFor(text, timeoutMs) {
		return until(
			`a notification with ${text}`,
			async () => (await this.shown()).find((notification) => matches(notification.text, text)),
			timeoutMs,
		);
	}

	/**
	 * @param {string | RegExp} text a part of the message
	 * @param {number} [timeoutMs]
	 */
	async waitUntilGone(text, timeoutMs) {
		await until(
			`the notification ${text} to go`,
			async () => !(await this.shown()).some((notification) => matches(notification.text, text)),
			timeoutMs,
		);
	}

	/**
	 * @param {string | RegExp} text a part of the message
	 * @param {string} button
	 */
	async press(text, button) {
		await this.#page
			.locator(item, { hasText: text })
			.locator(".notification-list-item-buttons-container .monaco-button", { hasText: button })
			.first()
			.click();
	}
}

/**
 * @param {string} text
 * @param {string | RegExp} wanted
 */
function matches(text, wanted) {
	return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}
