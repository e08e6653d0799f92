/** Inclusive limits of the numeric options, the same as in the addon. */

"use strict";

const optionLimits = Object.freeze({
	maxRequestBytes: { min: 65_536, max: 67_108_864 },
	compressionLevel: { min: 0, max: 9 },
	graceDays: { min: 0, max: 7 },
	threads: { min: 1, max: 2 ** 16 },
});

module.exports = { optionLimits };
