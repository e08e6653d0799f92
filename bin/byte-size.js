/** Parses and formats sizes such as `900kB`, `5 MiB` and `3500000`. */

"use strict";

/** The number of bytes in each unit, by its lower-case name. */
const unitBytes = new Map([
	["", 1],
	["b", 1],
	["kb", 1e3],
	["mb", 1e6],
	["gb", 1e9],
	["kib", 2 ** 10],
	["mib", 2 ** 20],
	["gib", 2 ** 30],
]);

/**
 * Parses a size. The unit may be in any case and may follow a space. A number without a unit is in bytes.
 *
 * @param {string} text such as `900kB`, `1.5 MiB` or `3500000`
 * @returns {number | undefined} the size, rounded to whole bytes; undefined if the text is not a size
 */
function parseByteSize(text) {
	const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
	const bytes = Math.round(Number(digits) * (unitBytes.get(unit.toLowerCase()) ?? Number.NaN));
	return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Formats a size in powers of 1,000, with three significant digits.
 *
 * @param {number} bytes
 * @param {number} [maximumDecimals] digits after the point, at most; for narrow places
 * @returns {string} such as `0 B`, `999 B`, `1.23 kB`, `45.6 MB`
 */
function formatByteSize(bytes, maximumDecimals = 2) {
	const units = ["B", "kB", "MB", "GB"];
	let size = bytes;
	let unit = 0;
	// 999.5 would be rounded to 1000, which is 1 of the next unit.
	while (size >= 999.5 && unit < units.length - 1) {
		size /= 1000;
		unit += 1;
	}
	const decimals = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
	return `${size.toFixed(Math.min(decimals, maximumDecimals))} ${units[unit]}`;
}

module.exports = { parseByteSize, formatByteSize };
