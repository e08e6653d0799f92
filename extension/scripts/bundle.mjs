/** Makes one file of the extension's sources. The addon stays beside it: native code cannot be bundled. */

import path from "node:path";
import { build } from "esbuild";
import { extensionFolder } from "./folders.mjs";

/** Where the bundle finds the addon, relative to itself. */
export const addonFolder = "native";

/**
 * @param {string} outputFolder where `extension.js` is written, with a `native` folder to come beside it
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundle(outputFolder) {
	const { metafile } = await build({
		absWorkingDir: extensionFolder,
		entryPoints: ["src/extension.ts"],
		outfile: path.join(outputFolder, "extension.js"),
		bundle: true,
		platform: "node",
		format: "cjs",
		// Node of the oldest editor that package.json allows.
		target: "node22",
		external: ["vscode"],
		plugins: [addonBesideTheBundle],
		minify: true,
		// Names in stack traces are what a bug report has.
		keepNames: true,
		legalComments: "none",
		logLevel: "warning",
		metafile: true,
	});
	return Object.keys(metafile.inputs).map((input) => path.resolve(extensionFolder, input));
}

/** @type {import("esbuild").Plugin} */
const addonBesideTheBundle = {
	name: "addon beside the bundle",
	setup({ onResolve }) {
		onResolve({ filter: /^coder-telemetry-export$/ }, () => ({
			path: `./${addonFolder}/index.js`,
			external: true,
		}));
	},
};
