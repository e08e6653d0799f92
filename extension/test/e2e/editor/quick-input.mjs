/**
 * Drives the box at the top of the window by keyboard: the command palette, quick picks, input boxes and, in a browser,
 * the file dialogs.
 */

import { until } from "../../../../scripts/testing/waiting.mjs";

const widget = ".quick-input-widget";
const row = `${widget} .quick-input-list .monaco-list-row`;

/** After this time without a change, a file dialog has most likely finished its look-up. */
const settleMs = 400;
/** How long to wait for an effect before Enter is pressed again. */
const acceptAttemptMs = 2_000;

/**
 * @typedef {object} Row a row of a quick pick
 * @property {string} text what a screen reader says: label, description and detail
 * @property {boolean} focused whether Enter would choose it
 */

export class QuickInput {
	selector = widget;
	#page;

	/** @param {import("playwright-core").Page} page */
	constructor(page) {
		this.#page = page;
	}

	/** @param {string | RegExp} title a part of the title of the box */
	async waitForTitle(title) {
		const shown = this.#page
			.locator(`${widget} .quick-input-title`, { hasText: title })
			.filter({ visible: true });
		await shown.waitFor();
		return shown.innerText();
	}

	/** Waits until no box is open. */
	async waitUntilClosed() {
		await this.#page.locator(widget).filter({ visible: true }).waitFor({ state: "detached" });
	}

	isOpen() {
		return this.#page.locator(widget).filter({ visible: true }).isVisible();
	}

	/** @param {string | RegExp} text the whole text, or a pattern */
	async waitForValue(text) {
		await until(`the box to hold ${text}`, async () => {
			const value = await this.value();
			return typeof text === "string" ? value === text : text.test(value);
		});
	}

	/** @returns {Promise<string>} the text in the box */
	async value() {
		const [value] = await this.#page
			.locator(`${widget} .quick-input-box input`)
			.evaluateAll((boxes) => boxes.map((box) => box.value));
		return value ?? "";
	}

	/**
	 * Replaces the text in the box.
	 *
	 * @param {string} text
	 */
	async type(text) {
		await this.#page.keyboard.press("Control+A");
		await this.#page.keyboard.type(text);
		await this.waitForValue(text);
	}

	accept() {
		return this.#page.keyboard.press("Enter");
	}

	/** @returns {Promise<Row[]>} the rows that are shown, from top to bottom */
	rows() {
		return this.#page.locator(row).evaluateAll((elements) =>
			elements
				// The list keeps hidden rows for reuse.
				.filter((element) => element.getClientRects().length > 0)
				.map((element) => ({
					index: Number(element.getAttribute("data-index")),
					text: element.getAttribute("aria-label") ?? "",
					focused: element.classList.contains("focused"),
				}))
				.sort((left, right) => left.index - right.index)
				.map(({ text, focused }) => ({ text, focused })),
		);
	}

	/**
	 * @param {string} label the beginning of the row's text
	 * @param {number} [timeoutMs]
	 * @returns {Promise<string>} the row's text, once it is shown
	 */
	async waitForRow(label, timeoutMs) {
		const find = async () => (await this.rows()).find(({ text }) => isRowOf(text, label));
		const { text } = await until(`a row ${label}`, find, timeoutMs);
		return text;
	}

	/**
	 * Moves down to a row and chooses it.
	 *
	 * @param {string} label
	 */
	async choose(label) {
		await this.focus(label);
		await this.accept();
	}

	/**
	 * @param {string} label
	 * @returns {Promise<string>} the text of the row, which now has the focus
	 */
	async focus(label) {
		const text = await this.waitForRow(label);
		const rows = await this.rows();
		for (let step = 0; step <= rows.length; step++) {
			const focused = (await this.rows()).find((candidate) => candidate.focused);
			if (focused !== undefined && isRowOf(focused.text, label)) {
				return text;
			}
			await this.#page.keyboard.press("ArrowDown");
			await until("the focus to move", async () =>
				(await this.rows()).some((candidate) => candidate.focused && candidate.text !== focused?.text),
			);
		}
		throw new Error(`The arrow keys do not lead to ${label}`);
	}

	/** @param {string} label of the row that must get the focus */
	async waitForFocus(label) {
		await until(`${label} to have the focus`, async () =>
			(await this.rows()).some(({ text, focused }) => focused && isRowOf(text, label)),
		);
	}

	/** @returns {Promise<string>} the message below the box, such as why its text is invalid */
	async message() {
		const messages = await this.#page
			.locator(`${widget} #quickInput_message`)
			.evaluateAll((elements) => elements.map(({ textContent }) => textContent ?? ""));
		return messages.join();
	}

	/** @returns {Promise<boolean>} whether the box is marked as invalid */
	async isMarkedInvalid() {
		return (await this.#page.locator(`${widget} .quick-input-box .monaco-inputbox.error`).count()) > 0;
	}

	/** @param {string} message a part of the message below the box, which must be marked as invalid */
	async waitForValidationError(message) {
		await until(`the box to say ${message}`, async () => {
			return (await this.isMarkedInvalid()) && (await this.message()).includes(message);
		});
	}

	/**
	 * Drags the box down by its title, as a user does to see what is behind it.
	 *
	 * @param {number} distance in pixels of the page
	 */
	async drag(distance) {
		const title = this.#page.locator(`${widget} .quick-input-title`).filter({ visible: true });
		const before = await title.boundingBox();
		if (before === null) {
			throw new Error("There is no title to drag the box by");
		}
		const x = before.x + before.width / 2;
		const y = before.y + before.height / 2;
		await this.#page.mouse.move(x, y);
		await this.#page.mouse.down();
		await this.#page.mouse.move(x, y + distance, { steps: 10 });
		await this.#page.mouse.up();
		await until("the box to move", async () => ((await title.boundingBox())?.y ?? 0) > before.y);
	}

	/** @returns {Promise<boolean>} whether the step has a Back button */
	hasBackButton() {
		return this.#backButton.isVisible();
	}

	/** Goes back with the button, because no key works everywhere. */
	async goBack() {
		await this.#backButton.click();
	}

	/**
	 * Waits until a file dialog suggests a name and has listed the folder. It discards what is typed before that.
	 *
	 * @param {RegExp} suggestion
	 */
	async waitForSuggestion(suggestion) {
		await this.waitForValue(suggestion);
		await until("the folder to be listed", async () => (await this.rows()).length > 0);
	}

	/**
	 * Pastes a path into a file dialog and presses Enter.
	 *
	 * While the dialog looks up the path, it may restore the previous text or ignore Enter. So both are repeated until
	 * the dialog changes.
	 *
	 * @param {string} file
	 */
	async enterPath(file) {
		const before = await this.#state();
		await until(`the dialog to take ${file}`, async () => {
			if ((await this.value()) !== file) {
				await this.#page.keyboard.press("Control+A");
				await this.#page.keyboard.insertText(file);
			}
			await this.#waitUntilSettled();
			if ((await this.value()) === file) {
				await this.accept();
			}
			const hasEffect = async () => (await this.#state()) !== before;
			return until("Enter to have an effect", hasEffect, acceptAttemptMs).catch(() => false);
		});
	}

	/** Waits until the rows and the text have not changed for a while. */
	async #waitUntilSettled() {
		let shown = "";
		let since = performance.now();
		await until("the dialog to settle", async () => {
			const now = JSON.stringify([await this.rows(), await this.value()]);
			if (now !== shown) {
				shown = now;
				since = performance.now();
			}
			return performance.now() - since >= settleMs;
		});
	}

	/** @returns {Promise<string>} the title of the open box; it changes if the dialog asks whether to replace a file */
	async #state() {
		// Read in one step, because the box may close at any moment.
		const titles = await this.#page
			.locator(`${widget} .quick-input-title`)
			.evaluateAll((elements) =>
				elements
					.filter((element) => element.getClientRects().length > 0)
					.map(({ textContent }) => textContent),
			);
		return titles[0] ?? "closed";
	}

	get #backButton() {
		return this.#page
			.locator(`${widget} .quick-input-titlebar .action-label.codicon-quick-input-back`)
			.first();
	}
}

/**
 * @param {string} text of a row; after the label, it may have a description, a detail or a key binding
 * @param {string} label
 */
function isRowOf(text, label) {
	return text === label || text.startsWith(`${label},`);
}
