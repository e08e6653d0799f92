/**
 * Reads the totals that Node's test runner prints last.
 *
 * @param {string} output without colours
 * @returns {{ passed: number, failed: number, skipped: number }} tests that were cancelled have failed
 */
export function nodeTestTotals(output) {
	const total = (/** @type {string} */ name) =>
		Number(output.match(new RegExp(`^\\S+ ${name} (\\d+)$`, "m"))?.[1] ?? 0);
	return { passed: total("pass"), failed: total("fail") + total("cancelled"), skipped: total("skipped") };
}
