/** Shows the progress of an export in one line of the terminal. */

"use strict";

const { formatByteSize } = require("./byte-size.js");

/** @typedef {import("../index.js").ExportProgress} ExportProgress */

/** The limits of the number of cells between the brackets. */
const longestBar = 24;
const shortestBar = 4;

/** The width of a terminal whose width is unknown. Some report 0. */
const defaultColumns = 80;

/** Carriage return, then "erase to the end of the line". */
const startOfLine = "\r\u001b[K";

class ProgressBar {
	#terminal;
	#isShown = false;
	#isCleared = false;

	/** @param {{ write(text: string): unknown, columns?: number }} terminal */
	constructor(terminal) {
		this.#terminal = terminal;
	}

	/** @param {ExportProgress} progress */
	show(progress) {
		// The last progress may arrive after the export has ended.
		if (this.#isCleared) {
			return;
		}
		// The last column stays free, because some terminals start a new line when a line is full.
		const room = (this.#terminal.columns || defaultColumns) - 1;
		this.#terminal.write(startOfLine + progressLine(progress, room));
		this.#isShown = true;
	}

	/** Erases the line. Later progress is not shown. */
	clear() {
		if (this.#isShown) {
			this.#terminal.write(startOfLine);
		}
		this.#isShown = false;
		this.#isCleared = true;
	}
}

/**
 * Formats the progress. If the line is too long, parts are left out in this order: events, sizes, some cells of the bar,
 * the bar, the phase, the percentage. No part is cut in two.
 *
 * @param {ExportProgress} progress
 * @param {number} [room] the number of columns
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
