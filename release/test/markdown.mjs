/** Reads the pages of this repository and finds parts of them. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

/** @param {string} file from the top of the repository */
export function read(file) {
	return readFileSync(path.join(repository, file), "utf8");
}

/**
 * @param {string} markdown
 * @param {string} title of a heading, as it is written
 * @returns {string} the text between it and the next heading of the same or a higher rank
 */
export function section(markdown, title) {
	const [, rank = "", text = ""] = markdown.split(
		new RegExp(`^(#+) ${title.replaceAll(/[()]/g, "\\$&")}$`, "m"),
	);
	return text.split(new RegExp(`^#{1,${rank.length}} `, "m"), 1)[0] ?? "";
}

/**
 * @param {string} markdown
 * @param {string} language
 * @returns {string[]} the code blocks of that language
 */
export function codeBlocks(markdown, language) {
	return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
		([, code = ""]) => code,
	);
}
