import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { onTestFinished } from "vitest";

/** Where Linux keeps files in memory. */
const memoryBacked = "/dev/shm";

/** @returns a folder that is gone when the test is over, in memory where the system has a place for that */
export function temporaryFolder(): string {
	const parent = existsSync(memoryBacked) ? memoryBacked : realpathSync(tmpdir());
	const folder = mkdtempSync(path.join(parent, "coder-telemetry-export-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** @returns a folder with a telemetry file for each of these days, of 1,000 bytes each; what is in them is no telemetry */
export function folderWithFilesOf(...days: string[]): string {
	const folder = temporaryFolder();
	for (const day of days) {
		writeFileSync(path.join(folder, `telemetry-${day}-aaaaaaaa.jsonl`), "x".repeat(1000));
	}
	return folder;
}
