/** Finds parts of Markdown pages. */

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
