/**
 * What these tests need beside the repository's own packages: a browser, a judge of accessibility, and readers of PDF.
 * Installed where they are missing or older than the lock file.
 */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { isProgram } from "../../scripts/programs.mjs";
import { packagesAreCurrent, run } from "../../scripts/set-up.mjs";
import { chromiumPackages } from "../../scripts/testing/chromium.mjs";
import { installDebianPackages } from "../../scripts/testing/debian-packages.mjs";

/** The folder of these tests. */
export const browserFolder = path.dirname(fileURLToPath(import.meta.url));
/** What a run leaves to be looked at. */
export const artifactsFolder = path.join(browserFolder, "artifacts");
/** The script that brings `axe` into a page. */
export const axeFile = path.join(browserFolder, "node_modules", "axe-core", "axe.min.js");

/** No installation takes longer, even on a slow connection. */
const timeout = 600_000;

/** Installs what is missing. What the installers print goes to standard error. */
export function installTools() {
	installDebianPackages([...chromiumPackages, { command: "pdftotext", name: "poppler-utils" }]);
	if (!packagesAreCurrent(path.join(browserFolder, "package-lock.json"))) {
		console.error("Installing the packages of the browser tests…");
		const words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
		run("npm", words, { cwd: browserFolder, timeout });
	}
}

if (isProgram(import.meta.url)) {
	installTools();
}
