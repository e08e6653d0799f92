/** Bundles the extension's sources into one file. The addon stays beside it, because native code cannot be bundled. */

import path from "node:path";
import { build } from "esbuild";
import { extensionFolder } from "./folders.mjs";

/** The folder of the addon, relative to the bundle. */
export const addonFolder = "native";

/**
 * @param {string} outputFolder the folder for `extension.js`
 * @returns {Promise<string[]>} the source files of the bundle
 */
export async function bundle(outputFolder) {
	const { metafile } = await build({
		absWorkingDir: extensionFolder,
		entryPoints: ["src/extension.ts"],
		outfile: path.join(outputFolder, "extension.js"),
		bundle: true,
		platform: "node",
		format: "cjs",
		// The Node of the oldest editor that package.json allows.
		target: "node22",
		external: ["vscode"],
		plugins: [addonBesideTheBundle],
		minify: true,
		// Bug reports contain stack traces, which should have the original names.
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
