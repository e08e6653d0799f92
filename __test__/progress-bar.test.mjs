import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProgressBar, progressLine } from "../bin/progress-bar.js";

/** @type {import("../index.js").ExportProgress} */
const halfway = { phase: "reading", bytesDone: 5_000_000, bytesTotal: 10_000_000, events: 14_000 };

describe("the progress line", () => {
	it("tells the phase, the share, the sizes and the events", () => {
		assert.equal(
			progressLine(halfway),
			"Reading   [############............]  50%  5.00 MB of 10.0 MB, 14,000 events",
		);
	});

	it("is full once everything is read", () => {
		const done = /** @type {const} */ ({ ...halfway, phase: "finishing", bytesDone: 10_000_000 });
		assert.match(progressLine(done), /^Finishing \[#{24}\] 100% {2}/);
	});

	it("never says 100 % before that", () => {
		assert.match(progressLine({ ...halfway, bytesDone: 9_999_999 }), /\[#{23}\.\] {2}99% /);
	});

	it("is full where there is nothing to read", () => {
		assert.match(progressLine({ ...halfway, bytesDone: 0, bytesTotal: 0 }), /100% {2}0 B of 0 B/);
	});
});

describe("the progress bar", () => {
	function setup({ columns = 80 } = {}) {
		/** @type {string[]} */
		const written = [];
		return { written, bar: new ProgressBar({ columns, write: (text) => written.push(text) }) };
	}

	it("draws over its own line", () => {
		const { bar, written } = setup();
		bar.show(halfway);
		bar.show(halfway);
		assert.deepEqual(written, Array(2).fill(`\r\u001b[K${progressLine(halfway)}`));
	});

	it("never fills a narrow terminal's line", () => {
		const { bar, written } = setup({ columns: 30 });
		bar.show(halfway);
		assert.equal(written[0], `\r\u001b[K${progressLine(halfway).slice(0, 29)}`);
	});

	it("takes its line away, and stays away when a report comes late", () => {
		const { bar, written } = setup();
		bar.show(halfway);
		bar.clear();
		bar.show(halfway);
		assert.equal(written.length, 2);
		assert.equal(written[1], "\r\u001b[K");
	});

	it("leaves a terminal alone on which it never drew", () => {
		const { bar, written } = setup();
		bar.clear();
		assert.deepEqual(written, []);
	});
});
