import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadFailure } from "../load-failure.js";

/** What Node adds to a message of Windows. */
const file = "\\\\?\\C:\\a\\b.node";

const blocked = "A security policy or a virus scanner of this system blocks the file: allow it there";
const lacking =
	/^This Windows lacks a library or a function that the binary needs: run it on a newer Windows, or build/;

describe("what Windows says about a binary that does not load", () => {
	for (const [words, problem, remedy] of /** @type {[string, string, (string | RegExp)?][]} */ ([
		[
			"%1 is not a valid Win32 application.",
			"C:\\a\\b.node is not a valid Win32 application (it is damaged, or built for another kind of machine)",
		],
		[
			"The specified module could not be found.",
			"C:\\a\\b.node: The specified module could not be found",
			lacking,
		],
		[
			"The specified procedure could not be found.",
			"C:\\a\\b.node: The specified procedure could not be found",
			lacking,
		],
		[
			"This program is blocked by group policy. For more information, contact your system administrator.",
			"contact your system administrator",
			blocked,
		],
		[
			"An Application Control policy has blocked this file.",
			"An Application Control policy has blocked this file",
			blocked,
		],
		[
			"Windows cannot verify the digital signature for this file. A recent hardware or software change might have " +
				"installed a file that is signed incorrectly or damaged.",
			"signed incorrectly or damaged",
			blocked,
		],
		[
			"Operation did not complete successfully because the file contains a virus or potentially unwanted software.",
			"potentially unwanted software",
			blocked,
		],
		[
			"The paging file is too small for this operation to complete.",
			"The paging file is too small for this operation to complete",
			"Close programs, or raise the limits of the process, and try again",
		],
		[
			"Access is denied.",
			"C:\\a\\b.node: Access is denied",
			"This user may not read or run the file: change its permissions",
		],
		[
			"The process cannot access the file because it is being used by another process.",
			"it is being used by another process",
			"Another program, such as a virus scanner, has the file open: try again",
		],
		["%1 ist keine zulässige Win32-Anwendung.", "C:\\a\\b.node ist keine zulässige Win32-Anwendung"],
	])) {
		it(`is one line with the path and advice that fits: ${words}`, () => {
			const text = `${words.replace("%1", file)}\r\n${file}`;
			const failure = loadFailure(Object.assign(new Error(text), { code: "ERR_DLOPEN_FAILED" }));
			assert.ok(failure.problem.endsWith(problem), failure.problem);
			assert.ok(failure.problem.includes(" C:\\a\\b.node"), failure.problem);
			assert.doesNotMatch(failure.message, /[\r\n]/);
			if (typeof remedy === "string" || remedy === undefined) {
				assert.equal(failure.remedy, remedy);
			} else {
				assert.match(failure.remedy ?? "", remedy);
			}
		});
	}

	it("may be about a file on a share", () => {
		const share = "\\\\?\\UNC\\server\\share\\b.node";
		const cause = Object.assign(new Error(`Access is denied.\r\n${share}`), { code: "ERR_DLOPEN_FAILED" });
		assert.ok(loadFailure(cause).problem.endsWith(" \\\\server\\share\\b.node: Access is denied"));
	});
});
