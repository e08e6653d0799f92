/** Lines of text where the browser paints them, including those of pseudo-elements, which the document does not have. */

/**
 * @typedef {object} Box in pixels of the page
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 */

/**
 * @typedef {Box & { overflow: "visible" | "clipped" | "scrolled", overflowDown: "visible" | "clipped" | "scrolled",
 *   name: string }} Container an element around a line
 */

/**
 * @typedef {object} Line
 * @property {string} text
 * @property {Box} box
 * @property {number} owner number of the text that the line is part of
 * @property {string} place the elements around it, for messages
 * @property {Container[]} containers blocks around it, from the inside out; none for text of charts
 */

const textNode = 3;
const styles = ["display", "overflow-x", "overflow-y", "visibility", "opacity", "clip-path", "position"];

/**
 * Reads all lines that can be seen. Text that only screen readers read is left out, as is text in closed `details`.
 *
 * @param {import("../chromium/open-page.mjs").OpenPage} page
 * @returns {Promise<Line[]>}
 */
export async function paintedLines(page) {
	const chartLabels = await page.evaluate(chartLines);
	const { documents, strings } = await page.snapshot(styles);
	const [document] = documents;
	if (document === undefined) {
		throw new Error("The page has no document");
	}
	const { nodes, layout, textBoxes } = document;
	/** Layout of each node. @type {Map<number, number>} */
	const layoutOf = new Map();
	for (const [index, node] of layout.nodeIndex.entries()) {
		if (!layoutOf.has(node)) {
			layoutOf.set(node, index);
		}
	}
	const name = (/** @type {number} */ node) => (strings[nodes.nodeName?.[node] ?? -1] ?? "").toLowerCase();
	/** @type {Map<number, Around>} */
	const known = new Map();
	/** @typedef {{ hidden: boolean, chart: boolean, place: string, containers: Container[] }} Around */
	/** @returns {Around} */
	const around = (/** @type {number} */ node) => {
		const already = known.get(node);
		if (already !== undefined) {
			return already;
		}
		const parent = nodes.parentIndex?.[node] ?? -1;
		const outer = parent < 0 ? { hidden: false, chart: false, place: "", containers: [] } : around(parent);
		const index = layoutOf.get(node);
		const own = index === undefined ? undefined : layout.styles[index]?.map((style) => strings[style] ?? "");
		const [left = 0, top = 0, width = 0, height = 0] = layout.bounds[index ?? -1] ?? [];
		const [display = "", across = "", down = "", visibility = "", opacity = "", clip = "", position = ""] =
			own ?? [];
		const isTiny = width <= 1.5 && height <= 1.5 && position === "absolute";
		const isDocument = parent < 0;
		const isBlock = own !== undefined && !isDocument && !["inline", "contents"].includes(display);
		const result = {
			hidden:
				outer.hidden || opacity === "0" || visibility === "hidden" || clip.startsWith("inset(50%") || isTiny,
			chart: outer.chart || name(node) === "svg",
			place: `${outer.place.split(" ").slice(-3).join(" ")} ${name(node)}`.trim(),
			containers: isBlock
				? [
						{
							left,
							top,
							right: left + width,
							bottom: top + height,
							overflow: handled(across),
							overflowDown: handled(down),
							name: name(node),
						},
						// A box that is placed by itself does not belong to the boxes around it.
						...(position === "absolute" || position === "fixed" ? [] : outer.containers),
					]
				: outer.containers,
		};
		known.set(node, result);
		return result;
	};
	/** @type {Line[]} */
	const lines = [];
	for (const [index, owner] of textBoxes.layoutIndex.entries()) {
		const whole = strings[layout.text[owner] ?? -1] ?? "";
		const start = textBoxes.start[index] ?? 0;
		const text = whole.slice(start, start + (textBoxes.length[index] ?? 0));
		const node = layout.nodeIndex[owner] ?? -1;
		const [left = 0, top = 0, width = 0, height = 0] = textBoxes.bounds[index] ?? [];
		// Text of a pseudo-element has no node of its own.
		const isText = nodes.nodeType?.[node] === textNode;
		const { hidden, chart, place, containers } = around(isText ? (nodes.parentIndex?.[node] ?? -1) : node);
		const style = layout.styles[owner] ?? [];
		const isSeen = width > 0 && text.trim() !== "" && strings[style[3] ?? -1] !== "hidden";
		if (isSeen && !hidden && !chart) {
			// Spaces at the end of a line may stand outside its box, where nobody sees them.
			const trimmed = (width * text.trimEnd().length) / text.length;
			const box = { left, top, right: left + trimmed, bottom: top + height };
			lines.push({ text: text.trim(), box, owner, place, containers });
		}
	}
	for (const [index, { text, box }] of chartLabels.entries()) {
		lines.push({ text, box, owner: -1 - index, place: "svg text", containers: [] });
	}
	return lines;
}

/**
 * @param {string} overflow
 * @returns {Container["overflow"]}
 */
function handled(overflow) {
	if (overflow === "visible" || overflow === "") {
		return "visible";
	}
	return overflow === "auto" || overflow === "scroll" ? "scrolled" : "clipped";
}

/** Labels of charts, whose places a snapshot does not have in pixels of the page. Runs in the page. */
function chartLines() {
	return [...document.querySelectorAll("svg text")]
		.filter((label) => label.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
		.map((label) => {
			const { left, top, right, bottom } = label.getBoundingClientRect();
			const box = {
				left: left + scrollX,
				top: top + scrollY,
				right: right + scrollX,
				bottom: bottom + scrollY,
			};
			return { text: label.textContent?.trim() ?? "", box };
		})
		.filter(({ text, box }) => text !== "" && box.right > box.left);
}

/** Rounding, and the slant of italic letters. */
const tolerance = 1;
/** The box of a line is higher than its letters, which is harmless up to this share of it. */
const emptyShare = 0.3;

/**
 * @param {Line[]} lines
 * @param {number} windowWidth
 * @returns {string[]} a description of each line that cannot be read whole: it is outside the window, outside its own box,
 *   cut off, or must be scrolled into view sideways
 */
export function cutText(lines, windowWidth) {
	const found = [];
	for (const { text, box, place, containers } of lines) {
		const fault = faultOf(box, containers, windowWidth);
		if (fault !== undefined) {
			found.push(`${place}: "${text.slice(0, 40)}" ${fault}`);
		}
	}
	return found;
}

/**
 * @param {Box} box
 * @param {Container[]} containers
 * @param {number} windowWidth
 * @returns {string | undefined}
 */
function faultOf(box, containers, windowWidth) {
	const empty = (box.bottom - box.top) * emptyShare;
	for (const container of containers) {
		const { name, overflow, overflowDown } = container;
		const across = Math.max(container.left - box.left, box.right - container.right);
		const down = Math.max(container.top - box.top, box.bottom - container.bottom);
		if (across > tolerance) {
			const what = { visible: "sticks out of", clipped: "is cut off by", scrolled: "must be scrolled in" };
			return `${what[overflow]} its ${name} by ${across.toFixed(0)} pixels`;
		}
		if (down > empty && overflowDown === "clipped") {
			return `is cut off by its ${name} by ${down.toFixed(0)} pixels in height`;
		}
	}
	const outside = Math.max(-box.left, box.right - windowWidth);
	return outside > tolerance ? `is outside the window by ${outside.toFixed(0)} pixels` : undefined;
}

/**
 * @param {Line[]} lines
 * @returns {string[]} a description of each pair of texts that are painted over each other
 */
export function overlappingText(lines) {
	const found = [];
	const sorted = lines.toSorted((a, b) => a.box.top - b.box.top);
	for (const [index, line] of sorted.entries()) {
		for (let next = index + 1; next < sorted.length; next++) {
			const other = /** @type {Line} */ (sorted[next]);
			if (other.box.top >= line.box.bottom) {
				break;
			}
			const across = Math.min(line.box.right, other.box.right) - Math.max(line.box.left, other.box.left);
			const down = Math.min(line.box.bottom, other.box.bottom) - other.box.top;
			const lower = Math.min(line.box.bottom - line.box.top, other.box.bottom - other.box.top);
			if (other.owner !== line.owner && across > tolerance && down > lower * emptyShare) {
				found.push(
					`${line.place}: "${line.text.slice(0, 40)}" and ${other.place}: "${other.text.slice(0, 40)}" ` +
						`overlap by ${across.toFixed(0)} × ${down.toFixed(0)} pixels`,
				);
			}
		}
	}
	return found;
}
