/** A window of the editor, with what the tests touch in it. */

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { patienceMs, until } from "../../../../scripts/testing/waiting.mjs";
import { testFolder } from "../tools.mjs";
import { Notifications } from "./notifications.mjs";
import { OutputPanel } from "./output-panel.mjs";
import { QuickInput } from "./quick-input.mjs";
import { ReportPanel } from "./report-panel.mjs";

const artifacts = path.join(testFolder, "artifacts");
const closeUps = path.join(artifacts, "close-ups");
/** What is left around the thing itself, in pixels of the page. */
const closeUpMargin = 8;

/** Large enough for the editor, small enough for its text to be read in a picture of a README. */
export const viewport = { width: 1080, height: 680 };

/** For a window to open; the first one takes longest. */
export const windowTimeoutMs = 90_000;

const pictureTimeoutMs = 15_000;

/** A window that has just opened may not know the commands of extensions yet. */
const paletteAttemptMs = 1_000;

export class Workbench {
	#close;
	#album = artifacts;
	#pictures = 0;

	/**
	 * @param {import("playwright-core").Page} page
	 * @param {() => Promise<void>} close
	 */
	constructor(page, close) {
		this.page = page;
		this.quickInput = new QuickInput(page);
		this.notifications = new Notifications(page);
		this.outputPanel = new OutputPanel(page);
		this.reportPanel = new ReportPanel(page);
		this.#close = close;
	}

	async ready() {
		await this.page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: windowTimeoutMs });
	}

	close() {
		return this.#close();
	}

	/** Opens the window anew, with an extension host of its own, as a user does with `Developer: Reload Window`. */
	async reload() {
		await this.page.reload({ timeout: windowTimeoutMs });
		await this.ready();
	}

	/** @returns {Promise<unknown>} what a user would paste */
	clipboard() {
		return this.page.evaluate("navigator.clipboard.readText()");
	}

	/**
	 * Pictures from now on go to a folder of their own.
	 *
	 * @param {string} name
	 * @returns {string} the folder, emptied
	 */
	beginAlbum(name) {
		this.#album = path.join(artifacts, name);
		this.#pictures = 0;
		rmSync(this.#album, { recursive: true, force: true });
		mkdirSync(this.#album, { recursive: true });
		return this.#album;
	}

	/** @param {string} name what it shows */
	async picture(name) {
		this.#pictures += 1;
		const file = path.join(this.#album, `${String(this.#pictures).padStart(2, "0")}-${name}.png`);
		await this.page.screenshot({ path: file, timeout: pictureTimeoutMs });
	}

	/**
	 * Takes a picture of a part of the window alone, with a little of what is around it, as for a README.
	 *
	 * @param {string} name what it shows
	 * @param {string} selector
	 */
	async closeUp(name, selector) {
		const box = await this.page.locator(selector).filter({ visible: true }).boundingBox();
		if (box === null) {
			throw new Error(`There is no ${selector} to take a picture of`);
		}
		mkdirSync(closeUps, { recursive: true });
		const left = Math.max(0, box.x - closeUpMargin);
		const top = Math.max(0, box.y - closeUpMargin);
		const clip = {
			...{ x: left, y: top },
			width: Math.min(viewport.width, box.x + box.width + closeUpMargin) - left,
			height: Math.min(viewport.height, box.y + box.height + closeUpMargin) - top,
		};
		await this.page.screenshot({ path: path.join(closeUps, `${name}.png`), clip, timeout: pictureTimeoutMs });
	}

	/**
	 * Opens the palette with a search text.
	 *
	 * @param {string} search
	 */
	async openPalette(search) {
		await this.page.keyboard.press("F1");
		await until("the palette to open", () => this.quickInput.isOpen());
		await this.quickInput.type(`>${search}`);
	}

	/**
	 * Opens the palette with a command's title, again and again until it offers the command.
	 *
	 * @param {string} title
	 */
	async findCommand(title) {
		const deadline = performance.now() + patienceMs;
		for (;;) {
			await this.openPalette(title);
			try {
				return await this.quickInput.waitForRow(title, paletteAttemptMs);
			} catch (error) {
				if (performance.now() > deadline) {
					throw error;
				}
				await this.dismissQuickInput();
			}
		}
	}

	/** @param {string} title */
	async runCommand(title) {
		await this.findCommand(title);
		await this.quickInput.choose(title);
	}

	/** @param {string[]} names of the files that the explorer shall show, in order */
	async waitForFiles(names) {
		const rows = this.page.locator(".explorer-folders-view .monaco-list-row[aria-level]");
		await until(`the explorer to show ${names}`, async () => {
			const labels = await rows.evaluateAll((elements) =>
				elements.map((element) => element.querySelector(".label-name")?.textContent ?? ""),
			);
			return JSON.stringify(labels) === JSON.stringify(names);
		});
	}

	/** @param {string} title of a tab that shall be in front */
	async waitForEditor(title) {
		await this.page.locator(".part.editor .tab.active", { hasText: title }).waitFor();
	}

	/**
	 * Opens the page of an installed extension.
	 *
	 * @param {string} title of the extension, and of its page
	 */
	async openExtensionPage(title) {
		await this.runCommand("Extensions: Show Installed Extensions");
		await this.page.locator(".extensions-list .monaco-list-row", { hasText: title }).first().click();
		// The page is shown in a frame within a frame.
		const page = this.page.frameLocator("iframe.webview.ready").frameLocator("iframe");
		await page.locator("h1", { hasText: title }).waitFor();
	}

	/** @param {string} setting that the settings editor shall show */
	async waitForSetting(setting) {
		await this.page
			.locator(`.settings-editor .setting-item-contents[data-key="${setting}"]`)
			.first()
			.waitFor();
	}

	/** Takes away what messages are left, so that none is mistaken for a later one. */
	async clearNotifications() {
		if ((await this.notifications.shown()).length > 0) {
			await this.runCommand("Notifications: Clear All Notifications");
			await until("no notification to be left", async () => (await this.notifications.shown()).length === 0);
		}
	}

	async dismissQuickInput() {
		await this.page.keyboard.press("Escape");
		await this.quickInput.waitUntilClosed();
	}
}
