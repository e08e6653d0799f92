/** The exact contents of a VSIX. */

/**
 * @param {string} addon the file name of the binary
 * @returns {string[]} the files of the installed extension, sorted
 */
export function extensionFiles(addon) {
	return [
		"LICENSE.txt",
		"THIRD-PARTY-LICENSES.txt",
		"changelog.md",
		"dist/extension.js",
		`dist/native/${addon}`,
		"dist/native/index.js",
		"dist/native/load-failure.js",
		"dist/native/package.json",
		"dist/native/platform-package.js",
		"media/date-range.png",
		"media/exported.png",
		"media/icon.png",
		"media/progress.png",
		"media/redaction.png",
		"package.json",
		"readme.md",
	].sort();
}
