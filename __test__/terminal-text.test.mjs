import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { escapeForTerminal, jsonForTerminal } from "../bin/terminal-text.js";

/** @param {string} file from the top of the repository */
const readJson = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));

function unicodeIsAnother() {
	const { unicode } = readJson("bin/escaped-characters.json");
	return (
		process.versions.unicode !== unicode &&
		`Node has Unicode ${process.versions.unicode}, the rule ${unicode}`
	);
}

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
		it(`escapes ${kind}`, () => assert.equal(escapeForTerminal(text), escaped));
	}

	/** The report is tested with the same table. It writes an escaped character as ⟨U+202E⟩. */
	for (const { name, text, shown } of readJson("fixtures/shown-characters.json")) {
		it(`escapes only characters that direct or hide text: ${name}`, () => {
			const escaped = shown.replace(
				/⟨U\+([0-9A-F]+)⟩/g,
				(/** @type {string} */ _, /** @type {string} */ digits) => {
					return `\\u{${Number.parseInt(digits, 16).toString(16)}}`;
				},
			);
			assert.equal(escapeForTerminal(text), escaped);
		});
	}

	it("makes two texts that differ only in joiners look different", () => {
		const parts = ["\u200c", "\u200d", "\ufe0f", "می", "क्", "👨", "a", " "];
		/** @type {Map<string, string>} */
		const texts = new Map();
		const combine = (/** @type {string} */ text, /** @type {number} */ length) => {
			const escaped = escapeForTerminal(text);
			assert.equal(texts.get(escaped) ?? text, text);
			texts.set(escaped, text);
			// An unescaped joiner affects both neighbours, so it is never the first or last character.
			assert.doesNotMatch(escaped, /^(?:\u200c|\u200d|\ufe0f)|(?:\u200c|\u200d)$|(?:\u200c|\u200d){2}/u);
			if (length > 0) {
				for (const part of parts) {
					combine(text + part, length - 1);
				}
			}
		};
		combine("", 4);
	});

	it("takes linear time, even for a text of marks only", () => {
		assert.equal(escapeForTerminal("می\u200c".repeat(50_000)).length, 50_000 * 3 + "\\u{200c}".length - 1);
	});

	it("knows the characters of its version of Unicode", { skip: unicodeIsAnother() }, () => {
		const named =
			/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/u;
		// Signs before numbers and verses are visible, although their category is format.
		const seen = /[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}]/u;
		for (let code = 0; code <= 0x10ffff; code += 1) {
			const character = String.fromCodePoint(code);
			const isEscaped = escapeForTerminal(character) !== character;
			assert.equal(isEscaped, named.test(character) && !seen.test(character), code.toString(16));
		}
	});

	it("leaves text of any script as it is", () => {
		const text = "C:\\Users\\Zoë/データ/ملف/🙂 (1).jsonl";
		assert.equal(escapeForTerminal(text), text);
	});
});

describe("jsonForTerminal", () => {
	const hostile = { name: "a\u001b[2J\u009b\u202e\u2028\ud83d\u{e0041}\nb", list: [1, null] };

	it("contains no control characters except line breaks", () => {
		assert.match(jsonForTerminal(hostile), /^[\n\u{20}-\u{7e}]*$/u);
	});

	it("parses to the same value", () => {
		assert.deepEqual(JSON.parse(jsonForTerminal(hostile)), hostile);
	});
});
