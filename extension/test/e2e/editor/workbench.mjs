/** A window of the editor. */

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
/** The margin around the element, in pixels. */
const closeUpMargin = 8;

/** Large enough for the editor, and small enough to keep text readable in the pictures of a README. */
export const viewport = { width: 1080, height: 680 };

/** The time limit for a window to open. The first one takes longest. */
export const windowTimeoutMs = 90_000;

const pictureTimeoutMs = 15_000;

/** How long to wait for a command. A new window may not know the commands of extensions yet. */
const paletteAttemptMs = 1_000;

export class Workbench {
	#close;
	#pictureFolder = artifacts;
	#pictureCount = 0;

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

	/** Reloads the window with a new extension host, as `Developer: Reload Window` does. */
	async reload() {
		await this.page.reload({ timeout: windowTimeoutMs });
		await this.ready();
	}

	clipboard() {
		return this.page.evaluate("navigator.clipboard.readText()");
	}

	/**
	 * Starts a new folder for the pictures that follow.
	 *
	 * @param {string} name
	 * @returns {string} the folder, which is empty
	 */
	startPictureFolder(name) {
		this.#pictureFolder = path.join(artifacts, name);
		this.#pictureCount = 0;
		rmSync(this.#pictureFolder, { recursive: true, force: true });
		mkdirSync(this.#pictureFolder, { recursive: true });
		return this.#pictureFolder;
	}

	/** @param {string} name what it shows */
	async picture(name) {
		this.#pictureCount += 1;
		const file = path.join(this.#pictureFolder, `${String(this.#pictureCount).padStart(2, "0")}-${name}.png`);
		await this.page.screenshot({ path: file, timeout: pictureTimeoutMs });
	}

	/**
	 * Takes a picture of one element with a margin, for a README.
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
	 * Opens the palette with a command's title, and repeats this until the command is listed.
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

	/** @param {string[]} names of the files that the explorer must show, in order */
	async waitForFiles(names) {
		const rows = this.page.locator(".explorer-folders-view .monaco-list-row[aria-level]");
		await until(`the explorer to show ${names}`, async () => {
			const labels = await rows.evaluateAll((elements) =>
				elements.map((element) => element.querySelector(".label-name")?.textContent ?? ""),
			);
			return JSON.stringify(labels) === JSON.stringify(names);
		});
	}

	/** @param {string} title of the tab that must be active */
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
		// The page is in a nested frame.
		const page = this.page.frameLocator("iframe.webview.ready").frameLocator("iframe");
		await page.locator("h1", { hasText: title }).waitFor();
	}

	/** @param {string} setting that the settings editor must show */
	async waitForSetting(setting) {
		await this.page
			.locator(`.settings-editor .setting-item-contents[data-key="${setting}"]`)
			.first()
			.waitFor();
	}

	/** Closes the remaining notifications, so that none is mistaken for a later one. */
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
