/** A file that is open in the browser, and everything that the browser says of it. */

import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { patienceMs } from "../../../scripts/testing/waiting.mjs";

/** What shows that text of the telemetry was run: pages under test are full of scripts that leave it. */
export const traceOfRunning = "ranFromTheData";

/** A request, a complaint or a dialog of a page that is loaded takes a few milliseconds. */
const settlingMs = 200;

export class OpenPage {
	#session;
	/** What the browser asked for, the page itself first. @type {string[]} */
	asked = [];
	/** Everything that a browser could complain of, or show beside the page. @type {string[]} */
	said = [];

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
		this.tab = tab;
		this.#session = session;
	}

	/** @param {import("playwright-core").BrowserContext} context */
	async #watch(context) {
		const session = this.#session;
		session.on("Network.requestWillBeSent", ({ request }) => this.asked.push(request.url));
		session.on("Network.webSocketCreated", ({ url }) => this.asked.push(url));
		session.on("Network.webTransportCreated", ({ url }) => this.asked.push(url));
		session.on("Runtime.consoleAPICalled", ({ type, args }) => this.#note(`console.${type}`, args));
		session.on("Runtime.exceptionThrown", ({ exceptionDetails }) =>
			this.#note("exception", exceptionDetails),
		);
		session.on("Log.entryAdded", ({ entry }) => this.#note("log", entry));
		// What the developer tools list as issues: broken security policies, quirks, lacking labels.
		session.on("Audits.issueAdded", ({ issue }) => this.#note("issue", issue));
		session.on("Network.reportingApiReportAdded", ({ report }) => this.#note("report", report));
		session.on("Page.javascriptDialogOpening", (dialog) => this.#note("dialog", dialog));
		this.tab.on("dialog", (dialog) => dialog.dismiss());
		context.on("page", (tab) => this.#note("window", tab.url()));
		for (const domain of ["Runtime", "Log", "Audits", "Network", "Page"]) {
			await session.send(/** @type {"Page.enable"} */ (`${domain}.enable`));
		}
		await session.send("Network.enableReportingApi", { enable: true });
	}

	/**
	 * @param {string} kind
	 * @param {unknown} what
	 */
	#note(kind, what) {
		this.said.push(`${kind}: ${JSON.stringify(what)}`);
	}

	/** Waits for what the browser may still ask or say of what was done by now. */
	async settle() {
		await sleep(settlingMs);
		// Answers come in the order of what happened.
		await this.evaluateText("0");
	}

	/**
	 * Runs a function in the page: as the developer tools do, which no policy of the page hinders.
	 *
	 * @template Result
	 * @template {unknown[]} Words
	 * @param {(...words: Words) => Result} task knows nothing but its words, which go as JSON
	 * @param {Words} words
	 * @returns {Promise<Awaited<Result>>}
	 */
	async evaluate(task, ...words) {
		return this.evaluateText(`(${task})(${words.map((word) => JSON.stringify(word)).join(", ")})`);
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
	 * Scrolls, and takes a picture of what is in the window then.
	 *
	 * @param {{ left: number, top: number, width: number, height: number }} place in pixels of the page
	 * @param {string} file PNG
	 */
	async picture({ left, top, width, height }, file) {
		const scrolled = await this.evaluate((/** @type {number} */ to) => {
			scrollTo(0, to);
			return scrollY;
		}, top);
		await this.tab.screenshot({ path: file, clip: { x: left, y: top - scrolled, width, height } });
	}

	/** @param {"none" | "achromatopsia" | "deuteranopia"} type how colours are seen */
	async seeColoursAs(type) {
		await this.#session.send("Emulation.setEmulatedVisionDeficiency", { type });
	}

	/** Whether a text of the telemetry was run. */
	async ranFromTheData() {
		return this.evaluate((trace) => trace in globalThis, traceOfRunning);
	}
}
