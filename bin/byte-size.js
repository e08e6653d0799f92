/** Sizes as people write and read them: `900kB`, `5 MiB`, `3500000`. */

"use strict";

/** Bytes in each unit, by its name in lower case: powers of 1,000, and of 1,024 where the name has an `i`. */
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
 * Reads a size. Units may stand in any case and after a space; without one the number is of bytes.
 *
 * @param {string} text such as `900kB`, `1.5 MiB` or `3500000`
 * @returns {number | undefined} the size in whole bytes, rounded; nothing where the text is no size
 */
function parseByteSize(text) {
	const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
	const bytes = Math.round(Number(digits) * (unitBytes.get(unit.toLowerCase()) ?? Number.NaN));
	return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Writes a size for people, in powers of 1,000 and with three significant digits.
 *
 * @param {number} bytes
 * @param {number} [maximumDecimals] fewer digits behind the point, for places where room is short
 * @returns {string} such as `0 B`, `999 B`, `1.23 kB`, `45.6 MB`
 */
function formatByteSize(bytes, maximumDecimals = 2) {
	const units = ["B", "kB", "MB", "GB"];
	let size = bytes;
	let unit = 0;
	// 999.5 would be written as 1000, which is one of the next unit.
	while (size >= 999.5 && unit < units.length - 1) {
		size /= 1000;
		unit += 1;
	}
	const decimals = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
	return `${size.toFixed(Math.min(decimals, maximumDecimals))} ${units[unit]}`;
}

module.exports = { parseByteSize, formatByteSize };
