/** Colours as a page paints them. Checks install these functions in the page before they use them. */

/**
 * @typedef {[red: number, green: number, blue: number, alpha: number]} Colour 0 to 255, and 0 to 1
 */

/** @typedef {ReturnType<typeof makePaint>} Paint */

/** @param {import("../chromium/open-page.mjs").OpenPage} page */
export async function installPaint(page) {
	await page.evaluateText(`globalThis.paint = (${makePaint})(); undefined`);
}

/** Runs in the page. */
function makePaint() {
	/** @type {Map<string, Colour>} */
	const known = new Map();
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

	/** @param {string} css any colour that a browser computes */
	function colour(css) {
		const already = known.get(css);
		if (already !== undefined || canvas === null) {
			return /** @type {Colour} */ (already);
		}
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = css;
		canvas.fillRect(0, 0, 1, 1);
		const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
		const found = /** @type {Colour} */ ([red, green, blue, alpha / 255]);
		known.set(css, found);
		return found;
	}

	/**
	 * @param {Colour} top
	 * @param {Colour} bottom opaque
	 * @returns {Colour}
	 */
	function over(top, bottom) {
		const [red, green, blue] = [0, 1, 2].map(
			(part) => (top[part] ?? 0) * top[3] + (bottom[part] ?? 0) * (1 - top[3]),
		);
		return [red ?? 0, green ?? 0, blue ?? 0, 1];
	}

	/** @param {number} part of a colour */
	function linear(part) {
		const share = part / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	}

	/** @param {Colour} one */
	function luminance([red, green, blue]) {
		return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
	}

	/**
	 * @param {Colour} one
	 * @param {Colour} other
	 * @returns {number} their contrast as WCAG defines it, 1 to 21
	 */
	function contrast(one, other) {
		const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
		return (high + 0.05) / (low + 0.05);
	}

	/** @type {Colour | undefined} */
	let ground;

	/** @type {Map<Element, Colour>} */
	const backgrounds = new Map();

	/**
	 * @param {Element | null} element
	 * @returns {Colour} what is painted behind its content
	 */
	function background(element) {
		const already = element === null ? undefined : backgrounds.get(element);
		if (already !== undefined) {
			return already;
		}
		if (element === null) {
			if (ground === undefined) {
				const probe = document.createElement("span");
				probe.style.color = "Canvas";
				document.documentElement.append(probe);
				ground = colour(getComputedStyle(probe).color);
				probe.remove();
			}
			return ground;
		}
		const own = colour(getComputedStyle(element).backgroundColor);
		const found = own[3] === 1 ? own : over(own, background(element.parentElement));
		backgrounds.set(element, found);
		return found;
	}

	/** @type {Map<Element, boolean>} */
	const clipped = new Map();

	/**
	 * @param {Element | null} element
	 * @returns {boolean} whether only screen readers read it
	 */
	function isClipped(element) {
		if (element === null) {
			return false;
		}
		const found =
			clipped.get(element) ??
			(getComputedStyle(element).clipPath.startsWith("inset(50%") || isClipped(element.parentElement));
		clipped.set(element, found);
		return found;
	}

	/** @param {Element} element */
	function isSeen(element) {
		const { width, height } = element.getBoundingClientRect();
		return (
			width + height > 2 &&
			element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
			!isClipped(element)
		);
	}

	/**
	 * @param {Element} shape
	 * @param {"fill" | "stroke"} kind
	 * @returns {Colour | "pattern" | undefined} how it is painted over its background
	 */
	function paintOf(shape, kind) {
		const style = getComputedStyle(shape);
		const value = style[kind];
		if (value === "none" || (kind === "stroke" && Number.parseFloat(style.strokeWidth) === 0)) {
			return undefined;
		}
		if (value.startsWith("url(")) {
			return "pattern";
		}
		const [red, green, blue, alpha] = colour(value);
		let opacity = alpha * Number(kind === "fill" ? style.fillOpacity : style.strokeOpacity);
		for (let one = /** @type {Element | null} */ (shape); one?.closest("svg"); one = one.parentElement) {
			opacity *= Number(getComputedStyle(one).opacity);
		}
		return opacity === 0 ? undefined : over([red, green, blue, opacity], background(shape.closest("svg")));
	}

	/** @type {Map<Element | null, string[]>} */
	const axes = new Map();

	/** @param {Element | null} svg */
	function axisColours(svg) {
		const already = axes.get(svg);
		if (already !== undefined) {
			return already;
		}
		const labels = [...(svg?.querySelectorAll("text") ?? [])].map((label) => getComputedStyle(label).fill);
		const borders = [...document.querySelectorAll("td, th, section")].slice(0, 20).flatMap((element) => {
			const { borderTopColor, borderBottomColor } = getComputedStyle(element);
			return [borderTopColor, borderBottomColor];
		});
		const found = [...new Set([...labels, ...borders])];
		axes.set(svg, found);
		return found;
	}

	const shapes = "rect, path, circle, ellipse, line, polyline, polygon";
	/**
	 * Axes and grids are thin lines that are straight, or in the colour of labels or of the borders of tables.
	 *
	 * @param {Element} shape
	 */
	function isAxis(shape) {
		const style = getComputedStyle(shape);
		if (style.fill !== "none") {
			return false;
		}
		const { width, height } = shape.getBoundingClientRect();
		if (Number.parseFloat(style.strokeWidth) <= 1.5 && Math.min(width, height) <= 2) {
			return true;
		}
		return axisColours(shape.closest("svg")).includes(style.stroke);
	}

	/**
	 * @param {Element} svg
	 * @returns {Element[]} shapes that show data
	 */
	function marks(svg) {
		return [...svg.querySelectorAll(shapes)].filter(
			(shape) =>
				!isAxis(shape) &&
				shape.closest("defs, clipPath, pattern, symbol") === null &&
				shape.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
				(paintOf(shape, "fill") !== undefined || paintOf(shape, "stroke") !== undefined),
		);
	}

	/** What Machado, Oliveira and Fernandes found for people without red or green cones, for linear colours. */
	const visions = {
		protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
		deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
	};

	/**
	 * @param {Colour} one
	 * @param {Colour} other
	 * @param {keyof typeof visions} vision
	 * @returns {number} how different they look, as a distance in Oklab; 0.02 is just noticeable side by side
	 */
	function difference(one, other, vision) {
		const [first = [], second = []] = [one, other].map(([red, green, blue]) => {
			const light = [linear(red), linear(green), linear(blue)];
			const m = visions[vision];
			const [r = 0, g = 0, b = 0] = [0, 3, 6].map((row) =>
				Math.min(
					1,
					Math.max(
						0,
						light.reduce((sum, part, at) => sum + part * (m[row + at] ?? 0), 0),
					),
				),
			);
			const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
			const c = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
			const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
			return [
				0.2104542553 * l + 0.793617785 * c - 0.0040720468 * s,
				1.9779984951 * l - 2.428592205 * c + 0.4505937099 * s,
				0.0259040371 * l + 0.7827717662 * c - 0.808675766 * s,
			];
		});
		return Math.hypot(...first.map((part, at) => part - (second[at] ?? 0)));
	}

	/** @param {Colour} one */
	function words(one) {
		return `#${one
			.slice(0, 3)
			.map((part) => Math.round(part).toString(16).padStart(2, "0"))
			.join("")}`;
	}

	return { colour, over, contrast, background, isSeen, paintOf, marks, difference, luminance, words };
}
