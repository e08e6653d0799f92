/** One line on a terminal that tells how far an export is. */

"use strict";

const { formatByteSize } = require("./byte-size.js");

/** @typedef {import("../index.js").ExportProgress} ExportProgress */

/** Cells of the bar itself: as many as there is room for. */
const longestBar = 24;
const shortestBar = 4;

/** Columns of a terminal that does not tell its width. Some say that they have none. */
const usualColumns = 80;

/** Carriage return, then "erase to the end of the line". */
const startOfLine = "\r\u001b[K";

/** Draws over the same line again and again, and takes it away at the end. */
class ProgressBar {
	#terminal;
	#isShown = false;
	#isOver = false;

	/** @param {{ write(text: string): unknown, columns?: number }} terminal */
	constructor(terminal) {
		this.#terminal = terminal;
	}

	/** @param {ExportProgress} progress */
	show(progress) {
		// The last report may arrive after the export is settled.
		if (this.#isOver) {
			return;
		}
		// The last column stays free: a full line makes some terminals begin the next one.
		const room = (this.#terminal.columns || usualColumns) - 1;
		this.#terminal.write(startOfLine + progressLine(progress, room));
		this.#isShown = true;
	}

	/** Takes the line away; whatever is reported later is not shown. */
	clear() {
		if (this.#isShown) {
			this.#terminal.write(startOfLine);
		}
		this.#isShown = false;
		this.#isOver = true;
	}
}

/**
 * Words the progress. If there is too little room, the events go first, then the sizes, the cells of the bar, the bar and
 * the phase; the percentage goes last. Nothing is cut in two.
 *
 * @param {ExportProgress} progress
 * @param {number} [room] columns to fill
 * @returns {string} such as `Reading   [############............]  50%  5.00 MB of 10.0 MB, 14,000 events`
 */
function progressLine({ phase, bytesDone, bytesTotal, events }, room = Number.POSITIVE_INFINITY) {
	const name = phase === "reading" ? "Reading  " : "Finishing";
	const share = bytesTotal === 0 ? 1 : bytesDone / bytesTotal;
	const percent = `${Math.floor(share * 100)}%`;
	const size = `${formatByteSize(bytesDone)} of ${formatByteSize(bytesTotal)}`;
	const withBar = (/** @type {number} */ cells) => {
		const bar = "#".repeat(Math.floor(share * cells)).padEnd(cells, ".");
		return `${name} [${bar}] ${percent.padStart(4)}`;
	};
	const cellsThatFit = Math.min(longestBar, room - withBar(0).length);
	const lines = [
		`${withBar(longestBar)}  ${size}, ${events.toLocaleString("en-US")} events`,
		`${withBar(longestBar)}  ${size}`,
		...(cellsThatFit >= shortestBar ? [withBar(cellsThatFit)] : []),
		`${name} ${percent.padStart(4)}`,
		percent,
	];
	return lines.find((line) => line.length <= room) ?? "";
}

module.exports = { ProgressBar, progressLine };
