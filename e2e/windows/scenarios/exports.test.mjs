/** Exports on Windows are the same as on Linux, byte for byte. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { temporaryDirectory } from "../../../scripts/testing/temporary-directory.mjs";
import { readZip } from "../../../scripts/zip.mjs";
import { linuxExportsFolder } from "../environment.mjs";
import { exportSamples, sampleDirectories, sampleExport, sampleFormats } from "../sample-exports.mjs";

describe("an export on Windows has the bytes of an export on Linux", () => {
	const folders = { linux: linuxExportsFolder(), windows: "" };

	before(async () => {
		folders.windows = temporaryDirectory({ after });
		await exportSamples(folders.windows);
	});

	for (const directory of sampleDirectories) {
		for (const { format, extension } of sampleFormats) {
			it(`${directory}, ${format}`, () => {
				const windows = sampleExport(folders.windows, directory, extension);
				const linux = sampleExport(folders.linux, directory, extension);
				if (format === "otlp") {
					assert.deepEqual(zipContents(windows), zipContents(linux));
				} else {
					assert.ok(readFileSync(windows).equals(readFileSync(linux)));
				}
			});
		}
	}
});

/**
 * @param {string} file
 * @returns {{ name: string, content: string }[]} without the times of the entries
 */
function zipContents(file) {
	const contents = readZip(file).map(({ name, content }) => ({
		name,
		content: content().toString("latin1"),
	}));
	assert.ok(contents.length > 1, file);
	return contents;
}
