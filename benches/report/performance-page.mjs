/** Writes results into the documentation. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../scripts/set-up.mjs";

const page = path.join(repository, "docs", "performance.md");
const plotFile = path.join(repository, "docs", "performance.svg");
const begin = "<!-- bench:begin -->";
const end = "<!-- bench:end -->";
const emptyPage = `# Performance\n\n${begin}\n${end}\n`;

/**
 * Writes the results between the markers of the page, and the plot beside it. Text outside the markers stays.
 *
 * @param {string} results Markdown
 * @param {string} plot SVG
 * @returns {string[]} the files written
 * @throws {Error} if the page has no markers
 */
export function writePage(results, plot) {
	const text = existsSync(page) ? readFileSync(page, "utf8") : emptyPage;
	const [first, last] = [text.indexOf(begin), text.indexOf(end)];
	if (first < 0 || last < first) {
		throw new Error(`${page} has no ${begin} before ${end}`);
	}
	writeFileSync(page, `${text.slice(0, first + begin.length)}\n\n${results.trim()}\n\n${text.slice(last)}`);
	writeFileSync(plotFile, plot);
	return [page, plotFile].map((file) => path.relative(repository, file));
}
