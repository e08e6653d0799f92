/** Compares a page with the expected tables. */

import { grouped, rowsOf } from "../report-page.mjs";
import { otherClasses } from "./network.mjs";
import { percentileError } from "./values.mjs";

/** @typedef {import("../report-page.mjs").Page} Page */
/** @typedef {import("../report-page.mjs").Table} Table */
/** @typedef {import("../report-page.mjs").Row} Row */
/** @typedef {import("../report-page.mjs").Group} Group */
/** @typedef {import("../report-page.mjs").Cell} Cell */
/** @typedef {import("../report-page.mjs").Excerpt} Excerpt */
/** @typedef {import("./values.mjs").ExpectedTable} ExpectedTable */
/** @typedef {import("./values.mjs").ExpectedGroup} ExpectedGroup */
/** @typedef {import("./values.mjs").ExpectedRow} ExpectedRow */
/** @typedef {import("./values.mjs").ExpectedCell} ExpectedCell */

/** Most characters that are shown of a name, a key or a value. */
const shownCharacters = 80;

/** Tables that are compared with rows of the page itself, by the tests. */
const ownTables = new Set(["marks"]);

/**
 * @param {Page} page
 * @param {ExpectedTable[]} expected
 * @returns {string[]} descriptions of all differences; empty if the page is right
 */
export function differences(page, expected) {
	const found = expected.flatMap((table) => tableDifferences(page, table));
	const known = new Set([...expected.filter(hasRows).map(({ id }) => id), ...ownTables]);
	for (const id of page.tables.keys()) {
		if (!known.has(id)) {
			found.push(`${id}: there is nothing for such a table`);
		}
	}
	return found;
}

/** @param {ExpectedTable} table */
function hasRows({ groups }) {
	return groups.some(({ rows }) => rows.length > 0);
}

/**
 * @param {ExpectedTable} table
 * @returns {ExpectedTable} without the columns that have a value in no row; the first column is the header of the rows
 */
function fitted(table) {
	const rows = table.groups.flatMap(({ rows, other }) => (other === undefined ? rows : [...rows, other]));
	const isEmpty = (/** @type {string} */ title) => {
		const known = rows.map((row) => row[title]).filter((cell) => cell !== undefined);
		return known.length > 0 && known.every(({ kind }) => kind === "empty");
	};
	const empty = new Set(table.titles.slice(1).filter(isEmpty));
	const kept = (/** @type {ExpectedRow} */ row) =>
		Object.fromEntries(Object.entries(row).filter(([title]) => !empty.has(title)));
	return {
		...table,
		titles: table.titles.filter((title) => !empty.has(title)),
		groups: table.groups.map((group) => ({
			...group,
			rows: group.rows.map(kept),
			...(group.other && { other: kept(group.other) }),
		})),
	};
}

/**
 * @param {Page} page
 * @param {ExpectedTable} whole
 * @returns {string[]}
 */
function tableDifferences(page, whole) {
	const expected = fitted(whole);
	const table = page.tables.get(expected.id);
	if (!hasRows(expected)) {
		return [];
	}
	if (table === undefined) {
		return [`${expected.id}: the table is missing`];
	}
	const titles = titlesOnPage(table, expected);
	const found = [];
	if (titles.some((title, index) => title !== table.titles[index]) || titles.length !== table.titles.length) {
		found.push(`${expected.id}: titles are ${table.titles}, not ${titles}`);
	}

	if (expected.caption !== undefined && named(table.caption) !== expected.caption) {
		found.push(`${expected.id}: it is called ${table.caption}, not ${expected.caption}`);
	}
	const all = expected.groups.reduce((all, { rows }) => all + rows.length, 0);
	const there = rowsOf(table).length;
	const left = BigInt(all - there) + (expected.more ?? 0n);
	if (left !== table.more) {
		found.push(`${expected.id}: ${there} rows and ${table.more} more, not ${all} and ${expected.more ?? 0}`);
	}
	const headed = table.groups.filter(({ header }) => header !== undefined).length;
	for (const [index, group] of table.groups.entries()) {
		const place = `${expected.id}, group ${index}`;
		const isHeadless = (/** @type {ExpectedGroup} */ { name }) => name === undefined;
		const expectedGroup =
			group.header === undefined ? expected.groups.find(isHeadless) : expected.groups[index];
		if (expectedGroup === undefined) {
			found.push(`${place}: it is one too many`);
		} else {
			// A cut table ends in the middle of its last group.
			const isWhole = all === there || index + 1 < headed;
			found.push(...groupDifferences(group, expectedGroup, isWhole, table, expected, place));
		}
	}
	const groups = expected.groups.length;
	if (all === there && table.groups.length < groups) {
		found.push(`${expected.id}: ${table.groups.length} groups, not ${groups}`);
	}
	// The row for the others of the whole table is in a group without a header, and is always there.
	const isShown = table.groups.some(({ header, other }) => header === undefined && other !== undefined);
	const isExpected = expected.groups.some(({ name, other }) => name === undefined && other !== undefined);
	if (isShown !== isExpected) {
		found.push(`${expected.id}: others are missing or not to be`);
	}
	return found;
}

/**
 * The expected titles. The page may choose the title of the column for other classes.
 *
 * @param {Table} table
 * @param {ExpectedTable} expected
 */
function titlesOnPage(table, expected) {
	return expected.titles.map((title, index) => {
		const own = table.titles[index];
		return title === otherClasses && own?.startsWith("other") ? own : shown(title).text;
	});
}

/**
 * @param {Group} group
 * @param {ExpectedGroup} expected
 * @param {boolean} isWhole
 * @param {Table} table
 * @param {ExpectedTable} expectedTable
 * @param {string} place
 * @returns {string[]}
 */
function groupDifferences(group, expected, isWhole, table, expectedTable, place) {
	const found = [];
	if (expected.name !== undefined && group.header !== undefined) {
		const { header } = group;
		if (!isExcerpt(header, expected.name)) {
			found.push(`${place}: its name is ${header.text}, not ${expected.name}`);
		}
		if (header.number !== expected.events) {
			found.push(`${place}: it has ${header.number} events, not ${expected.events}`);
		}
	} else if (expected.name !== group.header?.text) {
		found.push(`${place}: its name is ${group.header?.text}, not ${expected.name}`);
	}
	if (isWhole && group.rows.length !== expected.rows.length) {
		found.push(`${place}: ${group.rows.length} rows, not ${expected.rows.length}`);
	}
	if (isWhole && (group.other === undefined) !== (expected.other === undefined)) {
		found.push(`${place}: others are missing or not to be`);
	}
	for (const [index, row] of group.rows.entries()) {
		const expectedRow = expected.rows[index];
		if (expectedRow !== undefined) {
			found.push(...rowDifferences(row, expectedRow, table, expectedTable, `${place}, row ${index}`));
		}
	}
	if (group.other !== undefined && expected.other !== undefined) {
		found.push(...rowDifferences(group.other, expected.other, table, expectedTable, `${place}, others`));
		const [header] = group.other.cells.values();
		if (!/^(?:other|and )/.test(header?.shown ?? "")) {
			found.push(`${place}, others: they are called ${header?.shown}`);
		}
	}
	return found;
}

/**
 * @param {Row} row
 * @param {ExpectedRow} expected
 * @param {Table} table
 * @param {ExpectedTable} expectedTable
 * @param {string} place
 * @returns {string[]}
 */
function rowDifferences(row, expected, table, expectedTable, place) {
	// Durations of requests are in milliseconds, all others in nanoseconds.
	const scale = table.id === "routes" ? 1e6 : 1;
	return Object.entries(expected).flatMap(([title, value]) => {
		const onPage = table.titles[expectedTable.titles.indexOf(title)] ?? title;
		const cell = row.cells.get(onPage);
		const difference = cell === undefined ? "it is missing" : cellDifference(cell, value, scale);
		return difference === undefined ? [] : [`${place}, ${title}: ${difference}`];
	});
}

/**
 * @param {Cell} cell
 * @param {ExpectedCell} expected
 * @param {number} scale
 * @returns {string | undefined}
 */
function cellDifference(cell, expected, scale) {
	switch (expected.kind) {
		case "empty":
			return cell.text === "" ? undefined : `it is ${cell.text}, not empty`;
		case "picture":
			return cell.shown === "" ? undefined : `it has the text ${cell.shown}`;
		case "text":
			return isExcerpt(cell, expected.text) ? undefined : `it is ${cell.text}, not ${expected.text}`;
		case "names": {
			const { list = [] } = cell;
			const { names, otherEvents } = expected;
			const summary = names.length === 1 ? "1 event name" : `${names.length} event names`;
			const others = otherEvents > 0n ? [`other event names: ${grouped(String(otherEvents))}`] : [];
			const isSame =
				cell.shown.startsWith(otherEvents > 0n ? `${summary} and others` : summary) &&
				list.length === names.length + others.length &&
				names.every((name, index) => isNameWithEvents(list[index], name)) &&
				others.every((other) => list.at(-1)?.shown === other);
			return isSame
				? undefined
				: `it is ${JSON.stringify(list)}, not ${names.map(({ name, events }) => `${name}: ${events}`)} and ${otherEvents}`;
		}
		case "list": {
			const { list = [] } = cell;
			const isSame =
				list.length === expected.texts.length &&
				list.every((item, index) => isExcerpt(item, expected.texts[index] ?? "") && isRounded(item));
			return isSame ? undefined : `it is ${JSON.stringify(list)}, not ${JSON.stringify(expected.texts)}`;
		}
		case "time":
			return cell.time === expected.time ? undefined : `it is ${cell.time}, not ${expected.time}`;
		case "exact":
			return cell.number === expected.number
				? shownDifference(cell, scale)
				: `it is ${cell.number}, not ${expected.number}`;
		case "rounded":
			return difference(cell, expected.number, 1e-9) ?? shownDifference(cell, scale);
		case "same":
			return Number(cell.number) === expected.number
				? shownDifference(cell, scale)
				: `it is ${cell.number}, not ${expected.number}`;
		case "near":
			return difference(cell, expected.number, percentileError) ?? shownDifference(cell, scale);
	}
}

/**
 * @param {Excerpt | undefined} item
 * @param {import("./values.mjs").NameWithEvents} expected
 */
function isNameWithEvents(item, { name, events }) {
	return item !== undefined && isExcerpt(item, name) && item.shown.endsWith(`: ${grouped(String(events))}`);
}

/**
 * Whether what is shown of a text is the text, or a number that is close to it.
 *
 * @param {Excerpt} item
 */
function isRounded({ text, shown }) {
	const [number, exact] = [Number(shown.replaceAll(",", "")), Number(text)];
	return (
		shown.startsWith(text) ||
		text === "" ||
		Math.abs(number - exact) <= Math.max(0.01 * Math.abs(exact), 0.0005)
	);
}

/** Factors of the shown units. */
const units = new Map([
	["", 1],
	["ns", 1],
	["µs", 1e3],
	["ms", 1e6],
	["s", 1e9],
	["min", 60e9],
	["h", 3600e9],
	["d", 86_400e9],
	["B", 1],
	["kB", 1e3],
	["MB", 1e6],
	["%", 0.01],
]);

/**
 * Whole numbers are shown with all digits, other numbers with three.
 *
 * @param {Cell} cell
 * @param {number} scale nanoseconds in the unit of the cell's exact number, if it has a unit
 */
function shownDifference({ shown, number = 0n }, scale) {
	const digits = grouped(String(number));
	const isCount = typeof number === "bigint" && [digits, `and ${digits} more`].includes(shown);
	if (shown === "more than 1,000" || isCount) {
		return undefined;
	}
	let sum = 0;
	let unit = "";
	for (const [, digits = "", name = ""] of shown.matchAll(/(-?[\d.,]+(?:e-?\d+)?) ?([A-Za-zµ%]*)/g)) {
		sum += Number(digits.replaceAll(",", "")) * (units.get(name) ?? Number.NaN);
		unit = name;
	}
	const exact = Number(number) * (/^(?:|.?B|%)$/.test(unit) ? 1 : scale);
	const smallest = 0.0005 * (units.get(unit) ?? 1);
	const isPlain = unit === "" && typeof number === "bigint" && exact < 1e15;
	const isClose = Math.abs(sum - exact) <= Math.max(0.01 * Math.abs(exact), smallest);
	return isClose && !isPlain ? undefined : `it is ${number}, but shown as ${shown}`;
}

/**
 * @param {Cell} cell
 * @param {number} number
 * @param {number} error relative
 */
function difference(cell, number, error) {
	const found = Number(cell.number);
	// The sketch treats the smallest numbers as 0.
	const isNear = Math.abs(found - number) <= Math.max(error * Math.abs(number), 1e-9);
	return isNear ? undefined : `it is ${cell.number}, not ${number}`;
}

/**
 * @param {Excerpt} excerpt
 * @param {string} whole
 */
function isExcerpt(excerpt, whole) {
	const { text, isCut } = shown(whole);
	return (named(excerpt.text) === named(text) && excerpt.isCut === isCut) || isMasked(excerpt, whole);
}

/** The mask of a secret, after the characters that are shown of it. */
const mask = /…\((\d+) characters?\)/g;

/**
 * Whether the excerpt is the text with secrets masked. A mask must have the length of what it hides. The text itself must not
 * look like an escaped character before its last secret.
 *
 * @param {Excerpt} excerpt
 * @param {string} whole
 */
function isMasked(excerpt, whole) {
	const [first = "", ...rest] = named(excerpt.text).split(mask);
	let hidden = [...whole];
	let shownText = first;
	for (let index = 0; index < rest.length; index += 2) {
		const length = Number(rest[index]);
		const visible = Math.min(4, Math.floor(length / 2));
		if (!startsWith(hidden, shownText)) {
			return false;
		}
		hidden = hidden.slice([...shownText].length - visible + length);
		shownText = rest[index + 1] ?? "";
	}
	const isWhole = hidden.length === [...shownText].length;
	const isLong = [...excerpt.text].length >= shownCharacters;
	return (
		rest.length > 0 && startsWith(hidden, shownText) && excerpt.isCut === !isWhole && (isWhole || isLong)
	);
}

/**
 * @param {string[]} characters
 * @param {string} beginning
 */
function startsWith(characters, beginning) {
	return characters.slice(0, [...beginning].length).join("") === beginning;
}

/**
 * @param {string} whole
 * @returns {{ text: string, isCut: boolean }}
 */
function shown(whole) {
	const characters = [...whole];
	const isCut = characters.length > shownCharacters;
	return { text: characters.slice(0, shownCharacters).join(""), isCut };
}

/**
 * @param {string} text
 * @returns {string} the text with escaped characters
 */
export function named(text) {
	return text.replaceAll(/⟨U\+([\dA-F]{4,6})⟩/g, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
