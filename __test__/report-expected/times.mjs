/** Times with nanoseconds. */

const dateTime = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const latest = 2n ** 63n - 1n;
export const day = 86_400_000_000_000n;

/**
 * @param {string} text RFC 3339
 * @returns {bigint | undefined} nanoseconds since 1970; `undefined` before 1970 and if they do not fit an `i64`
 */
export function nanosecondsOf(text) {
	const found = dateTime.exec(text);
	if (found === null) {
		throw new Error(`${text} is not a time`);
	}
	const [year, month, date, hour, minute, second] = found.slice(1, 7).map(Number);
	const fraction = (found[7] ?? "").padEnd(9, "0").slice(0, 9);
	const offsetMinutes = Number(found[9] ?? 0) * 60 + Number(found[10] ?? 0);
	const days = new Date(0).setUTCFullYear(year ?? 0, (month ?? 0) - 1, date);
	const clockSeconds = (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0);
	const eastSeconds = (found[8] === "-" ? -1 : 1) * offsetMinutes * 60;
	const seconds = BigInt(days / 1000 + clockSeconds - eastSeconds);
	const nanoseconds = seconds * 1_000_000_000n + BigInt(fraction);
	return nanoseconds >= 0n && nanoseconds <= latest ? nanoseconds : undefined;
}

/**
 * @param {bigint} nanoseconds since 1970
 * @returns {string} RFC 3339 with at least three fractional digits, and no further trailing zeros
 */
export function timeText(nanoseconds) {
	const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
	const fraction = String(nanoseconds % 1_000_000_000n).padStart(9, "0");
	return `${seconds}.${fraction.slice(0, 3)}${fraction.slice(3).replace(/0+$/, "")}Z`;
}

/**
 * @param {bigint} nanoseconds since 1970
 * @returns {string} its day in UTC
 */
export function dayText(nanoseconds) {
	return timeText(nanoseconds).slice(0, 10);
}
