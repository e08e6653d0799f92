/** Parses JSON and keeps the spelling of numbers and objects, which `JSON.parse` loses. */

/**
 * @typedef {"string" | "number" | "boolean" | "object" | "array" | "null"} JsonType
 *
 * @typedef {object} JsonValue
 * @property {JsonType} type
 * @property {string} spelled its text in the file
 * @property {string} text the value of a string; the spelling of anything else
 * @property {ReadonlyMap<string, JsonValue>} members of an object; the last one of equal names
 */

const space = /[ \t\r\n]*/y;
const string = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const scalar = /-?\d[\d.eE+-]*|true|false|null/y;
/** @type {ReadonlyMap<string, JsonValue>} */
const noMembers = new Map();

/**
 * @param {string} text
 * @returns {JsonValue}
 * @throws {Error} if it is not valid JSON
 */
export function readJson(text) {
	const reader = new JsonReader(text);
	const value = reader.value();
	reader.skip(space);
	if (reader.at < text.length) {
		throw reader.error();
	}
	return value;
}

class JsonReader {
	#text;
	at = 0;

	/** @param {string} text */
	constructor(text) {
		this.#text = text;
	}

	error() {
		return new Error(`no JSON at ${this.at} of ${this.#text}`);
	}

	/**
	 * @param {RegExp} pattern a sticky one
	 * @returns {string | undefined} the match, which is consumed
	 */
	skip(pattern) {
		pattern.lastIndex = this.at;
		const start = this.at;
		if (!pattern.test(this.#text)) {
			return undefined;
		}
		this.at = pattern.lastIndex;
		return this.#text.slice(start, this.at);
	}

	/** @returns {JsonValue} */
	value() {
		this.skip(space);
		switch (this.#text[this.at]) {
			case '"': {
				const spelled = this.#string();
				return { type: "string", spelled, text: asRead(spelled), members: noMembers };
			}
			case "{":
				return this.#object();
			case "[":
				return this.#array();
		}
		const spelled = this.skip(scalar);
		if (spelled === undefined) {
			throw this.error();
		}
		return { type: scalarType(spelled), spelled, text: spelled, members: noMembers };
	}

	#string() {
		const spelled = this.skip(string);
		if (spelled === undefined) {
			throw this.error();
		}
		return spelled;
	}

	/** @returns {JsonValue} */
	#object() {
		const start = this.at;
		/** @type {Map<string, JsonValue>} */
		const members = new Map();
		this.#list("}", () => {
			const key = asRead(this.#string());
			this.skip(space);
			this.#take(":");
			members.set(key, this.value());
		});
		const spelled = this.#text.slice(start, this.at);
		return { type: "object", spelled, text: spelled, members };
	}

	/** @returns {JsonValue} */
	#array() {
		const start = this.at;
		this.#list("]", () => this.value());
		const spelled = this.#text.slice(start, this.at);
		return { type: "array", spelled, text: spelled, members: noMembers };
	}

	/**
	 * @param {string} end
	 * @param {() => void} readItem
	 */
	#list(end, readItem) {
		this.at += 1;
		this.skip(space);
		if (this.#text[this.at] === end) {
			this.at += 1;
			return;
		}
		for (;;) {
			this.skip(space);
			readItem();
			this.skip(space);
			if (this.#text[this.at] === end) {
				this.at += 1;
				return;
			}
			this.#take(",");
		}
	}

	/** @param {string} character */
	#take(character) {
		if (this.#text[this.at] !== character) {
			throw this.error();
		}
		this.at += 1;
	}
}

/**
 * @param {string} spelled a number, `true`, `false` or `null`
 * @returns {JsonType}
 */
function scalarType(spelled) {
	switch (spelled) {
		case "null":
			return "null";
		case "true":
		case "false":
			return "boolean";
		default:
			return "number";
	}
}

/**
 * @param {string} spelled a JSON string with its quotes
 * @returns {string} its value; lone surrogates become U+FFFD
 */
function asRead(spelled) {
	if (!spelled.includes("\\")) {
		return spelled.slice(1, -1);
	}
	return JSON.parse(spelled).replaceAll(/\p{Surrogate}/gu, "\ufffd");
}
