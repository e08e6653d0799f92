/** Finds the imports of a JavaScript or TypeScript module. */

import path from "node:path";
import ts from "typescript";

/** A module may also import files of this repository through the package name. */
const packageName = "coder-telemetry-export";

/**
 * Finds the specifiers of imports, exports, `import()`, `require()`, `require.resolve()`, types in JSDoc, and
 * `new URL(…, import.meta.url)`.
 *
 * @param {string} file its extension determines the language
 * @param {string} text
 * @returns {string[]} literal specifiers, in the order of the text
 */
export function specifiersIn(file, text) {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	/** @type {string[]} */
	const specifiers = [];
	/** @param {ts.Node | undefined} node */
	const note = (node) => {
		if (node !== undefined && ts.isStringLiteralLike(node)) {
			specifiers.push(node.text);
		}
	};
	/** @param {ts.Node} node */
	const visit = (node) => {
		note(specifierOf(node));
		// `forEachChild` skips comments.
		for (const comment of ts.getJSDocCommentsAndTags(node)) {
			if (comment.parent === node) {
				visit(comment);
			}
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return specifiers;
}

/**
 * @param {ts.Node} node
 * @returns {ts.Node | undefined} the specifier, if the node is an import
 */
function specifierOf(node) {
	if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
		return node.moduleSpecifier;
	}
	if (ts.isExternalModuleReference(node)) {
		return node.expression;
	}
	if (ts.isImportTypeNode(node)) {
		return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
	}
	if (ts.isCallExpression(node)) {
		const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
		return isImport || /^require(\.resolve)?$/.test(node.expression.getText())
			? node.arguments[0]
			: undefined;
	}
	if (ts.isNewExpression(node) && node.expression.getText() === "URL") {
		const [address, base] = node.arguments ?? [];
		return base?.getText() === "import.meta.url" ? address : undefined;
	}
	return undefined;
}

/**
 * @param {string} file from the top of the repository, with `/`
 * @param {string} specifier
 * @returns {string | undefined} the imported file or folder, from the top of the repository; `undefined` for a package
 */
export function importedFile(file, specifier) {
	if (specifier.startsWith(`${packageName}/`)) {
		return specifier.slice(packageName.length + 1);
	}
	return /^\.\.?(\/|$)/.test(specifier)
		? path.posix.join(path.posix.dirname(file), specifier).replace(/\/$/, "")
		: undefined;
}
