/** Finds what the keyboard reaches, and what changes there. */

import { installPaint } from "./paint.mjs";
import { paintedLines } from "./painted-text.mjs";

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */
/** @typedef {import("./paint.mjs").Paint} Paint */

const leastContrast = 3;

/**
 * Presses Tab from the top of the page on.
 *
 * @param {OpenPage} page
 * @param {number} most presses
 * @returns {Promise<{ stops: number, faults: string[] }>} how many elements got the focus, and those where it cannot be seen
 */
export async function invisibleFocus(page, most) {
	await installPaint(page);
	await page.evaluate(rememberUnfocused);
	const faults = [];
	let stops = 0;
	for (; stops < most; stops++) {
		await page.playwright.keyboard.press("Tab");
		const state = await page.evaluate(readFocused, leastContrast);
		if (state === undefined) {
			break;
		}
		if (state !== "") {
			faults.push(state);
		}
	}
	return { stops, faults };
}

/** Runs in the page. */
function rememberUnfocused() {
	const elements = document.querySelectorAll("a, button, input, select, summary, [tabindex], svg *");
	const look = (/** @type {Element} */ element) => {
		const style = getComputedStyle(element);
		return [
			style.boxShadow,
			style.backgroundColor,
			style.borderColor,
			style.borderWidth,
			style.stroke,
		].join();
	};
	const unfocused = new Map([...elements].map((element) => [element, look(element)]));
	Object.assign(globalThis, { unfocused, look, seenStops: new Set() });
}

/**
 * Runs in the page.
 *
 * @param {number} leastContrast
 * @returns {string | undefined} what is wrong at the focused element, "" if nothing, nothing if the focus left the page
 */
function readFocused(leastContrast) {
	const { paint, unfocused, look, seenStops } =
		/** @type {{ paint: Paint, unfocused: Map<Element, string>, look: (element: Element) => string, seenStops: Set<Element> }} */ (
			/** @type {unknown} */ (globalThis)
		);
	const focused = document.activeElement;
	if (focused === null || focused === document.body || seenStops.has(focused)) {
		return undefined;
	}
	seenStops.add(focused);
	const name = `${focused.localName} "${(focused.getAttribute("aria-label") ?? focused.textContent ?? "").trim().slice(0, 40)}"`;
	const { left, top, right, bottom, width, height } = focused.getBoundingClientRect();
	if (width < 2 || height < 2 || !paint.isSeen(focused)) {
		return `${name} is not shown while it has the focus`;
	}
	if (right < 1 || bottom < 1 || left > innerWidth - 1 || top > innerHeight - 1) {
		return `${name} is outside the window while it has the focus`;
	}
	const style = getComputedStyle(focused);
	const outline = paint.colour(style.outlineColor);
	const behind = paint.background(focused.closest("svg") ?? focused.parentElement);
	const contrast = paint.contrast(paint.over(outline, behind), behind);
	const hasOutline = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1;
	if (hasOutline && contrast < leastContrast) {
		return `${name} has an outline with a contrast of ${contrast.toFixed(2)}`;
	}
	return hasOutline || unfocused.get(focused) !== look(focused) ? "" : `${name} looks as without the focus`;
}

/**
 * @typedef {object} Bar
 * @property {string} name for assistive technology
 * @property {number} width in pixels
 * @property {number} height
 * @property {string[]} onFocus texts that appear with the focus
 * @property {string[]} onHover texts that appear under the mouse, including a tooltip of the browser
 */

/**
 * Focuses the bars of the chart of sessions, and points at them.
 *
 * @param {OpenPage} page
 * @param {number} most bars that are tried
 * @returns {Promise<{ count: number, bars: Bar[] }>} how many bars can get the focus, and the first of them
 */
export async function sessionBars(page, most) {
	const count = await page.evaluate(findBars);
	const seen = async () => (await paintedLines(page)).map(({ text }) => text);
	const added = (/** @type {string[]} */ before, /** @type {string[]} */ after) =>
		after.filter((text) => !before.includes(text));
	const bars = [];
	await page.playwright.keyboard.press("Tab");
	for (let index = 0; index < Math.min(count, most); index++) {
		await page.evaluate(leave);
		await page.playwright.mouse.move(0, 0);
		const before = await seen();
		const bar = await page.evaluate(focusBar, index);
		const onFocus = added(before, await seen());
		await page.evaluate(leave);
		await page.playwright.mouse.move(bar.x, bar.y);
		const onHover = [...added(before, await seen()), ...(bar.tooltip === "" ? [] : [bar.tooltip])];
		bars.push({ name: bar.name, width: bar.width, height: bar.height, onFocus, onHover });
	}
	return { count, bars };
}

/** Remembers the bars of the innermost figure, or else section, whose title speaks of sessions. Runs in the page. */
function findBars() {
	const titled = [...document.querySelectorAll("section, figure")].filter((element) => {
		const title = element.querySelector(":scope > :is(figcaption, h2, h3, header), :scope > svg > title");
		return /\bsessions?\b/i.test(title?.textContent ?? "") && element.querySelector("svg, a, [tabindex]");
	});
	const place = titled.findLast((element) => element.localName === "figure") ?? titled.at(-1);
	const bars = [...(place?.querySelectorAll("a, button, [tabindex='0']") ?? [])].filter(
		(element) =>
			element.closest("thead, caption") === null && !element.matches(":has(a, button, [tabindex='0'])"),
	);
	Object.assign(globalThis, { bars });
	return bars.length;
}

/** Runs in the page. */
function leave() {
	if (document.activeElement instanceof HTMLElement || document.activeElement instanceof SVGElement) {
		document.activeElement.blur();
	}
}

/**
 * Runs in the page.
 *
 * @param {number} index
 */
function focusBar(index) {
	const { bars } = /** @type {{ bars: SVGElement[] }} */ (/** @type {unknown} */ (globalThis));
	const bar = /** @type {SVGElement} */ (bars[index]);
	bar.scrollIntoView({ block: "center" });
	bar.focus();
	// Its label may be part of it, elsewhere.
	const shape = bar.querySelector("rect, path, circle, line") ?? bar;
	const { left, top, width, height } = shape.getBoundingClientRect();
	const tooltip = bar.querySelector("title")?.textContent ?? bar.getAttribute("title") ?? "";
	const name = bar.getAttribute("aria-label") ?? (tooltip === "" ? bar.textContent : tooltip) ?? "";
	return { name: name.trim(), width, height, x: left + width / 2, y: top + height / 2, tooltip };
}
