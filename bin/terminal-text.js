/** Text from elsewhere, such as file names and the reasons of errors, made safe to print on a terminal. */

"use strict";

/**
 * Controls (of colours, the cursor, the window's title), marks that reorder or hide what surrounds them, line and
 * paragraph separators, and lone surrogates.
 */
const unsafeCharacters = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * @param {string} text
 * @returns {string} the same text with every character that a terminal would obey instead of show spelled out,
 *   such as `\u{202e}`
 */
function escapeForTerminal(text) {
	return text.replace(unsafeCharacters, (character) => `\\u{${codePoint(character).toString(16)}}`);
}

/**
 * Writes a value as JSON that is safe to print: JSON has escapes of its own, so what a reader parses is the same.
 *
 * @param {unknown} value
 * @returns {string} indented JSON text
 */
function jsonForTerminal(value) {
	// Controls inside the strings are escaped already; the line ends between the members are meant.
	return JSON.stringify(value, null, 2).replace(unsafeCharacters, (character) =>
		character === "\n" ? character : utf16Escapes(character),
	);
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
