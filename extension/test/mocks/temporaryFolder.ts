import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { onTestFinished } from "vitest";

/** @returns a folder that is removed after the test, in memory if possible */
export function temporaryFolder(): string {
	const folder = mkdtempSync(path.join(parentFolder(), "coder-telemetry-export-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

function parentFolder(): string {
	/** A file system in memory. */
	const memoryBacked = "/dev/shm";
	return process.platform === "linux" && existsSync(memoryBacked) ? memoryBacked : realpathSync(tmpdir());
}

/** @returns a folder with a telemetry file of 1,000 bytes for each of these days; the contents are not telemetry */
export function folderWithFilesOf(...days: string[]): string {
	const folder = temporaryFolder();
	for (const day of days) {
		writeFileSync(path.join(folder, `telemetry-${day}-aaaaaaaa.jsonl`), "x".repeat(1000));
	}
	return folder;
}
