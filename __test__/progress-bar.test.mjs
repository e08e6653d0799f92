import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProgressBar, progressLine } from "../bin/progress-bar.js";

/** @type {import("../index.js").ExportProgress} */
const halfway = { phase: "reading", bytesDone: 5_000_000, bytesTotal: 10_000_000, events: 14_000 };

describe("the progress line", () => {
	it("shows the phase, the percentage, the sizes and the events", () => {
		assert.equal(
			progressLine(halfway),
			"Reading   [############............]  50%  5.00 MB of 10.0 MB, 14,000 events",
		);
	});

	it("is full once everything is read", () => {
		const done = /** @type {const} */ ({ ...halfway, phase: "finishing", bytesDone: 10_000_000 });
		assert.match(progressLine(done), /^Finishing \[#{24}\] 100% {2}/);
	});

	it("never shows 100 % before that", () => {
		assert.match(progressLine({ ...halfway, bytesDone: 9_999_999 }), /\[#{23}\.\] {2}99% /);
	});

	it("is full if there is nothing to read", () => {
		assert.match(progressLine({ ...halfway, bytesDone: 0, bytesTotal: 0 }), /100% {2}0 B of 0 B/);
	});
});

describe("the progress bar", () => {
	function setup({ columns = 80 } = {}) {
		/** @type {string[]} */
		const written = [];
		return { written, bar: new ProgressBar({ columns, write: (text) => written.push(text) }) };
	}

	it("redraws its own line", () => {
		const { bar, written } = setup();
		bar.show(halfway);
		bar.show(halfway);
		assert.deepEqual(written, Array(2).fill(`\r\u001b[K${progressLine(halfway)}`));
	});

	for (const [columns, line] of /** @type {const} */ ([
		[67, "Reading   [############............]  50%  5.00 MB of 10.0 MB"],
		[42, "Reading   [############............]  50%"],
		[41, "Reading   [###########............]  50%"],
		[30, "Reading   [######......]  50%"],
		[24, "Reading   [###...]  50%"],
		[22, "Reading   [##..]  50%"],
		[21, "Reading    50%"],
		[15, "Reading    50%"],
		[14, "50%"],
		[4, "50%"],
		[3, ""],
		[1, ""],
	])) {
		it(`says "${line}" in ${columns} columns`, () => {
			const { bar, written } = setup({ columns });
			bar.show(halfway);
			assert.equal(written[0], `\r\u001b[K${line}`);
		});
	}

	it("never fills a line, and shows the percentage if there is room", () => {
		const steps = [0, 999_999, 5_000_000, 10_000_000];
		for (let columns = 1; columns <= 80; columns += 1) {
			for (const bytesDone of steps) {
				const { bar, written } = setup({ columns });
				bar.show({ ...halfway, bytesDone });
				const line = (written[0] ?? "").slice("\r\u001b[K".length);
				const percent = `${Math.floor(bytesDone / 100_000)}%`;
				assert.ok(line.length < columns, `${columns}: ${line}`);
				assert.equal(line.includes(percent), percent.length < columns, `${columns}: ${line}`);
			}
		}
	});

	it("assumes 80 columns if the number is 0 or unknown", () => {
		for (const columns of [0, undefined]) {
			/** @type {string[]} */
			const written = [];
			const terminal = {
				...(columns === undefined ? {} : { columns }),
				write: (/** @type {string} */ text) => written.push(text),
			};
			new ProgressBar(terminal).show(halfway);
			assert.deepEqual(written, [`\r\u001b[K${progressLine(halfway)}`]);
		}
	});

	it("clears its line, and draws nothing for a late report", () => {
		const { bar, written } = setup();
		bar.show(halfway);
		bar.clear();
		bar.show(halfway);
		assert.equal(written.length, 2);
		assert.equal(written[1], "\r\u001b[K");
	});

	it("clears nothing if it never drew", () => {
		const { bar, written } = setup();
		bar.clear();
		assert.deepEqual(written, []);
	});
});
