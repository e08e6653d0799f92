/** The list of bad lines: neighbours of a file with the same reason are one entry. */

/**
 * @param {import("../../index.js").ExportSummary["badLineSamples"]} lines
 * @returns {string[]}
 */
export function expectedBadLines(lines) {
	/** @type {{ file: string, first: number, last: number, reason: string }[]} */
	const runs = [];
	for (const { file, line, reason } of lines) {
		const run = runs.at(-1);
		if (run?.file === file && run.reason === reason && run.last === line - 1) {
			run.last = line;
		} else {
			runs.push({ file, first: line, last: line, reason });
		}
	}
	return runs.map(({ file, first, last, reason }) => {
		const [from, to] = [first, last].map((line) => line.toLocaleString("en"));
		return `${file}, ${from === to ? `line ${from}` : `lines ${from}–${to}`}: ${reason}`;
	});
}
