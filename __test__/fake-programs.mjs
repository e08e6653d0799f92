/** Fake programs, which tests start instead of real ones. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "../scripts/testing/waiting.mjs";

/** The program that `openFile` starts on this machine. On Windows it cannot be replaced. */
export const openerOfThisMachine = process.platform === "darwin" ? "open" : "xdg-open";

/**
 * Writes a shell script in place of a program. It records its arguments, one on each line.
 *
 * @param {string} folder to be put on the PATH
 * @param {string} name
 * @param {string} [ending] what it does once it has recorded its arguments
 * @returns {string} the record, a file that does not exist until the program runs
 */
export function fakeProgram(folder, name, ending = "exit 0") {
	const record = path.join(folder, `${name}.record`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" > '${record}'\n${ending}\n`, {
		mode: 0o755,
	});
	return record;
}

/**
 * Waits until a fake program has recorded its argument.
 *
 * @param {string} record of a program that gets one argument
 * @returns {Promise<string>} what it holds, once the whole line is there
 */
export function recordOnceWritten(record) {
	return until(record, () => {
		const text = readFileSync(record, "utf8");
		return text.endsWith("\n") && text;
	});
}
