/** Reads the tables, lists and numbers of a report. Anything that a report must not contain is an error. */

import {
	descendants,
	elementsById,
	elementsOf,
	hasClass,
	readElements,
	required,
	textOf,
	words,
} from "./page-elements.mjs";

/** @typedef {import("./page-elements.mjs").PageElement} PageElement */

/**
 * Text of the input, and whether only its beginning is shown. `shown` is all visible text.
 *
 * @typedef {{ text: string, isCut: boolean, shown: string }} Excerpt
 */

/**
 * @typedef {object} Cell
 * @property {string} text the text of the input, or else the visible text; empty for notes such as `(none)`
 * @property {boolean} isCut whether only the beginning of the text is shown
 * @property {string} shown all visible text
 * @property {bigint | number} [number] the exact number
 * @property {string} [time] the exact time or day
 * @property {Excerpt[]} [list]
 * @property {boolean} hasPicture
 */

/**
 * @typedef {object} Row
 * @property {Map<string, Cell>} cells by column title
 * @property {ReadonlySet<string>} classes
 */

/**
 * @typedef {object} Group
 * @property {Cell} [header]
 * @property {Row[]} rows
 * @property {Row} [other] the row for everything beyond a limit
 */

/**
 * @typedef {object} Table
 * @property {string} id
 * @property {string} section the section's id
 * @property {string} caption
 * @property {string[]} titles
 * @property {Group[]} groups a table without groups has one, without a header
 * @property {bigint} more number of rows left out
 */

/**
 * @typedef {object} Page
 * @property {{ id: string, title: string, nothing: string[] }[]} sections `nothing` has the sentences about empty parts
 * @property {Map<string, Table>} tables
 * @property {Map<string, { items: Excerpt[], more: bigint }>} lists
 * @property {(id: string) => PageElement | undefined} element
 */

/** The sections of every report, in order. */
const sectionIds = ["about", "sharing", "failures", "operations", "network", "activity", "quality"];

/** Characters that are invisible or reorder text. The page must escape them. */
const hiddenCharacter =
	/[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
/**
 * @param {string} html
 * @returns {Page}
 * @throws {Error} if the page contains anything unexpected
 */
export function readReportPage(html) {
	const found = hiddenCharacter.exec(html.replaceAll("\n", ""));
	if (found !== null) {
		throw new Error(`the page contains U+${found[0].codePointAt(0)?.toString(16)}`);
	}
	const root = readElements(html);
	const elements = descendants(root);
	const byId = elementsById(elements);
	requireSelfContained(elements, byId);

	const tables = new Map();
	const lists = new Map();
	const cut = cutRows(elements, byId);
	const sections = elements.filter(({ name }) => name === "section");
	const read = sections.map((section) => {
		const id = required(section, "id");
		const inside = descendants(section);
		for (const element of inside) {
			const elementId = element.attributes.get("id");
			if (element.name === "table") {
				const table = readTable(element, id, cut.get(required(element, "id")) ?? 0n);
				tables.set(table.id, table);
			} else if (element.name === "ul" && elementId !== undefined) {
				lists.set(elementId, { items: listItems(element), more: cut.get(elementId) ?? 0n });
			}
		}
		const title = inside.find(({ name }) => name === "h2");
		if (title === undefined) {
			throw new Error(`section ${id} has no title`);
		}
		const nothing = inside.filter((element) => hasClass(element, "nothing")).map(words);
		return { id, title: words(title), nothing };
	});
	if (read.map(({ id }) => id).join() !== sectionIds.join()) {
		throw new Error(`the page has the sections ${read.map(({ id }) => id)}`);
	}
	return { sections: read, tables, lists, element: (id) => byId.get(id) };
}

/**
 * @param {Table} table
 * @returns {Row[]} the rows of all groups, without rows for the rest
 */
export function rowsOf(table) {
	return table.groups.flatMap(({ rows }) => rows);
}

/**
 * @param {PageElement} element
 * @returns {(bigint | number)[]} all exact numbers inside it
 */
export function numbersIn(element) {
	return descendants(element)
		.filter(({ name }) => name === "data")
		.map(exactNumber);
}

/**
 * @param {PageElement[]} elements
 * @param {Map<string, PageElement>} byId
 */
function requireSelfContained(elements, byId) {
	for (const { name, attributes } of elements) {
		for (const [key, value] of attributes) {
			const pointsNowhere = /^(?:xlink:)?href$/.test(key) && !byId.has(value.slice(1));
			const pointsOut = /^(?:(?:xlink:)?href|src|action|srcset)$/.test(key) && !value.startsWith("#");
			if (key === "style" || /^on/i.test(key) || pointsNowhere || pointsOut) {
				throw new Error(`<${name} ${key}="${value}">`);
			}
		}
	}
}

/**
 * @param {PageElement[]} elements
 * @param {Map<string, PageElement>} byId
 * @returns {Map<string, bigint>} number of rows left out, by the id of the table or list
 */
function cutRows(elements, byId) {
	const cut = new Map();
	for (const element of elements.filter((element) => hasClass(element, "more"))) {
		const id = required(element, "data-table");
		const rows = required(element, "data-more");
		if (!byId.has(id) || cut.has(id) || !/^[1-9]\d*$/.test(rows)) {
			throw new Error(`${rows} more of ${id}`);
		}
		const unit = id === "bad-lines" ? " lines" : "";
		if (words(element) !== `and ${grouped(rows)} more${unit}`) {
			throw new Error(`${rows} more of ${id} are shown as: ${words(element)}`);
		}
		cut.set(id, BigInt(rows));
	}
	return cut;
}

/** @param {string} digits */
export function grouped(digits) {
	return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/**
 * @param {PageElement} element
 * @param {string} section
 * @param {bigint} more
 * @returns {Table}
 */
function readTable(element, section, more) {
	const id = required(element, "id");
	/** @type {Table} */
	const table = { id, section, caption: "", titles: [], groups: [], more };
	for (const part of elementsOf(element)) {
		if (part.name === "caption") {
			table.caption = words(part);
		} else if (part.name === "thead") {
			table.titles = readTitles(part, id);
		} else if (part.name === "tbody") {
			table.groups.push(readGroup(part, table.titles, id));
		} else {
			throw new Error(`a <${part.name}> in table ${id}`);
		}
	}
	if (table.caption === "" || table.titles.length === 0 || table.groups.length === 0) {
		throw new Error(`table ${id} lacks a caption, titles or rows`);
	}
	return table;
}

/**
 * @param {PageElement} head
 * @param {string} id
 */
function readTitles(head, id) {
	const rows = elementsOf(head);
	const cells = rows.flatMap(elementsOf);
	if (rows.length !== 1 || cells.some((cell) => cell.name !== "th" || required(cell, "scope") !== "col")) {
		throw new Error(`the titles of table ${id} are not one row of column headers`);
	}
	const titles = cells.map((cell) => readCell(cell).text);
	if (new Set(titles).size !== titles.length) {
		throw new Error(`titles of table ${id} are not unique: ${titles}`);
	}
	return titles;
}

/**
 * @param {PageElement} body
 * @param {string[]} titles
 * @param {string} id
 */
function readGroup(body, titles, id) {
	/** @type {Group} */
	const group = { rows: [] };
	for (const [index, element] of elementsOf(body).entries()) {
		const classes = new Set((element.attributes.get("class") ?? "").split(" "));
		if (group.other !== undefined) {
			throw new Error(`table ${id} has a row after the row for the rest`);
		}
		if (classes.has("group")) {
			const [header, ...rest] = elementsOf(element);
			const scope = header?.attributes.get("scope");
			if (index > 0 || header === undefined || rest.length > 0 || scope !== "rowgroup") {
				throw new Error(`table ${id} has a malformed group header`);
			}
			group.header = readCell(header);
			continue;
		}
		const row = { cells: readCells(element, titles, id), classes };
		if (classes.has("other")) {
			group.other = row;
		} else {
			group.rows.push(row);
		}
	}
	return group;
}

/**
 * Each cell must have the title of its column, which is shown if the table has no room for columns.
 *
 * @param {PageElement} row
 * @param {string[]} titles
 * @param {string} id
 */
function readCells(row, titles, id) {
	/** @type {Map<string, Cell>} */
	const cells = new Map();
	let column = 0;
	const elements = elementsOf(row);
	if (elements.filter(({ attributes }) => attributes.get("scope") === "row").length === 0) {
		throw new Error(`a row of table ${id} has no header: ${words(row)}`);
	}
	for (const element of elements) {
		const title = titles[column];
		if (title === undefined) {
			throw new Error(`a row of table ${id} is too long: ${words(row)}`);
		}
		cells.set(title, readCell(element));
		const label = element.attributes.get("data-label");
		const isLabelled = element.attributes.has("colspan") || words(element) === "" || isLabelOf(label, title);
		if (!isLabelled && !descendants(element).some(isPicture)) {
			throw new Error(`a cell of ${title} in table ${id} has the label ${label}`);
		}
		column += Number(element.attributes.get("colspan") ?? "1");
	}
	if (column !== titles.length) {
		throw new Error(`a row of table ${id} is too short: ${words(row)}`);
	}
	return cells;
}

/**
 * @param {string | undefined} label which has only the beginning of a title from the input
 * @param {string} title
 */
function isLabelOf(label, title) {
	return (
		label === title || /^Column \d+$/.test(label ?? "") || title.startsWith(label?.replace(/…$/, "") || "-")
	);
}

/**
 * @param {PageElement} element
 * @returns {Cell}
 */
function readCell(element) {
	const inside = descendants(element);
	const lists = inside.filter(({ name }) => name === "ul");
	const listed = new Set(lists.flatMap((list) => descendants(list)));
	const numbers = inside.filter((inner) => inner.name === "data" && !listed.has(inner));
	const times = inside.filter(({ name }) => name === "time");
	if (lists.length + numbers.length + times.length > 1) {
		throw new Error(`a cell with two values: ${words(element)}`);
	}
	/** @type {Cell} */
	const cell = { ...excerpt(element), hasPicture: inside.some(isPicture) };
	if (lists[0] !== undefined) {
		cell.list = listItems(lists[0]);
	}
	if (numbers[0] !== undefined) {
		cell.number = exactNumber(numbers[0]);
	}
	if (times[0] !== undefined) {
		cell.time = exactTime(times[0]);
	}
	return cell;
}

/** @param {PageElement} element */
function isPicture({ name }) {
	return name === "svg";
}

/**
 * @param {PageElement} list
 * @returns {Excerpt[]}
 */
function listItems(list) {
	return elementsOf(list).map((item) => {
		if (item.name !== "li") {
			throw new Error(`a <${item.name}> in a list`);
		}
		const [only, ...others] = elementsOf(item);
		const isNumber = only?.name === "data" && others.length === 0;
		// A number that is rounded has its exact text in the attribute.
		return isNumber ? { text: required(only, "value"), isCut: false, shown: words(item) } : excerpt(item);
	});
}

/**
 * Reads text of the input, or else the page's own text.
 *
 * @param {PageElement} element
 * @returns {Excerpt}
 */
function excerpt(element) {
	const [found, ...others] = descendants(element).filter(({ name }) => name === "bdi");
	if (found === undefined) {
		// Notes such as `(empty): 3 events` are not text of the input.
		const isNote = descendants(element).some((inside) => hasClass(inside, "none"));
		return { text: isNote ? "" : words(element), isCut: false, shown: words(element) };
	}
	const shown = words(element);
	if (others.length > 0) {
		return { text: shown, isCut: false, shown };
	}
	const behind = shown.slice(shown.indexOf(words(found)) + words(found).length);
	return { text: textOf(found), isCut: /^\s*…/.test(behind), shown };
}

/**
 * @param {PageElement} data
 * @returns {bigint | number}
 */
function exactNumber(data) {
	const text = required(data, "value");
	if (/^(?:0|-?[1-9]\d*)$/.test(text)) {
		return BigInt(text);
	}
	if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) {
		throw new Error(`${text} is not an exact number`);
	}
	return Number(text);
}

/** @param {PageElement} time */
function exactTime(time) {
	const exact = required(time, "datetime");
	if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\.\d{3}(?:\d{0,5}[1-9])?Z)?$/.test(exact)) {
		throw new Error(`${exact} is not an exact time`);
	}
	if (words(time) !== exact.replace("T", " ").replace("Z", "")) {
		throw new Error(`${exact} is shown as ${words(time)}`);
	}
	return exact;
}
