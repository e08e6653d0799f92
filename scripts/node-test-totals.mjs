/**
 * Reads the totals at the end of the output of Node's test runner.
 *
 * @param {string} output without colours
 * @returns {{ passed: number, failed: number, skipped: number }} cancelled tests count as failed
 */
export function nodeTestTotals(output) {
	const total = (/** @type {string} */ name) =>
		Number(output.match(new RegExp(`^\\S+ ${name} (\\d+)$`, "m"))?.[1] ?? 0);
	return { passed: total("pass"), failed: total("fail") + total("cancelled"), skipped: total("skipped") };
}
