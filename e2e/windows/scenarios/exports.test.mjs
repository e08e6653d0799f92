/** Exports on Windows are the same as on Linux, byte for byte. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { temporaryDirectory } from "../../../scripts/testing/temporary-directory.mjs";
import { readZip } from "../../../scripts/zip.mjs";
import { linuxExportsFolder } from "../environment.mjs";
import { exportSamples, sampleDirectories, sampleExport, sampleFormats } from "../sample-exports.mjs";

describe("an export on Windows has the bytes of an export on Linux", () => {
	const folders = { linux: linuxExportsFolder(), windows: temporaryDirectory({ after }) };

	before(() => exportSamples(folders.windows));

	for (const directory of sampleDirectories) {
		for (const { format, extension } of sampleFormats) {
			it(`${directory}, ${format}`, () => {
				const contentOn = (/** @type {string} */ folder) =>
					contentOf(format, sampleExport(folder, directory, extension));
				assert.deepEqual(contentOn(folders.windows), contentOn(folders.linux));
			});
		}
	}
});

/** Where each format has the moment of the export. */
const exportTime = {
	otlp: /(?<="exportedAt":")[^"]+/,
	html: /(?<=Made at<\/th><td[^>]*>)<time datetime="[^"]+">[^<]+<\/time>/,
};

/**
 * @param {"json" | "otlp" | "html"} format
 * @param {string} file
 * @returns {unknown} all of its content but the moment of the export; of a zip without the times of its entries
 */
function contentOf(format, file) {
	if (format === "json") {
		return readFileSync(file, "latin1");
	}
	if (format === "html") {
		return withoutTime(readFileSync(file, "latin1"), exportTime.html);
	}
	return readZip(file).map(({ name, content }) => {
		const text = content().toString("latin1");
		return { name, text: name === "manifest.json" ? withoutTime(text, exportTime.otlp) : text };
	});
}

/**
 * @param {string} text
 * @param {RegExp} time
 */
function withoutTime(text, time) {
	assert.match(text, time);
	return text.replace(time, "");
}
