/** Prints tables for the terminal and as Markdown. */

/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string} [note] explanation above the table
 * @property {string[]} columns the first contains text, the others numbers
 * @property {string[][]} rows
 */

/**
 * @param {Table} table
 * @returns {string}
 */
export function terminalTable({ title, note, columns, rows }) {
	const widths = columns.map((name, column) =>
		Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const line = (/** @type {string[]} */ cells) =>
		cells
			.map((cell, column) =>
				column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
			)
			.join("  ")
			.trimEnd();
	const rule = widths.map((width) => "─".repeat(width)).join("  ");
	return [title, "", ...paragraph(note), line(columns), rule, ...rows.map(line), ""].join("\n");
}

/**
 * @param {Table} table
 * @returns {string}
 */
export function markdownTable({ title, note, columns, rows }) {
	const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
	const rule = columns.map((_, column) => (column === 0 ? "---" : "---:"));
	return [`### ${title}`, "", ...paragraph(note), line(columns), line(rule), ...rows.map(line), ""].join(
		"\n",
	);
}

/** @param {string | undefined} note */
function paragraph(note) {
	return note === undefined ? [] : [note, ""];
}
