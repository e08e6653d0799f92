/**
 * The fonts of the browser. Pages ask for the fonts of the system, which differ in width by a third, so the tests decide
 * which fonts the system has.
 */

import { writeFileSync } from "node:fs";
import path from "node:path";

/** Debian packages with the fonts, besides those that every Chromium gets. */
export const fontPackages = [
	{
		file: "/usr/share/fonts/truetype/roboto/unhinted/RobotoCondensed-Regular.ttf",
		name: "fonts-roboto-unhinted",
	},
];

/** @typedef {"wide" | "narrow"} Width */

/** DejaVu Sans is as wide as Verdana. @type {Record<Width, { text: string, monospace: string }>} */
export const fonts = {
	wide: { text: "DejaVu Sans", monospace: "DejaVu Sans Mono" },
	narrow: { text: "Roboto Condensed", monospace: "Roboto Condensed" },
};

/**
 * @param {string} folder for the configuration
 * @param {Width} width
 * @returns {NodeJS.ProcessEnv} variables that make these fonts the fonts of the system
 */
export function fontVariables(folder, width) {
	const { text, monospace } = fonts[width];
	const families = [
		["system-ui", text],
		["sans-serif", text],
		["serif", text],
		["monospace", monospace],
	];
	const rules = families.map(
		([asked, given]) =>
			`<match target="pattern"><test name="family"><string>${asked}</string></test>` +
			`<edit name="family" mode="prepend" binding="strong"><string>${given}</string></edit></match>`,
	);
	const file = path.join(folder, `fonts-${width}.conf`);
	writeFileSync(
		file,
		'<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n' +
			`<include>/etc/fonts/fonts.conf</include>\n${rules.join("\n")}\n</fontconfig>\n`,
	);
	return { FONTCONFIG_FILE: file };
}
