/** What of a page cannot be read for where it stands. Its functions run in the page. */

/** @returns {number} pixels that the page is wider than its window */
export function pixelsBesideTheWindow() {
	const { scrollWidth = 0 } = document.scrollingElement ?? {};
	return scrollWidth - document.documentElement.clientWidth;
}

/** @returns {string[]} tables that are wider than the place they have, and cannot be scrolled there by keyboard */
export function tablesOutOfReach() {
	const wide = (/** @type {Element} */ element) => element.scrollWidth > element.clientWidth + 1;
	return [...document.querySelectorAll("table")]
		.filter((table) => {
			const region = table.parentElement ?? table;
			const isTooWide = table.offsetWidth > region.clientWidth + 1;
			const scrolls = wide(region) && ["auto", "scroll"].includes(getComputedStyle(region).overflowX);
			return isTooWide && !(scrolls && region.tabIndex === 0);
		})
		.map(({ id }) => id);
}

/**
 * @param {number} leastHeight of a line of text in pixels
 * @returns {string[]} labels of charts that are too small, cut off, or written over each other
 */
export function unreadableLabels(leastHeight) {
	const found = [];
	for (const chart of document.querySelectorAll("svg")) {
		const frame = chart.getBoundingClientRect();
		const labels = [...chart.querySelectorAll("text")]
			.map((label) => ({ text: label.textContent ?? "", box: label.getBoundingClientRect() }))
			.filter(({ text, box }) => text !== "" && box.width > 0);
		const name = chart.querySelector("title")?.textContent?.slice(0, 40) ?? "";
		for (const [index, { text, box }] of labels.entries()) {
			// Lines of text have room above and below their letters.
			const room = box.height / 4;
			const isInside =
				box.left >= frame.left - 1 &&
				box.right <= frame.right + 1 &&
				box.top >= frame.top - room &&
				box.bottom <= frame.bottom + room;
			if (!isInside) {
				found.push(`${name}: "${text}" is cut off`);
			}
			if (box.height < leastHeight) {
				found.push(`${name}: "${text}" is ${box.height.toFixed(1)} pixels high`);
			}
			for (const other of labels.slice(index + 1)) {
				const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
				const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
				if (across > 0 && down > room) {
					found.push(`${name}: "${text}" and "${other.text}" overlap`);
				}
			}
		}
	}
	return found;
}
