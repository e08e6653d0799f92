/**
 * Reads a report page into plain data: its tables, lists and counts. As strict as the page is meant to be, so what a
 * browser would silently mend is an error here.
 */

/**
 * @typedef {object} PageElement
 * @property {string} name
 * @property {ReadonlyMap<string, string>} attributes
 * @property {(PageElement | string)[]} children
 */

/**
 * Text of the input: its beginning, where it was long; and all words that a reader sees.
 *
 * @typedef {{ text: string, isCut: boolean, shown: string }} Excerpt
 */

/**
 * What a table says in one place.
 *
 * @typedef {object} Cell
 * @property {string} text what the input said, or else the visible words; empty where only `(none)` or the like stands there
 * @property {boolean} isCut whether the text goes on
 * @property {string} shown all words that a reader sees
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
 * @property {Row} [other] the one for all beyond a limit
 */

/**
 * @typedef {object} Table
 * @property {string} id
 * @property {string} section the section's id
 * @property {string} caption
 * @property {string[]} titles
 * @property {Group[]} groups one without a header where the table has no groups
 * @property {bigint} more rows that were left out
 */

/**
 * @typedef {object} Page
 * @property {{ id: string, title: string, nothing: string[] }[]} sections with the sentences that say that there is nothing
 * @property {Map<string, Table>} tables
 * @property {Map<string, { items: Excerpt[], more: bigint }>} lists
 * @property {(id: string) => PageElement | undefined} element
 */

/** The page's own sections, in their order. */
const sectionIds = ["about", "sharing", "activity", "operations", "failures", "network", "quality"];

const voidElements = new Set(["base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"]);
const rawTextElements = new Set(["script", "style"]);
const namedEntities = new Map([
	["amp", "&"],
	["lt", "<"],
	["gt", ">"],
	["quot", '"'],
	["apos", "'"],
]);

/** What no reader sees, or what turns text around; the page names such characters instead. */
const unseen =
	/[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const attribute = /\s+([a-zA-Z_:][\w:.-]*)(?:="([^"<]*)")?/y;
const tagBegin = /<([a-zA-Z][\w-]*)/y;
const tagEnd = /\s*(\/?)>/y;
const closingTag = /<\/([a-zA-Z][\w-]*)>/y;

/**
 * @param {string} html
 * @returns {Page}
 * @throws {Error} if the page is not as strict as this reader
 */
export function readReportPage(html) {
	const found = unseen.exec(html.replaceAll("\n", ""));
	if (found !== null) {
		throw new Error(`the page holds U+${found[0].codePointAt(0)?.toString(16)}`);
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
 * @returns {Row[]} those of all groups, without the one for others
 */
export function rowsOf(table) {
	return table.groups.flatMap(({ rows }) => rows);
}

/**
 * @param {PageElement} element
 * @returns {(bigint | number)[]} all exact numbers in it
 */
export function numbersIn(element) {
	return descendants(element)
		.filter(({ name }) => name === "data")
		.map(exactNumber);
}

/**
 * @param {PageElement} element
 * @returns {string} its words as a reader sees them
 */
export function words(element) {
	return textOf(element).replaceAll(/\s+/g, " ").trim();
}

/**
 * @param {string} html
 * @returns {PageElement}
 */
function readElements(html) {
	const doctype = /^<!DOCTYPE html>\n?/.exec(html)?.[0];
	if (doctype === undefined) {
		throw new Error("the page does not begin with its doctype");
	}
	/** @type {PageElement} */
	const root = { name: "", attributes: new Map(), children: [] };
	const open = [root];
	let at = doctype.length;
	/**
	 * @param {string} what
	 * @returns {never}
	 */
	const fail = (what) => {
		throw new Error(`${what} at ${at}: ${html.slice(at, at + 60)}`);
	};
	while (at < html.length) {
		const parent = /** @type {PageElement} */ (open.at(-1));
		const textEnd = html.indexOf("<", at);
		const text = html.slice(at, textEnd < 0 ? html.length : textEnd);
		if (text !== "") {
			parent.children.push(decoded(text));
			at += text.length;
			continue;
		}
		closingTag.lastIndex = at;
		const closing = closingTag.exec(html);
		if (closing !== null) {
			if (closing[1] !== parent.name || open.length === 1) {
				fail(`<${parent.name}> is open`);
			}
			open.pop();
			at = closingTag.lastIndex;
			continue;
		}
		tagBegin.lastIndex = at;
		const name = tagBegin.exec(html)?.[1] ?? fail("no tag");
		at = tagBegin.lastIndex;
		/** @type {Map<string, string>} */
		const attributes = new Map();
		for (;;) {
			attribute.lastIndex = at;
			const [whole, key, value] = attribute.exec(html) ?? [];
			if (whole === undefined || key === undefined) {
				break;
			}
			if (attributes.has(key)) {
				fail(`a second ${key}`);
			}
			attributes.set(key, decoded(value ?? ""));
			at += whole.length;
		}
		tagEnd.lastIndex = at;
		const end = tagEnd.exec(html) ?? fail(`<${name}> does not end`);
		at = tagEnd.lastIndex;
		/** @type {PageElement} */
		const element = { name, attributes, children: [] };
		parent.children.push(element);
		if (rawTextElements.has(name)) {
			const rawEnd = html.indexOf(`</${name}>`, at);
			if (rawEnd < 0) {
				fail(`<${name}> does not end`);
			}
			element.children.push(html.slice(at, rawEnd));
			at = rawEnd + `</${name}>`.length;
		} else if (!voidElements.has(name) && end[1] !== "/") {
			open.push(element);
		} else if (end[1] === "/" && !voidElements.has(name) && !open.some(({ name }) => name === "svg")) {
			// A browser would leave it open.
			fail(`<${name}/>`);
		}
	}
	if (open.length > 1) {
		fail(`<${open.at(-1)?.name}> is open`);
	}
	return root;
}

/** @param {string} text */
function decoded(text) {
	if (text.includes(">")) {
		throw new Error(`a bare > in ${text.slice(0, 60)}`);
	}
	return text.replaceAll(/&(?:(\w+);|#(\d+);|#[xX]([\da-fA-F]+);)?/g, (entity, name, decimal, hex) => {
		const number = decimal ?? (hex && `0x${hex}`);
		const character = number === undefined ? namedEntities.get(name) : String.fromCodePoint(Number(number));
		if (character === undefined) {
			throw new Error(`${entity} in ${text.slice(0, 60)}`);
		}
		return character;
	});
}

/**
 * @param {PageElement} element
 * @param {PageElement[]} [found]
 * @returns {PageElement[]} all elements in it, in their order
 */
function descendants(element, found = []) {
	for (const child of element.children) {
		if (typeof child !== "string") {
			found.push(child);
			descendants(child, found);
		}
	}
	return found;
}

/**
 * @param {PageElement[]} elements
 * @returns {Map<string, PageElement>}
 */
function elementsById(elements) {
	const byId = new Map();
	for (const element of elements) {
		const id = element.attributes.get("id");
		if (id !== undefined && byId.has(id)) {
			throw new Error(`two elements have the id ${id}`);
		}
		if (id !== undefined) {
			byId.set(id, element);
		}
	}
	return byId;
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
 * @returns {Map<string, bigint>} how many rows were left out, by the table or list
 */
function cutRows(elements, byId) {
	const cut = new Map();
	for (const element of elements.filter((element) => hasClass(element, "more"))) {
		const id = required(element, "data-table");
		const rows = required(element, "data-more");
		if (!byId.has(id) || cut.has(id) || !/^[1-9]\d*$/.test(rows)) {
			throw new Error(`${rows} more of ${id}`);
		}
		if (words(element) !== `and ${grouped(rows)} more`) {
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
		throw new Error(`the titles of table ${id} are no row of column headers`);
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
			throw new Error(`table ${id} has a row behind the one for others`);
		}
		if (classes.has("group")) {
			const [header, ...rest] = elementsOf(element);
			const scope = header?.attributes.get("scope");
			if (index > 0 || header === undefined || rest.length > 0 || scope !== "rowgroup") {
				throw new Error(`table ${id} has a group's header that is none`);
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
		column += Number(element.attributes.get("colspan") ?? "1");
	}
	if (column !== titles.length) {
		throw new Error(`a row of table ${id} is too short: ${words(row)}`);
	}
	return cells;
}

/**
 * @param {PageElement} element
 * @returns {Cell}
 */
function readCell(element) {
	const inside = descendants(element);
	const lists = inside.filter(({ name }) => name === "ul");
	const numbers = inside.filter(({ name }) => name === "data");
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
		return excerpt(item);
	});
}

/**
 * The input's text as it is, or the page's own words.
 *
 * @param {PageElement} element
 * @returns {Excerpt}
 */
function excerpt(element) {
	const [found, ...others] = descendants(element).filter(({ name }) => name === "bdi");
	if (found === undefined) {
		// `(empty): 3 events` is no text of the input either.
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
		throw new Error(`${text} is no exact number`);
	}
	return Number(text);
}

/** @param {PageElement} time */
function exactTime(time) {
	const exact = required(time, "datetime");
	if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\.\d{3}(?:\d{0,5}[1-9])?Z)?$/.test(exact)) {
		throw new Error(`${exact} is no exact time`);
	}
	if (words(time) !== exact.replace("T", " ").replace("Z", "")) {
		throw new Error(`${exact} is shown as ${words(time)}`);
	}
	return exact;
}

/** @param {PageElement} element */
function elementsOf({ name, children }) {
	return children.filter((child) => {
		if (typeof child === "string" && child.trim() !== "" && /^(?:table|thead|tbody|tr|ul)$/.test(name)) {
			throw new Error(`text in a <${name}>: ${child}`);
		}
		return typeof child !== "string";
	});
}

/**
 * @param {PageElement} element
 * @returns {string}
 */
function textOf({ name, children }) {
	// A picture's words are not the cell's.
	const shown = name === "svg" ? [] : children;
	return shown.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

/**
 * @param {PageElement} element
 * @param {string} name
 */
function hasClass({ attributes }, name) {
	const classes = attributes.get("class");
	return classes === name || classes?.split(" ").includes(name) === true;
}

/**
 * @param {PageElement} element
 * @param {string} name
 */
function required({ name: element, attributes }, name) {
	const value = attributes.get(name);
	if (value === undefined) {
		throw new Error(`a <${element}> without ${name}`);
	}
	return value;
}
