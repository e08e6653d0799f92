/** A file that is open in the browser. Records the browser's requests and messages. */

import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { patienceMs } from "../../../scripts/testing/waiting.mjs";

/** Global variable that scripts in hostile telemetry set. If a page has it, text of the telemetry was run as code. */
export const injectionMarker = "injectedScriptRan";

/** Requests, messages and dialogs of a loaded page arrive within a few milliseconds. */
const settlingMs = 200;

export class OpenPage {
	#session;
	/** Addresses that the browser requested, the page itself first. @type {string[]} */
	requests = [];
	/** Console messages, exceptions, issues, dialogs and opened windows. @type {string[]} */
	messages = [];

	/**
	 * @param {import("playwright-core").BrowserContext} context
	 * @param {string} file
	 */
	static async open(context, file) {
		const tab = await context.newPage();
		tab.setDefaultTimeout(patienceMs);
		const page = new OpenPage(tab, await context.newCDPSession(tab));
		await page.#watch(context);
		await tab.goto(pathToFileURL(file).href, { waitUntil: "load" });
		return page;
	}

	/**
	 * @param {import("playwright-core").Page} tab
	 * @param {import("playwright-core").CDPSession} session
	 */
	constructor(tab, session) {
		this.playwright = tab;
		this.#session = session;
	}

	/** @param {import("playwright-core").BrowserContext} context */
	async #watch(context) {
		const session = this.#session;
		session.on("Network.requestWillBeSent", ({ request }) => this.requests.push(request.url));
		session.on("Network.webSocketCreated", ({ url }) => this.requests.push(url));
		session.on("Network.webTransportCreated", ({ url }) => this.requests.push(url));
		session.on("Runtime.consoleAPICalled", ({ type, args }) => this.#note(`console.${type}`, args));
		session.on("Runtime.exceptionThrown", ({ exceptionDetails }) =>
			this.#note("exception", exceptionDetails),
		);
		session.on("Log.entryAdded", ({ entry }) => this.#note("log", entry));
		// Issues of the developer tools: violated security policies, quirks mode, missing labels.
		session.on("Audits.issueAdded", ({ issue }) => this.#note("issue", issue));
		session.on("Network.reportingApiReportAdded", ({ report }) => this.#note("report", report));
		session.on("Page.javascriptDialogOpening", (dialog) => this.#note("dialog", dialog));
		this.playwright.on("dialog", (dialog) => dialog.dismiss());
		context.on("page", (tab) => this.#note("window", tab.url()));
		for (const domain of ["Runtime", "Log", "Audits", "Network", "Page"]) {
			await session.send(/** @type {"Page.enable"} */ (`${domain}.enable`));
		}
		await session.send("Network.enableReportingApi", { enable: true });
	}

	/**
	 * @param {string} kind
	 * @param {unknown} details
	 */
	#note(kind, details) {
		this.messages.push(`${kind}: ${JSON.stringify(details)}`);
	}

	/** Waits until all requests and messages of earlier actions have arrived. */
	async settle() {
		await sleep(settlingMs);
		// The browser answers in the order of events.
		await this.evaluateText("0");
	}

	/**
	 * Runs a function in the page, as the developer tools do. The page's security policy does not apply to it.
	 *
	 * @template Result
	 * @template {unknown[]} Args
	 * @param {(...args: Args) => Result} task can use only its arguments, which are passed as JSON
	 * @param {Args} args
	 * @returns {Promise<Awaited<Result>>}
	 */
	async evaluate(task, ...args) {
		return this.evaluateText(`(${task})(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
	}

	/** @param {string} expression */
	async evaluateText(expression) {
		const { result, exceptionDetails } = await this.#session.send("Runtime.evaluate", {
			expression,
			awaitPromise: true,
			returnByValue: true,
		});
		if (exceptionDetails !== undefined) {
			throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
		}
		return result.value;
	}

	/**
	 * Scrolls to a place and takes a picture of it.
	 *
	 * @param {{ left: number, top: number, width: number, height: number }} place in pixels of the page
	 * @param {string} file PNG
	 */
	async picture({ left, top, width, height }, file) {
		const scrolled = await this.evaluate((/** @type {number} */ to) => {
			scrollTo(0, to);
			return scrollY;
		}, top);
		await this.playwright.screenshot({ path: file, clip: { x: left, y: top - scrolled, width, height } });
	}

	/**
	 * @param {string[]} computedStyles names of properties
	 * @returns what the browser has laid out, including text of pseudo-elements
	 */
	async snapshot(computedStyles) {
		return this.#session.send("DOMSnapshot.captureSnapshot", { computedStyles });
	}

	/** @returns {Promise<string[]>} names of the fonts that draw the page's text */
	async usedFonts() {
		for (const domain of ["DOM", "CSS"]) {
			await this.#session.send(/** @type {"DOM.enable"} */ (`${domain}.enable`));
		}
		const { root } = await this.#session.send("DOM.getDocument", { depth: 0 });
		const { nodeId } = await this.#session.send("DOM.querySelector", {
			nodeId: root.nodeId,
			selector: "h1",
		});
		const { fonts } = await this.#session.send("CSS.getPlatformFontsForNode", { nodeId });
		await this.#session.send("CSS.disable");
		await this.#session.send("DOM.disable");
		return fonts.map(({ familyName }) => familyName);
	}

	/** @param {"none" | "achromatopsia" | "deuteranopia" | "protanopia"} type of colour vision */
	async emulateVision(type) {
		await this.#session.send("Emulation.setEmulatedVisionDeficiency", { type });
	}

	/** Whether text of the telemetry was run as a script. */
	async injectedScriptRan() {
		return this.evaluate((marker) => marker in globalThis, injectionMarker);
	}
}
