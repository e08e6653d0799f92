/** Finds colours that are too faint, that do not come from the editor, or that alone carry a meaning. */

import { installPaint } from "./paint.mjs";

/** @typedef {import("../chromium/open-page.mjs").OpenPage} OpenPage */
/** @typedef {import("./paint.mjs").Paint} Paint */
/** @typedef {import("./paint.mjs").Colour} Colour */

/**
 * @param {OpenPage} page
 * @returns {Promise<string[]>} a description of each pair of colours whose contrast is too low: 4.5 for text, and 3 for
 *   large text, for marks of charts and for other coloured areas
 */
export async function lowContrast(page) {
	await installPaint(page);
	return page.evaluate(findLowContrast);
}

/** Runs in the page. */
function findLowContrast() {
	const paint = /** @type {{ paint: Paint }} */ (/** @type {unknown} */ (globalThis)).paint;
	/** @type {Map<string, number>} */
	const found = new Map();
	const examine = (
		/** @type {string} */ what,
		/** @type {Colour[]} */ tops,
		/** @type {Colour} */ bottom,
		/** @type {number} */ least,
	) => {
		const best = tops.toSorted((a, b) => paint.contrast(b, bottom) - paint.contrast(a, bottom))[0];
		if (best !== undefined && paint.contrast(best, bottom) < least) {
			const ratio = paint.contrast(best, bottom).toFixed(2);
			const key = `${paint.words(best)} on ${paint.words(bottom)} is ${ratio} of ${least}: ${what}`;
			found.set(key, (found.get(key) ?? 0) + 1);
		}
	};
	const examineText = (
		/** @type {Element} */ element,
		/** @type {CSSStyleDeclaration} */ style,
		/** @type {string} */ what,
	) => {
		const size = Number.parseFloat(style.fontSize);
		const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
		const behind = paint.background(element);
		const css = element.namespaceURI?.endsWith("svg") ? style.fill : style.color;
		examine(what, [paint.over(paint.colour(css), behind)], behind, isLarge ? 3 : 4.5);
	};
	for (const element of document.body.querySelectorAll("*")) {
		const hasText = [...element.childNodes].some(
			(node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
		);
		const pseudos = ["::before", "::after"].filter((pseudo) =>
			/^"\s*\S/.test(getComputedStyle(element, pseudo).content),
		);
		const ignored = element.matches("style, script, svg title, svg desc, option");
		if (ignored || !paint.isSeen(element)) {
			continue;
		}
		const name = element.localName;
		if (hasText) {
			examineText(element, getComputedStyle(element), `text of ${name}`);
		}
		for (const pseudo of pseudos) {
			examineText(element, getComputedStyle(element, pseudo), `text of ${name}${pseudo}`);
		}
		if (element instanceof HTMLInputElement && element.placeholder !== "") {
			examineText(element, getComputedStyle(element, "::placeholder"), "placeholder");
		}
		const isArea =
			element.textContent?.trim() === "" &&
			element.childElementCount === 0 &&
			!(element instanceof SVGElement) &&
			!element.matches(
				"tr, td, th, col, colgroup, hr, br, wbr, input, select, section, div:empty:not([class])",
			);
		const own = paint.colour(getComputedStyle(element).backgroundColor);
		if (isArea && own[3] > 0) {
			const behind = paint.background(element.parentElement);
			const { borderTopColor, borderTopWidth } = getComputedStyle(element);
			const border = Number.parseFloat(borderTopWidth) >= 1 ? [paint.colour(borderTopColor)] : [];
			examine(`area of ${name}`, [paint.over(own, behind), ...border], behind, 3);
		}
	}
	for (const svg of document.querySelectorAll("svg")) {
		if (paint.isSeen(svg)) {
			const behind = paint.background(svg);
			for (const mark of paint.marks(svg)) {
				const paints = [paint.paintOf(mark, "fill"), paint.paintOf(mark, "stroke")];
				const colours = /** @type {Colour[]} */ (paints.filter((one) => Array.isArray(one)));
				examine(`mark (${mark.localName}) of a chart`, colours, behind, 3);
			}
		}
	}
	return [...found].map(([what, count]) => `${what} (${count})`);
}

/**
 * @typedef {object} PageColours
 * @property {string} background
 * @property {string} text
 * @property {string[]} links of links, without repetitions
 * @property {string[]} marks of charts, without repetitions
 * @property {string[]} borders without repetitions
 * @property {string} fontFamily
 * @property {number} luminance of the background, 0 to 1
 */

/**
 * @param {OpenPage} page
 * @returns {Promise<PageColours>} colours as `#rrggbb`
 */
export async function pageColours(page) {
	await installPaint(page);
	return page.evaluate(() => {
		const paint = /** @type {{ paint: Paint }} */ (/** @type {unknown} */ (globalThis)).paint;
		const words = (/** @type {string} */ css) => paint.words(paint.colour(css));
		const background = paint.background(document.body);
		const marks = [...document.querySelectorAll("svg")].flatMap((svg) =>
			paint.marks(svg).flatMap((mark) => {
				const { fill, stroke } = getComputedStyle(mark);
				return [fill, stroke].filter((css) => css !== "none" && !css.startsWith("url("));
			}),
		);
		const borders = [...document.body.querySelectorAll("*")].flatMap((element) => {
			const style = getComputedStyle(element);
			return /** @type {const} */ (["Top", "Right", "Bottom", "Left"]).flatMap((side) =>
				Number.parseFloat(style[`border${side}Width`]) > 0 ? [style[`border${side}Color`]] : [],
			);
		});
		const links = [...document.querySelectorAll("a")].map((link) => getComputedStyle(link).color);
		const { color, fontFamily } = getComputedStyle(document.body);
		return {
			background: paint.words(background),
			text: words(color),
			links: [...new Set(links.map(words))],
			marks: [...new Set(marks.map(words))],
			borders: [...new Set(borders.map(words))],
			fontFamily,
			luminance: paint.luminance(background),
		};
	});
}

/**
 * Colours of a chart's marks mean something if there are several.
 *
 * @param {OpenPage} page
 * @param {number} leastDifference as Oklab measures it
 * @returns {Promise<string[]>} a description of each colour without a name in text, and of each pair of colours that people
 *   who cannot tell red from green mix up; marks with patterns are told apart by these
 */
export async function meaningByColourAlone(page, leastDifference) {
	await installPaint(page);
	return page.evaluate((/** @type {number} */ least) => {
		const paint = /** @type {{ paint: Paint }} */ (/** @type {unknown} */ (globalThis)).paint;
		const found = [];
		/** @type {Map<Element, Colour | "pattern" | undefined>} */
		const kinds = new Map();
		const kindOf = (/** @type {Element} */ mark) => {
			if (!kinds.has(mark)) {
				kinds.set(mark, paint.paintOf(mark, "fill") ?? paint.paintOf(mark, "stroke"));
			}
			return kinds.get(mark);
		};
		const isPatterned = (/** @type {Element} */ mark) =>
			kindOf(mark) === "pattern" || getComputedStyle(mark).strokeDasharray !== "none";
		const isNamed = (/** @type {Element} */ mark) => {
			for (let one = /** @type {Element | null} */ (mark); one !== null && one.localName !== "svg"; ) {
				const title = one.querySelector(":scope > title")?.textContent ?? one.getAttribute("aria-label");
				if ((title ?? "").trim() !== "") {
					return true;
				}
				one = one.parentElement;
			}
			return false;
		};
		/** The sign of a legend is small, and text stands beside it. */
		const isSign = (/** @type {Element} */ element) => {
			if (element.localName !== "svg" && (element.closest("svg") || element.textContent !== "")) {
				return false;
			}
			const { width, height } = element.getBoundingClientRect();
			const besides = element.parentElement?.textContent?.trim() ?? "";
			return width > 0 && width <= 40 && height <= 40 && besides !== "";
		};
		for (const svg of document.querySelectorAll("svg")) {
			const name = svg.querySelector("title")?.textContent?.slice(0, 60) ?? "a chart without a title";
			const isLarge = svg.getBoundingClientRect().width > 40;
			const marks = isLarge && paint.isSeen(svg) ? paint.marks(svg) : [];
			/** Lines and areas are told apart by their form. */
			const forms = Map.groupBy(marks, (mark) => (getComputedStyle(mark).fill === "none" ? "line" : "area"));
			if (marks.length === 0) {
				continue;
			}
			const around = svg.closest("figure") ?? svg.closest("section") ?? document.body;
			const signs = [...around.querySelectorAll("*")]
				.filter((element) => element !== svg && isSign(element))
				.flatMap((element) => {
					if (element.localName === "svg") {
						return paint.marks(element).map(kindOf);
					}
					const own = paint.colour(getComputedStyle(element).backgroundColor);
					return own[3] > 0 ? [paint.over(own, paint.background(element.parentElement))] : [];
				})
				.map((colour) => (Array.isArray(colour) ? paint.words(colour) : ""));
			const labels = [...svg.querySelectorAll("text")].map((label) =>
				paint.words(paint.colour(getComputedStyle(label).fill)),
			);
			for (const alike of forms.values()) {
				const colours = Map.groupBy(
					alike.filter((mark) => Array.isArray(kindOf(mark))),
					(mark) => paint.words(/** @type {Colour} */ (kindOf(mark))),
				);
				const plain = [...colours].filter(([, marks]) => !marks.every(isPatterned));
				if (plain.length < 2) {
					continue;
				}
				for (const [colour, marks] of plain) {
					if (![...signs, ...labels].includes(colour) && !marks.every(isNamed)) {
						found.push(`${name}: ${colour} has no name in text`);
					}
				}
				for (const [index, [first]] of plain.entries()) {
					for (const [second] of plain.slice(index + 1)) {
						for (const vision of /** @type {const} */ (["protanopia", "deuteranopia"])) {
							const difference = paint.difference(paint.colour(first), paint.colour(second), vision);
							if (difference < least) {
								found.push(
									`${name}: ${first} and ${second} differ by ${difference.toFixed(3)} with ${vision}`,
								);
							}
						}
					}
				}
			}
		}
		return found;
	}, leastDifference);
}
