/** Formats numbers for the performance page. A value that was not measured is a dash. */

import byteSize from "../../bin/byte-size.js";

export const unmeasured = "–";
export const mebibyte = 2 ** 20;

/**
 * @template Value
 * @param {(value: Value) => string} write
 * @returns {(value: Value | undefined) => string}
 */
function orDash(write) {
	return (value) => (value === undefined ? unmeasured : write(value));
}

export const seconds = orDash((/** @type {number} */ value) => {
	const decimals = value < 999.5 ? 3 : value < 9_995 ? 2 : 1;
	return `${(value / 1000).toFixed(decimals)} s`;
});
export const milliseconds = orDash((/** @type {number} */ value) =>
	value < 9.995 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`,
);
export const mebibytes = orDash((/** @type {number} */ bytes) => `${(bytes / mebibyte).toFixed(1)} MiB`);
export const size = orDash(byteSize.formatByteSize);
export const times = orDash(
	(/** @type {number} */ ratio) => `${ratio < 9.95 ? ratio.toFixed(2) : ratio.toFixed(1)}×`,
);
export const perMegabyte = orDash((/** @type {number} */ value) => `${value.toFixed(1)} ms/MB`);
export const percent = orDash((/** @type {number} */ share) => `${(share * 100).toFixed(2)} %`);
