/**
 * Finds the paths that modules of the crate name. It knows the necessary part of Rust's syntax: tokens, `use` trees, inline
 * modules, and items that are compiled only for tests.
 */

import path from "node:path";

/**
 * @typedef {object} Token
 * @property {"name" | "text" | "mark"} kind a name or keyword; a literal; punctuation, including `::`
 * @property {string} text
 * @property {number} line
 */

/**
 * @typedef {object} NamedPath
 * @property {string[]} path such as `["std", "fs", "File"]`; paths in this crate begin with `crate`
 * @property {number} line
 */

const rawText = /(?:b|c)?r(#*)".*?"\1/sy;
const quotedText = /(?:b|c)?"(?:\\.|[^"\\])*"/sy;
const character = /b?'(?:\\u\{[^}]*\}|\\x..|\\.|[^\\'])'/suy;
const lifetime = /'[\p{XID_Start}_]\p{XID_Continue}*/uy;
const number = /\d(?:\w|\.\d)*/y;
const name = /(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;
const mark = /::|\S/uy;

/**
 * @param {string} source
 * @returns {Token[]} without comments
 */
export function tokensOf(source) {
	/** @type {Token[]} */
	const tokens = [];
	let place = 0;
	let line = 1;
	/** @param {number} end */
	const moveTo = (end) => {
		line += source.slice(place, end).split("\n").length - 1;
		place = end;
	};
	/** @param {RegExp} pattern */
	const match = (pattern) => {
		pattern.lastIndex = place;
		return pattern.exec(source)?.[0];
	};
	while (place < source.length) {
		if (source.startsWith("//", place)) {
			const end = source.indexOf("\n", place);
			moveTo(end === -1 ? source.length : end);
		} else if (source.startsWith("/*", place)) {
			moveTo(endOfComment(source, place));
		} else if (/\s/.test(source[place] ?? "")) {
			moveTo(place + 1);
		} else {
			const literal =
				match(rawText) ?? match(quotedText) ?? match(character) ?? match(lifetime) ?? match(number);
			const word = literal ?? match(name);
			const text = word ?? match(mark) ?? source.slice(place, place + 1);
			const kind = literal !== undefined ? "text" : word !== undefined ? "name" : "mark";
			tokens.push({ kind, text: text.replace(/^r#(?=\p{XID_Start})/u, ""), line });
			moveTo(place + text.length);
		}
	}
	return tokens;
}

/**
 * @param {string} source
 * @param {number} start of a block comment, which may contain others
 * @returns {number}
 */
function endOfComment(source, start) {
	let depth = 0;
	for (const { 0: edge, index } of source.slice(start).matchAll(/\/\*|\*\//g)) {
		depth += edge === "/*" ? 1 : -1;
		if (depth === 0) {
			return start + index + edge.length;
		}
	}
	return source.length;
}

/**
 * Leaves out items with the attribute `#[cfg(test)]`.
 *
 * @param {Token[]} tokens
 * @returns {{ tokens: Token[], testModules: string[] }} the rest, and the test modules that are in other files
 */
export function withoutTests(tokens) {
	/** @type {Token[]} */
	const rest = [];
	/** @type {string[]} */
	const testModules = [];
	const textAt = (/** @type {number} */ index) => tokens[index]?.text;
	for (let index = 0; index < tokens.length; ) {
		const attribute = tokens.slice(index, index + 7).map(({ text }) => text);
		if (attribute.join("") !== "#[cfg(test)]") {
			rest.push(/** @type {Token} */ (tokens[index]));
			index += 1;
			continue;
		}
		index += attribute.length;
		while (textAt(index) === "#") {
			index = endOfGroup(tokens, index + 1);
		}
		const end = endOfItem(tokens, index);
		const item = tokens.slice(index, end).map(({ text }) => text);
		if (item.at(-1) === ";" && item.at(-3) === "mod") {
			testModules.push(item.at(-2) ?? "");
		}
		index = end;
	}
	return { tokens: rest, testModules };
}

/**
 * @param {Token[]} tokens
 * @param {number} start of a group in brackets
 * @returns {number} the index behind it
 */
function endOfGroup(tokens, start) {
	let depth = 0;
	for (let index = start; index < tokens.length; index++) {
		depth += depthChange(tokens[index]);
		if (depth === 0) {
			return index + 1;
		}
	}
	return tokens.length;
}

/**
 * An item ends with `;` or a block; a field, variant or arm with a comma.
 *
 * @param {Token[]} tokens
 * @param {number} start
 * @returns {number} the index behind it
 */
function endOfItem(tokens, start) {
	const isItem =
		/^(pub|fn|mod|use|impl|struct|enum|const|static|type|trait|unsafe|async|extern|macro_rules)$/;
	const mayHoldCommas = isItem.test(tokens[start]?.text ?? "");
	let depth = 0;
	for (let index = start; index < tokens.length; index++) {
		const token = tokens[index];
		depth += depthChange(token);
		const ends = token?.text === ";" || token?.text === "}" || (token?.text === "," && !mayHoldCommas);
		if (depth < 0) {
			return index;
		}
		if (depth === 0 && token?.kind === "mark" && ends) {
			// A `use` with braces ends with a semicolon after them.
			return token.text === "}" && tokens[index + 1]?.text === ";" ? index + 2 : index + 1;
		}
	}
	return tokens.length;
}

/** @param {Token | undefined} token */
function depthChange(token) {
	if (token?.kind !== "mark") {
		return 0;
	}
	return Number("([{".includes(token.text)) - Number(")]}".includes(token.text));
}

/**
 * @param {string} file from `src`, with `/`
 * @returns {string[]} the path of its module below the crate
 */
export function modulePath(file) {
	const parts = file.replace(/\.rs$/, "").split("/");
	return ["mod", "lib"].includes(parts.at(-1) ?? "") ? parts.slice(0, -1) : parts;
}

/**
 * Finds the paths that a module names: each name in a `use`, and each path of at least two names. `crate`, `self` and
 * `super` are resolved.
 *
 * @param {string[]} module its path below the crate
 * @param {Token[]} tokens
 * @returns {NamedPath[]}
 */
export function namedPaths(module, tokens) {
	/** @type {NamedPath[]} */
	const found = [];
	/** The open inline modules, each with the number of brackets around it. */
	const inline = /** @type {{ name: string, depth: number }[]} */ ([]);
	let depth = 0;
	const note = (/** @type {string[]} */ names, /** @type {number} */ line) => {
		found.push({ path: resolve([...module, ...inline.map((open) => open.name)], names), line });
	};
	for (let index = 0; index < tokens.length; index++) {
		const token = /** @type {Token} */ (tokens[index]);
		if (token.kind === "mark") {
			depth += depthChange(token);
			while ((inline.at(-1)?.depth ?? -1) >= depth) {
				inline.pop();
			}
		} else if (token.text === "mod" && tokens[index + 2]?.text === "{") {
			inline.push({ name: tokens[index + 1]?.text ?? "", depth });
			depth += 1;
			index += 2;
		} else if (token.text === "use" && token.kind === "name" && tokens[index + 1]?.text !== "<") {
			index = readUse(tokens, index + 1, [], note);
		} else if (
			token.kind === "name" &&
			tokens[index + 1]?.text === "::" &&
			tokens[index - 1]?.text !== "::"
		) {
			const names = [token.text];
			while (tokens[index + 1]?.text === "::" && tokens[index + 2]?.kind === "name") {
				names.push(tokens[index + 2]?.text ?? "");
				index += 2;
			}
			note(names, token.line);
		}
	}
	return found;
}

/**
 * Reads a `use` tree.
 *
 * @param {Token[]} tokens
 * @param {number} start
 * @param {string[]} prefix
 * @param {(names: string[], line: number) => void} note
 * @returns {number} the index of its end: `;`, a comma or a brace
 */
function readUse(tokens, start, prefix, note) {
	const names = [...prefix];
	let index = start;
	for (; index < tokens.length; index++) {
		const token = /** @type {Token} */ (tokens[index]);
		if (token.text === "{") {
			do {
				index = readUse(tokens, index + 1, names, note);
			} while (tokens[index]?.text === ",");
			return index + 1;
		}
		if (token.text === "as") {
			index += 1;
		} else if (token.kind === "name" && !(token.text === "self" && names.length > 0)) {
			names.push(token.text);
		} else if ([";", ",", "}"].includes(token.text)) {
			break;
		}
	}
	if (names.length > prefix.length || tokens[index - 1]?.text === "self" || tokens[index - 1]?.text === "*") {
		note(names, tokens[index - 1]?.line ?? 0);
	}
	return index;
}

/**
 * @param {string[]} module
 * @param {string[]} names
 * @returns {string[]}
 */
function resolve(module, names) {
	const [first = "", ...others] = names;
	if (first === "crate") {
		return names;
	}
	if (first === "self") {
		return ["crate", ...module, ...others];
	}
	if (first !== "super") {
		return names;
	}
	const above = names.filter((word) => word === "super").length;
	return ["crate", ...module.slice(0, module.length - above), ...names.slice(above)];
}

/**
 * @param {string} file
 * @param {string} testModule a module declared in it
 * @returns {string[]} the file and the folder, which ends with `/`, that may contain the module
 */
export function placesOfModule(file, testModule) {
	const place = path.posix.join(...modulePath(file), testModule);
	return [`${place}.rs`, `${place}/`];
}
