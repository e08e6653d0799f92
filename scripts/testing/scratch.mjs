/**
 * Everything a run writes outside this repository lies in one scratch folder, so that removing it leaves nothing
 * behind; and every server notes its process group in it, so that none outlives the run, however that ends.
 */

import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Names the scratch folder to the processes of a run. */
export const scratchVariable = "CODER_TELEMETRY_E2E_SCRATCH";

const groupsFolder = "process-groups";

/** @returns {string} a new folder; short, because it becomes a part of the paths of sockets */
export function makeScratch() {
	return mkdtempSync(path.join(realpathSync(tmpdir()), "cte-e2e-"));
}

/** @returns {string} the scratch folder of the run, or one of this process alone, removed when it exits */
export function scratchFolder() {
	const given = process.env[scratchVariable];
	if (given !== undefined) {
		return given;
	}
	const own = makeScratch();
	process.env[scratchVariable] = own;
	process.on("exit", () => removeScratch(own));
	for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
		process.once(signal, () => process.exit(1));
	}
	return own;
}

/**
 * Notes a process group that must not outlive the run.
 *
 * @param {number} group
 * @returns {() => void} kills the group
 */
export function guardProcessGroup(group) {
	const folder = path.join(scratchFolder(), groupsFolder);
	const note = path.join(folder, String(group));
	mkdirSync(folder, { recursive: true });
	writeFileSync(note, "");
	return () => {
		killGroup(group);
		rmSync(note, { force: true });
	};
}

/**
 * Kills what still runs and removes the folder.
 *
 * @param {string} scratch
 */
export function removeScratch(scratch) {
	for (const group of notedGroups(scratch)) {
		killGroup(group);
	}
	// What was killed just now may still write for a moment.
	rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** @param {string} scratch */
function notedGroups(scratch) {
	try {
		return readdirSync(path.join(scratch, groupsFolder)).map(Number);
	} catch {
		return [];
	}
}

/** @param {number} group */
function killGroup(group) {
	try {
		process.kill(-group, "SIGKILL");
	} catch {
		// It has ended already.
	}
}
