/** A reporter of Node's test runner: a line of JSON for each test that ended. Windows' Node loads it. */

/**
 * @typedef {object} EndedTest
 * @property {string} file its name, without its folder
 * @property {string[]} names of the suites that it is in, and its own
 * @property {boolean} passed
 * @property {boolean} isSuite
 * @property {string} [skipped] the reason
 */

/**
 * @param {AsyncIterable<import("node:test/reporters").TestEvent>} source
 */
export default async function* testEvents(source) {
	/** @type {Map<string, string[]>} the names of the suites that are open in each file */
	const open = new Map();
	for await (const { type, data } of source) {
		if (type === "test:start") {
			const names = open.get(fileOf(data)) ?? [];
			open.set(fileOf(data), [...names.slice(0, data.nesting), data.name]);
		} else if (type === "test:pass" || type === "test:fail") {
			const names = [...(open.get(fileOf(data)) ?? []).slice(0, data.nesting), data.name];
			/** @type {EndedTest} */
			const ended = {
				file: fileOf(data),
				names,
				passed: type === "test:pass",
				isSuite: data.details.type === "suite",
			};
			if (data.skip !== undefined && data.skip !== false) {
				ended.skipped = data.skip === true ? "no reason given" : String(data.skip);
			}
			yield `${JSON.stringify(ended)}\n`;
		}
	}
}

/**
 * @param {{ file?: string }} data
 * @returns {string} the name of the file, without its folder
 */
function fileOf({ file = "" }) {
	return file.split(/[\\/]/).at(-1) ?? "";
}
