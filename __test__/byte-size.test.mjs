import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatByteSize, parseByteSize } from "../bin/byte-size.js";

describe("parseByteSize", () => {
	for (const [text, bytes] of /** @type {const} */ ([
		["0", 0],
		["3500000", 3_500_000],
		["12B", 12],
		["900kB", 900_000],
		["900 kb", 900_000],
		["64KiB", 65_536],
		["1.5MB", 1_500_000],
		["4.35MB", 4_350_000],
		["4MiB", 4_194_304],
		["2GB", 2_000_000_000],
		["1GiB", 1_073_741_824],
	])) {
		it(`reads ${text} as ${bytes} bytes`, () => assert.equal(parseByteSize(text), bytes));
	}

	for (const text of [
		"",
		"kB",
		"-1",
		"1e6",
		"1,000",
		"1.",
		".5MB",
		"5TB",
		"5 k",
		"5mibs",
		"9999999GiB",
		"٣",
	]) {
		it(`finds no size in "${text}"`, () => assert.equal(parseByteSize(text), undefined));
	}
});

describe("formatByteSize", () => {
	for (const [bytes, text] of /** @type {const} */ ([
		[0, "0 B"],
		[999, "999 B"],
		[1000, "1.00 kB"],
		[1234, "1.23 kB"],
		[9996, "10.0 kB"],
		[99_960, "100 kB"],
		[999_499, "999 kB"],
		[999_500, "1.00 MB"],
		[45_600_000, "45.6 MB"],
		[1_000_000_000, "1.00 GB"],
		[12_345_000_000_000, "12345 GB"],
	])) {
		it(`writes ${bytes} bytes as ${text}`, () => assert.equal(formatByteSize(bytes), text));
	}

	it("omits decimals if there is little room", () => {
		assert.equal(formatByteSize(3_440_000, 1), "3.4 MB");
		assert.equal(formatByteSize(45_600_000, 1), "45.6 MB");
		assert.equal(formatByteSize(137_440, 1), "137 kB");
	});
});
