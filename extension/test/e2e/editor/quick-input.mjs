/**
 * The box at the top of the window in which the editor asks: the command palette, quick picks, input boxes and, in a
 * browser, the dialogs for files. Driven by the keyboard, as a user would.
 */

import { until } from "../../../../scripts/testing/waiting.mjs";

const widget = ".quick-input-widget";
const row = `${widget} .quick-input-list .monaco-list-row`;

/** A dialog for files that has not changed for so long has most likely looked up what is in its box. */
const restMs = 400;
/** After this time without an effect, Enter is pressed again. */
const acceptAttemptMs = 2_000;

/**
 * @typedef {object} Row a row of a quick pick
 * @property {string} text what a screen reader says: label, description and detail
 * @property {boolean} focused whether Enter would take it
 */

export class QuickInput {
	/** Where it is in the page. */
	selector = widget;
	#page;

	/** @param {import("playwright-core").Page} page */
	constructor(page) {
		this.#page = page;
	}

	/** @param {string | RegExp} title a part of it, of the box that shall be open */
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

	/** @param {string | RegExp} text all of it, or a pattern */
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
				// The list keeps rows that it does not show, to use them again.
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
	 * @param {string} label what the row's text begins with
	 * @param {number} [timeoutMs]
	 * @returns {Promise<string>} the row's text, once it is shown
	 */
	async waitForRow(label, timeoutMs) {
		const find = async () => (await this.rows()).find(({ text }) => isRowOf(text, label));
		const { text } = await until(`a row ${label}`, find, timeoutMs);
		return text;
	}

	/**
	 * Walks down to a row and takes it.
	 *
	 * @param {string} label
	 */
	async choose(label) {
		await this.focus(label);
		await this.accept();
	}

	/**
	 * @param {string} label
	 * @returns {Promise<string>} the text of the row, which Enter would take now
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

	/** @param {string} label of the row that Enter shall take */
	async waitForFocus(label) {
		await until(`${label} to have the focus`, async () =>
			(await this.rows()).some(({ text, focused }) => focused && isRowOf(text, label)),
		);
	}

	/** @returns {Promise<string>} what is written below the box, such as why its text cannot be taken */
	async message() {
		const messages = await this.#page
			.locator(`${widget} #quickInput_message`)
			.evaluateAll((elements) => elements.map(({ textContent }) => textContent ?? ""));
		return messages.join();
	}

	/** @returns {Promise<boolean>} whether the box is marked as wrong */
	async isMarkedWrong() {
		return (await this.#page.locator(`${widget} .quick-input-box .monaco-inputbox.error`).count()) > 0;
	}

	/** @param {string} message part of what shall be written below the box, which shall be marked as wrong */
	async waitForRefusal(message) {
		await until(`the box to say ${message}`, async () => {
			return (await this.isMarkedWrong()) && (await this.message()).includes(message);
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

	/** Goes back to the step before, by the button: there is no key for it that works everywhere. */
	async goBack() {
		await this.#backButton.click();
	}

	/**
	 * Waits until a dialog for files suggests a name and has listed the folder: it throws away what is typed before.
	 *
	 * @param {RegExp} suggestion
	 */
	async waitForSuggestion(suggestion) {
		await this.waitForValue(suggestion);
		await until("the folder to be listed", async () => (await this.rows()).length > 0);
	}

	/**
	 * Takes a path in a dialog for files; gives it to the dialog first, as by pasting, unless it is there already.
	 *
	 * The dialog looks up what is in its box. Meanwhile it may put back what was there before, and lets the Enter key
	 * go unheard, without a sign of either. So do what a user does: look, and press Enter until it has an effect.
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
			await this.#waitForRest();
			if ((await this.value()) === file) {
				await this.accept();
			}
			const hasEffect = async () => (await this.#state()) !== before;
			return until("Enter to have an effect", hasEffect, acceptAttemptMs).catch(() => false);
		});
	}

	/** Waits until the rows and the text have not changed for a while. */
	async #waitForRest() {
		let shown = "";
		let since = performance.now();
		await until("the dialog to come to rest", async () => {
			const now = JSON.stringify([await this.rows(), await this.value()]);
			if (now !== shown) {
				shown = now;
				since = performance.now();
			}
			return performance.now() - since >= restMs;
		});
	}

	/** @returns {Promise<string>} the title of the box that is open, which asks again before a file is replaced */
	async #state() {
		// Read at once, because the box may close at any moment.
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
 * @param {string} text of a row, which may go on with a description, a detail or the keys of a command
 * @param {string} label
 */
function isRowOf(text, label) {
	return text === label || text.startsWith(`${label},`);
}
