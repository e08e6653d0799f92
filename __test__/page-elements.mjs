/**
 * Parses the HTML of a report. It is strict: anything that a browser would silently repair is an error.
 */

/**
 * @typedef {object} PageElement
 * @property {string} name
 * @property {ReadonlyMap<string, string>} attributes
 * @property {(PageElement | string)[]} children
 */

const voidElements = new Set(["base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"]);
const rawTextElements = new Set(["script", "style"]);
const namedEntities = new Map([
	["amp", "&"],
	["lt", "<"],
	["gt", ">"],
	["quot", '"'],
	["apos", "'"],
]);

const attribute = /\s+([a-zA-Z_:][\w:.-]*)(?:="([^"<]*)")?/y;
const tagBegin = /<([a-zA-Z][\w-]*)/y;
const tagEnd = /\s*(\/?)>/y;
const closingTag = /<\/([a-zA-Z][\w-]*)>/y;

/**
 * @param {string} html
 * @returns {PageElement}
 */
export function readElements(html) {
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
			// A browser would treat it as an open tag.
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
 * @returns {PageElement[]} all elements inside it, in order
 */
export function descendants(element, found = []) {
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
export function elementsById(elements) {
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
 * @param {PageElement} element
 * @returns {string} its visible text, with single spaces
 */
export function words(element) {
	return textOf(element).replaceAll(/\s+/g, " ").trim();
}

/** @param {PageElement} element */
export function elementsOf({ name, children }) {
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
export function textOf({ name, children }) {
	// Labels of a chart are not text of its cell.
	const shown = name === "svg" ? [] : children;
	return shown.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

/**
 * @param {PageElement} element
 * @param {string} name
 */
export function hasClass({ attributes }, name) {
	const classes = attributes.get("class");
	return classes === name || classes?.split(" ").includes(name) === true;
}

/**
 * @param {PageElement} element
 * @param {string} name
 */
export function required({ name: element, attributes }, name) {
	const value = attributes.get(name);
	if (value === undefined) {
		throw new Error(`a <${element}> without ${name}`);
	}
	return value;
}
