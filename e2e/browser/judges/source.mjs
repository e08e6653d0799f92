/** A page as its source has it, read strictly: what a browser makes of it must be the same. */

/**
 * @typedef {object} Source
 * @property {string[]} elements in order, each with how deep it stands: `3 td`
 * @property {string} text of all of them, without white space
 */

/** Elements that have no content. */
const voidElements = new Set(["meta", "br", "hr", "wbr", "img", "link", "col", "input", "base", "source"]);
/** Elements whose content is no markup. */
const rawElements = new Set(["style", "script"]);

const token =
	/<!--.*?-->|<!doctype html>|<(?<close>\/?)(?<name>[a-z][a-z0-9]*)(?:\s+[a-z][a-z0-9:-]*(?:="[^"<>]*")?)*\s*(?<selfClose>\/?)>/gis;

/**
 * @param {string} html in which every element but the void ones has its end tag, and every value of an attribute quotes
 * @returns {Source}
 * @throws {Error} where it is not like that
 */
export function readSource(html) {
	const elements = [];
	let text = "";
	/** @type {string[]} */
	const open = [];
	let position = 0;
	const takeText = (/** @type {number} */ end) => {
		text += plainText(html.slice(position, end));
	};
	for (token.lastIndex = 0; ; ) {
		const match = token.exec(html);
		if (match === null) {
			break;
		}
		takeText(match.index);
		position = token.lastIndex;
		const { close, selfClose, name = "" } = match.groups ?? {};
		if (close === "/") {
			if (open.pop() !== name) {
				throw new Error(`${match[0]} at ${match.index} closes an element that is not open`);
			}
		} else if (name !== "") {
			elements.push(`${open.length} ${name}`);
			if (rawElements.has(name)) {
				const end = html.indexOf(`</${name}>`, position);
				text += withoutWhiteSpace(html.slice(position, end));
				position = end + name.length + 3;
				token.lastIndex = position;
			} else if (selfClose === "" && !voidElements.has(name)) {
				open.push(name);
			}
		}
	}
	takeText(html.length);
	if (open.length > 0) {
		throw new Error(`${open.join(", ")} are never closed`);
	}
	return { elements, text };
}

/** @param {string} text between tags */
function plainText(text) {
	const stray = /[<>]|&(?!(?:amp|lt|gt|quot|#39);)/.exec(text);
	if (stray !== null) {
		throw new Error(
			`A stray ${stray[0]} before ${JSON.stringify(text.slice(stray.index, stray.index + 60))}`,
		);
	}
	return withoutWhiteSpace(decoded(text));
}

/**
 * @param {string} text between tags
 * @returns {string} what it says
 */
export function decoded(text) {
	const characters = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
	return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => characters[/** @type {"amp"} */ (name)]);
}

/** @param {string} text */
function withoutWhiteSpace(text) {
	// Parsers move white space around, so it says nothing of the structure.
	return text.replace(/[ \n\r\t\f]+/g, "");
}

/**
 * A document as a browser holds it, in the same form. Runs in the page.
 *
 * @returns {Source}
 */
export function readDocument() {
	/** @type {string[]} */
	const elements = [];
	const visit = (/** @type {Element} */ element, /** @type {number} */ depth) => {
		elements.push(`${depth} ${element.localName}`);
		for (const child of element.children) {
			visit(child, depth + 1);
		}
	};
	visit(document.documentElement, 0);
	const text = (document.documentElement.textContent ?? "").replace(/[ \n\r\t\f]+/g, "");
	return { elements, text };
}
