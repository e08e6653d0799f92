/**
 * Text from elsewhere, such as file names and the reasons of errors, made safe to print on a terminal.
 *
 * `escaped-characters.json` holds the rule, which the report shares: what to escape, and where a character that nobody sees
 * stays because it spells a word or an emoji.
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
 * @returns {string} the same text with every character spelled out that a terminal would obey or hide instead of show,
 *   such as `\u{202e}`
 */
function escapeForTerminal(text) {
	return replaceUnsafe(text, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * Writes a value as JSON that is safe to print: JSON has escapes of its own, so what a reader parses is the same.
 *
 * @param {unknown} value
 * @returns {string} indented JSON text
 */
function jsonForTerminal(value) {
	// Controls inside the strings are escaped already; the line ends between the members are meant.
	return replaceUnsafe(JSON.stringify(value, null, 2), (character) =>
		character === "\n" ? character : utf16Escapes(character),
	);
}

/**
 * @param {string} text
 * @param {(character: string) => string} spelledOut
 * @returns {string}
 */
function replaceUnsafe(text, spelledOut) {
	if (!unsafeCharacter.test(text)) {
		return text;
	}
	const characters = Array.from(text);
	let wasShown = true;
	return characters
		.map((character, at) => {
			wasShown = !unsafeCharacter.test(character) || (wasShown && spells(characters, at));
			return wasShown ? character : spelledOut(character);
		})
		.join("");
}

/**
 * @param {string[]} characters
 * @param {number} at the place of one that is unsafe by itself, behind one that is shown
 * @returns {boolean} whether it spells a word or an emoji together with its neighbours
 */
function spells(characters, at) {
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
 * @returns {string} the same between the brackets of a regular expression
 */
function classOf(ranges) {
	return ranges.replace(/[0-9A-F]+/g, "\\u{$&}").replaceAll(" ", "");
}

/**
 * @param {string} ranges
 * @returns {RegExp} that matches one character in them
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
