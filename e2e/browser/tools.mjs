/**
 * Installs what these tests need in addition to the repository's own packages: Chromium, axe, Playwright, fonts, and tools
 * that read PDF. What is present and not older than the lock file stays.
 */

import path from "node:path";
import { fileURLToPath } from "node:url";
import { isProgram } from "../../scripts/programs.mjs";
import { installNodePackages } from "../../scripts/set-up.mjs";
import { chromiumPackages } from "../../scripts/testing/chromium.mjs";
import { installDebianPackages } from "../../scripts/testing/debian-packages.mjs";
import { fontPackages } from "./chromium/fonts.mjs";

/** The folder of this suite. */
export const browserFolder = path.dirname(fileURLToPath(import.meta.url));
/** Pictures and PDFs of a run, for people to look at. */
export const artifactsFolder = path.join(browserFolder, "artifacts");
/** Defines `axe` in a page. */
export const axeFile = path.join(browserFolder, "node_modules", "axe-core", "axe.min.js");

/** Installs what is missing. The installers print to standard error. */
export function installTools() {
	installDebianPackages([
		...chromiumPackages,
		...fontPackages,
		{ command: "pdftotext", name: "poppler-utils" },
	]);
	installNodePackages(browserFolder, "the packages of the browser tests");
}

if (isProgram(import.meta.url)) {
	installTools();
}
