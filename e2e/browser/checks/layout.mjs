/** Finds pages that are too wide, columns without titles, and labels that cannot be read. These functions run in the page. */

/** @returns {number} how many pixels the page is wider than its window */
export function horizontalOverflow() {
	const { scrollWidth = 0 } = document.scrollingElement ?? {};
	return scrollWidth - document.documentElement.clientWidth;
}

/**
 * If the titles of a table's columns are not shown, as in rows of label and value, each value needs its label.
 *
 * @returns {string[]} a description of each column whose title is not shown, nor its label at every value
 */
export function unlabelledColumns() {
	const isSeen = (/** @type {Element} */ element) => {
		const { width, height } = element.getBoundingClientRect();
		/** @returns {boolean} */
		const isClipped = (/** @type {Element | null} */ one) =>
			one !== null &&
			(getComputedStyle(one).clipPath.startsWith("inset(50%") || isClipped(one.parentElement));
		return (
			element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
			width > 1.5 &&
			height > 1.5 &&
			!isClipped(element)
		);
	};
	const plain = (/** @type {string | null | undefined} */ text) =>
		(text ?? "")
			.replace(/[▲▼:"\s]+/g, " ")
			.trim()
			.toLowerCase();
	const found = [];
	for (const table of document.querySelectorAll("table")) {
		const titles = [...(table.tHead?.rows[0]?.cells ?? [])];
		for (const [place, title] of titles.entries()) {
			if (isSeen(title) || plain(title.textContent) === "") {
				continue;
			}
			const bare = [...table.tBodies]
				.flatMap((body) => [...body.rows])
				.filter((row) => row.cells.length === titles.length)
				.map((row) => ({ row, cell: /** @type {HTMLElement} */ (row.cells[place]) }))
				// The title of a row needs no label, nor does the only value beside it.
				.filter(({ row, cell }) => cell.localName === "td" && !(row.cells.length === 2 && place === 1))
				.filter(({ cell }) => isSeen(cell) && plain(cell.textContent) !== "")
				.filter(({ cell }) => {
					const shown = `${getComputedStyle(cell, "::before").content} ${cell.innerText}`;
					return !plain(shown).includes(plain(title.textContent));
				});
			if (bare.length > 0) {
				found.push(
					`${table.caption?.innerText ?? table.id}: "${title.textContent}" is not shown at ${bare.length} values`,
				);
			}
		}
	}
	return found;
}

/**
 * Names such as `remote.setup.workspace_ready` may break between their words only.
 *
 * @returns {string[]} the names in cells whose words of at most 14 letters are not on one line
 */
export function brokenWords() {
	const isBroken = (/** @type {Node} */ text) => {
		const range = document.createRange();
		range.selectNodeContents(text);
		const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
		return new Set(tops).size > 1;
	};
	return [...document.querySelectorAll("td bdi, th bdi")]
		.filter((name) => !/\s/.test(name.textContent ?? ""))
		.filter((name) =>
			[...name.childNodes].some((part) => /^\w{2,14}[._]?$/.test(part.textContent ?? "") && isBroken(part)),
		)
		.map((name) => name.textContent ?? "");
}

/**
 * @param {number} leastHeight smallest allowed height of a line of text, in pixels
 * @returns {string[]} a description of each chart label that is too small, cut off, or overlaps another
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
			// The box of a text is higher than its letters.
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
