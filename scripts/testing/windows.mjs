/** What tests need to know about Windows. */

import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const onWindows = process.platform === "win32";

/** Wine, which runs Windows programs on Linux, sets this variable. */
export const underWine = onWindows && process.env.WINEDATADIR !== undefined;

/** The flag of `open` with which nobody else can open, rename or delete a file on Windows: libuv's `UV_FS_O_EXLOCK`. */
export const exclusively = 0x1000_0000;

/** @returns {string | false} why a test that makes symbolic links cannot run here */
export function linksAreMissing() {
	if (underWine) {
		return "Wine 8 cannot read the symbolic links that it makes";
	}
	return onWindows && !canLink() && "this user has no right to make symbolic links";
}

/** Why a test that makes junctions cannot run here. @type {string | false} */
export const junctionsAreMissing = underWine && "Wine 8 makes no junctions";

function canLink() {
	const directory = mkdtempSync(path.join(tmpdir(), "coder-telemetry-export-"));
	try {
		symlinkSync("nothing", path.join(directory, "link"));
		return true;
	} catch {
		return false;
	} finally {
		rmSync(directory, { recursive: true });
	}
}
