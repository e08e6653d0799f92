/** The expected HTTP requests and connections. */

import { memberOf, statusClass } from "./events.mjs";
import { descending, FirstRows } from "./first-rows.mjs";
import { dayText, timeText } from "./times.mjs";
import { empty, exact, percentiles, text, time } from "./values.mjs";

/** @typedef {import("./events.mjs").TelemetryEvent} TelemetryEvent */
/** @typedef {import("./events.mjs").Measured} Measured */
/** @typedef {import("./values.mjs").ExpectedCell} ExpectedCell */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */

const classesAtMost = 12;
const routesAtMost = 500;
const seriesAtMost = 4;
const stepsAtMost = 96;

/** The columns of durations, with their measurements. */
const durationTitles = new Map([
	["avg_duration_ms", "Average"],
	["duration.avg_ms", "Average"],
	["p50_duration_ms", "Median"],
	["duration.p50_ms", "Median"],
	["p95_duration_ms", "95th percentile"],
	["duration.p95_ms", "95th percentile"],
	["p99_duration_ms", "99th percentile"],
	["duration.p99_ms", "99th percentile"],
]);
const durationColumns = [...new Set(durationTitles.values())];

/** A sum of requests. It is exact if all counts are whole numbers and the sum fits an `i64`. */
class Requests {
	#whole = 0n;
	#float = 0;
	#isFloat = false;

	/** @param {bigint | number} count */
	add(count) {
		if (typeof count === "bigint") {
			this.#whole += count;
		} else {
			this.#float += count;
			this.#isFloat = true;
		}
	}

	/** @param {Requests} requests */
	addAll(requests) {
		this.#whole += requests.#whole;
		this.#float += requests.#float;
		this.#isFloat ||= requests.#isFloat;
	}

	get number() {
		return Number(this.#whole) + this.#float;
	}

	/** @returns {ExpectedCell} */
	get cell() {
		const isExact = !this.#isFloat && this.#whole < 2n ** 63n;
		return isExact ? exact(this.#whole) : { kind: "rounded", number: this.number };
	}
}

/**
 * Requests by status class, and requests of classes beyond the limit.
 *
 * @typedef {{ classes: Map<string, Requests>, other: Requests }} RequestCounts
 */

/** @returns {RequestCounts} */
function noRequests() {
	return { classes: new Map(), other: new Requests() };
}

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable[]}
 */
export function expectedRequests(events) {
	/** @type {FirstRows<{ name: string | undefined }>} */
	const classes = new FirstRows(classesAtMost, ([name]) => ({ name }));
	/** @type {Map<string, RequestCounts>} */
	const days = new Map();
	const routes = new FirstRows(routesAtMost, (names) => ({
		names,
		requests: noRequests(),
		/** @type {Map<string, { sum: number, weight: number }>} */
		durations: new Map(),
	}));
	for (const event of events) {
		if (event.name !== "http.requests" || event.signal !== "metrics") {
			continue;
		}
		const [method = "", route = ""] = ["method", "route"].map((name) => memberOf(event.properties, name));
		const row = routes.row(method, route);
		const day = days.get(dayText(event.time)) ?? noRequests();
		days.set(dayText(event.time), day);
		let weight = 0;
		for (const point of event.points) {
			const found = statusClass(point.key);
			if (found !== undefined) {
				const { name } = classes.row(found);
				count(day, name, point);
				count(row.requests, name, point);
				weight += point.value;
			}
		}
		for (const { key, value } of event.points) {
			const title = durationTitles.get(key);
			if (title !== undefined && weight > 0) {
				const mean = row.durations.get(title) ?? { sum: 0, weight: 0 };
				row.durations.set(title, { sum: mean.sum + value * weight, weight: mean.weight + weight });
			}
		}
	}

	const classNames = inOrder(classes.rows.map(({ name }) => name ?? ""));
	/** @param {RequestCounts} counts */
	const classCells = ({ classes: counts, other }) => {
		/** @type {ExpectedRow} */
		const cells = Object.fromEntries(
			classNames.map((name) => [name, (counts.get(name) ?? new Requests()).cell]),
		);
		return classes.other === undefined ? cells : { ...cells, [otherClasses]: other.cell };
	};
	const titles = classes.other === undefined ? classNames : [...classNames, otherClasses];
	const dayRows = [...days]
		.filter(([, counts]) => sum(counts).number > 0)
		.toSorted()
		.map(([day, counts]) => ({ ...classCells(counts), Day: time(day), Total: sum(counts).cell }));
	/** @param {ReturnType<typeof routes.row>} row */
	const routeRow = ({ names: [method, route], requests, durations }) => {
		/** @type {ExpectedRow} */
		const cells = { ...classCells(requests), Requests: sum(requests).cell };
		for (const title of durationColumns) {
			const mean = durations.get(title);
			cells[title] = mean === undefined ? empty : { kind: "rounded", number: mean.sum / mean.weight };
		}
		return method === undefined ? cells : { Method: text(method), Route: text(route ?? ""), ...cells };
	};
	const routeRows = routes.rows
		.toSorted((one, other) => sum(other.requests).number - sum(one.requests).number)
		.map(routeRow);
	const other = routes.other && { other: routeRow(routes.other) };
	return [
		{ id: "request-days", titles: ["Day", ...titles, "Total"], groups: [{ rows: dayRows }] },
		{
			id: "routes",
			titles: ["Method", "Route", "Requests", ...titles, ...durationColumns],
			groups: [{ rows: routeRows, ...other }],
		},
	];
}

/**
 * @param {string[]} classes
 * @returns {string[]} classes of HTTP first, then others in order of appearance
 */
function inOrder(classes) {
	const isOfHttp = (/** @type {string} */ name) => /^[1-5]xx$/.test(name);
	return [...classes.filter(isOfHttp).sort(), ...classes.filter((name) => !isOfHttp(name))];
}

/** The column for classes beyond the limit. */
export const otherClasses = "other";

/**
 * @param {RequestCounts} counts
 * @param {string | undefined} name the class; `undefined` for classes beyond the limit
 * @param {Measured} point
 */
function count(counts, name, { spelled, value }) {
	const requests = name === undefined ? counts.other : (counts.classes.get(name) ?? new Requests());
	requests.add(wholeNumber(spelled) ?? value);
	if (name !== undefined) {
		counts.classes.set(name, requests);
	}
}

/** @param {RequestCounts} counts */
function sum({ classes, other }) {
	const sum = new Requests();
	for (const requests of [...classes.values(), other]) {
		sum.addAll(requests);
	}
	return sum;
}

/**
 * @param {string} spelled a JSON number that is not negative
 * @returns {bigint | undefined} the number, if it is whole and fits an `i64`
 */
function wholeNumber(spelled) {
	const [, digits = "", fraction = "", exponent = "0"] =
		/^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(spelled) ?? [];
	const zeros = Number(exponent) - fraction.length;
	const all = `${digits}${fraction}`;
	if (/^0*$/.test(all)) {
		return 0n;
	}
	if (zeros > 19 || (zeros < 0 && !/^0*$/.test(all.slice(zeros)))) {
		return undefined;
	}
	const whole = BigInt(zeros < 0 ? all.slice(0, zeros) : all + "0".repeat(zeros));
	return whole < 2n ** 63n ? whole : undefined;
}

const minute = 60_000_000_000n;
const hour = 60n * minute;
const day = 24n * hour;
/** Possible lengths of a step. The shortest that keeps the limit of steps is used. */
const widths = [
	minute,
	5n * minute,
	15n * minute,
	hour,
	6n * hour,
	day,
	7n * day,
	28n * day,
	364n * day,
	3640n * day,
];

/** Suffixes of latencies and throughputs, with their units. */
const units = /** @type {const} */ ([
	["_ms", "ms"],
	["Ms", "ms"],
	["_mbits", "Mbit/s"],
	["Mbits", "Mbit/s"],
]);

/**
 * @param {TelemetryEvent[]} events
 * @returns {ExpectedTable[]}
 */
export function expectedSeries(events) {
	const series = new FirstRows(seriesAtMost, ([name, unit]) => ({
		name,
		unit,
		/** @type {{ time: bigint, value: number }[]} */
		values: [],
	}));
	for (const { name, signal, points, time } of events) {
		if (name === "http.requests" || signal !== "metrics") {
			continue;
		}
		const named = new Set();
		for (const { key, value } of points) {
			const found = units.find(([suffix]) => key.endsWith(suffix) && key !== suffix);
			if (found !== undefined) {
				const [suffix, unit] = found;
				const name = key.slice(0, -suffix.length);
				// The second measurement with the same name and unit in an event keeps its key and has no unit.
				if (!named.has(`${unit} ${name}`)) {
					series.row(name, unit).values.push({ time, value });
				}
				named.add(`${unit} ${name}`);
			}
		}
	}
	const known = new Set(["latency", "download", "upload"]);
	return series.rows.map(({ name = "", unit = "", values }, index) => {
		// If a name has two units, the first one gets the name as its id.
		const isFirst = known.delete(name);
		return {
			id: `series-${isFirst ? name : index + 1}`,
			caption: `${name} in ${unit}`,
			titles: ["From", "Values", "5th percentile", "Median", "95th percentile"],
			groups: [{ rows: steps(values) }],
		};
	});
}

/**
 * @param {{ time: bigint, value: number }[]} values
 * @returns {ExpectedRow[]}
 */
function steps(values) {
	const fits = (/** @type {bigint} */ width) =>
		new Set(values.map(({ time }) => time / width)).size <= stepsAtMost;
	const width = widths.find(fits) ?? day;
	/** @type {Map<bigint, number[]>} */
	const byStep = new Map();
	for (const { time, value } of values) {
		const step = time / width;
		const found = byStep.get(step) ?? [];
		found.push(value);
		byStep.set(step, found);
	}
	return [...byStep]
		.toSorted(([one], [other]) => descending(other, one))
		.map(([step, values]) => {
			const [low, median, high] = percentiles(values, [5, 50, 95]);
			return {
				From: time(timeText(step * width)),
				Values: exact(values.length),
				"5th percentile": low ?? empty,
				Median: median ?? empty,
				"95th percentile": high ?? empty,
			};
		});
}
