/** One line on a terminal that tells how far an export is. */

"use strict";

const { formatByteSize } = require("./byte-size.js");

/** @typedef {import("../index.js").ExportProgress} ExportProgress */

/** Cells of the bar itself. */
const barWidth = 24;

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
		const columns = (this.#terminal.columns ?? 80) - 1;
		this.#terminal.write(startOfLine + progressLine(progress).slice(0, columns));
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
 * @param {ExportProgress} progress
 * @returns {string} such as `Reading   [############............]  50%  5.00 MB of 10.0 MB, 14,000 events`
 */
function progressLine({ phase, bytesDone, bytesTotal, events }) {
	const name = phase === "reading" ? "Reading  " : "Finishing";
	const share = bytesTotal === 0 ? 1 : bytesDone / bytesTotal;
	const bar = "#".repeat(Math.floor(share * barWidth)).padEnd(barWidth, ".");
	const percent = `${Math.floor(share * 100)}%`.padStart(4);
	const size = `${formatByteSize(bytesDone)} of ${formatByteSize(bytesTotal)}`;
	return `${name} [${bar}] ${percent}  ${size}, ${events.toLocaleString("en-US")} events`;
}

module.exports = { ProgressBar, progressLine };
