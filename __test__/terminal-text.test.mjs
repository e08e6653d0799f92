import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { escapeForTerminal, jsonForTerminal } from "../bin/terminal-text.js";

describe("escapeForTerminal", () => {
	for (const [kind, text, escaped] of /** @type {const} */ ([
		["an escape sequence", "\u001b[31mred", "\\u{1b}[31mred"],
		["a carriage return and a line feed", "a\r\nb", "a\\u{d}\\u{a}b"],
		["delete", "\u007f", "\\u{7f}"],
		["a C1 control", "\u009b1m", "\\u{9b}1m"],
		["a right-to-left override", "exe\u202etxt", "exe\\u{202e}txt"],
		["an isolate", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
		["a zero-width space's kin", "a\u200db\ufeff", "a\\u{200d}b\\u{feff}"],
		["a line separator", "\u2028", "\\u{2028}"],
		["a lone surrogate", "\ud83d!", "\\u{d83d}!"],
		["a tag beyond the basic plane", "\u{e0041}", "\\u{e0041}"],
	])) {
		it(`spells out ${kind}`, () => assert.equal(escapeForTerminal(text), escaped));
	}

	it("leaves text of any script as it is", () => {
		const text = "C:\\Users\\Zoë/データ/ملف/🙂 (1).jsonl";
		assert.equal(escapeForTerminal(text), text);
	});
});

describe("jsonForTerminal", () => {
	const hostile = { name: "a\u001b[2J\u009b\u202e\u2028\ud83d\u{e0041}\nb", list: [1, null] };

	it("prints nothing that a terminal obeys but the ends of its lines", () => {
		assert.match(jsonForTerminal(hostile), /^[\n\u{20}-\u{7e}]*$/u);
	});

	it("still parses to the same value", () => {
		assert.deepEqual(JSON.parse(jsonForTerminal(hostile)), hostile);
	});
});
