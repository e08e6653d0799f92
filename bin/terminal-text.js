/**
 * Makes text from elsewhere, such as file names and error messages, safe to print on a terminal.
 *
 * `escaped-characters.json` lists the characters to escape. It also lists where an invisible character stays, because it
 * is part of a word or an emoji. The report follows the same list.
 */

"use strict";

const rule = require("./escaped-characters.json");

const unsafeCharacter = new RegExp(`[${classOf(rule.escaped)}]`, "u");

/** @typedef {{ marks: RegExp, before: RegExp, between: RegExp | undefined, after: RegExp | undefined }} Spelling */

/** @type {Spelling[]} */
const spellings = rule.spelling.map(
	(/** @type {{ marks: string, before: string, between?: string, after?: string }} */ spelling) => ({
		marks: oneOf(spelling.marks),
		before: oneOf(spelling.before),
		between: spelling.between === undefined ? undefined : oneOf(spelling.between),
		after: spelling.after === undefined ? undefined : oneOf(spelling.after),
	}),
);

/**
 * @param {string} text
 * @returns {string} the text, in which each character that a terminal would obey or hide is escaped, such as `\u{202e}`
 */
function escapeForTerminal(text) {
	return replaceUnsafe(text, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * Formats a value as JSON that is safe to print. Unsafe characters become JSON escapes, so the parsed value is the same.
 *
 * @param {unknown} value
 * @returns {string} indented JSON text
 */
function jsonForTerminal(value) {
	// The only line breaks are those between members: JSON.stringify has escaped the ones in strings.
	return replaceUnsafe(JSON.stringify(value, null, 2), (character) =>
		character === "\n" ? character : utf16Escapes(character),
	);
}

/**
 * @param {string} text
 * @param {(character: string) => string} escapeOf
 * @returns {string}
 */
function replaceUnsafe(text, escapeOf) {
	if (!unsafeCharacter.test(text)) {
		return text;
	}
	const characters = Array.from(text);
	let wasShown = true;
	return characters
		.map((character, at) => {
			wasShown = !unsafeCharacter.test(character) || (wasShown && isPartOfSpelling(characters, at));
			return wasShown ? character : escapeOf(character);
		})
		.join("");
}

/**
 * @param {string[]} characters
 * @param {number} at the index of an unsafe character after one that is shown as it is
 * @returns {boolean} whether it forms a word or an emoji with its neighbours
 */
function isPartOfSpelling(characters, at) {
	return spellings.some(({ marks, before, between, after }) => {
		if (!marks.test(characters[at] ?? "")) {
			return false;
		}
		/** @type {(step: 1 | -1) => string} */
		const neighbour = (step) => {
			let place = at + step;
			while (between?.test(characters[place] ?? "")) {
				place += step;
			}
			return characters[place] ?? "";
		};
		return before.test(neighbour(-1)) && (after === undefined || after.test(neighbour(1)));
	});
}

/**
 * @param {string} ranges such as `0000-001F 00AD`
 * @returns {string} the ranges in the syntax of a character class of a regular expression
 */
function classOf(ranges) {
	return ranges.replace(/[0-9A-F]+/g, "\\u{$&}").replaceAll(" ", "");
}

/**
 * @param {string} ranges
 * @returns {RegExp} matches a single character in the ranges
 */
function oneOf(ranges) {
	return new RegExp(`^[${classOf(ranges)}]$`, "u");
}

/**
 * @param {string} character
 * @returns {number}
 */
function codePoint(character) {
	return /** @type {number} */ (character.codePointAt(0));
}

/**
 * @param {string} character
 * @returns {string} JSON's escapes, one for each UTF-16 unit
 */
function utf16Escapes(character) {
	return Array.from({ length: character.length }, (_, unit) => {
		return `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
	}).join("");
}

module.exports = { escapeForTerminal, jsonForTerminal };
