import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import * as path from "node:path";

/**
 * The files of previews. Each has its own folder in the storage of the extension, which all windows share. The folder's
 * name begins with the id of the process that shows the file, so that leftovers of crashed windows can be found.
 *
 * If machines share the storage, a file that another machine still shows may be removed. That does no harm, because the
 * panel holds the page itself.
 */
export class PreviewFiles {
	readonly #folder: string;
	readonly #isRunning: (processId: number) => boolean;
	/** The names of this window's folders, until they are removed. */
	readonly #ownFolders = new Set<string>();
	readonly #removals = new Map<string, Promise<void>>();

	/** @param globalStoragePath The storage folder of this extension. */
	constructor(globalStoragePath: string, isRunning = isProcessRunning) {
		this.#folder = path.join(globalStoragePath, "previews");
		this.#isRunning = isRunning;
	}

	/** @returns the path for a new file, in a new folder that other users cannot enter */
	async create(): Promise<string> {
		const name = `${process.pid}-${randomUUID()}`;
		// Before the folder exists, so that a search for leftovers cannot remove it.
		this.#ownFolders.add(name);
		const folder = path.join(this.#folder, name);
		await mkdir(folder, { recursive: true, mode: 0o700 });
		return path.join(folder, "report.html");
	}

	/** Removes the folder of a file from {@link create}, even if the file was never written. */
	async remove(file: string): Promise<void> {
		await this.#removeFolder(path.basename(path.dirname(file)));
	}

	/** Removes all files of this window, and waits for removals that have already begun. */
	async removeAll(): Promise<void> {
		await Promise.all([...this.#ownFolders].map((name) => this.#removeFolder(name)));
	}

	/** Removes the files of windows that crashed. */
	async removeLeftovers(): Promise<void> {
		// Before the first preview, the folder does not exist.
		const names = await readdir(this.#folder).catch(() => []);
		const leftovers = names.filter((name) => this.#isLeftover(name));
		await Promise.all(leftovers.map((name) => this.#removeFolder(name)));
	}

	#isLeftover(name: string): boolean {
		const processId = /^(\d+)-/.exec(name)?.[1];
		if (processId === undefined || this.#ownFolders.has(name)) {
			return false;
		}
		// Process ids are reused: a folder with our id that is not ours is from an earlier process.
		return Number(processId) === process.pid || !this.#isRunning(Number(processId));
	}

	#removeFolder(name: string): Promise<void> {
		const removal = this.#removals.get(name) ?? this.#tryToRemove(name);
		this.#removals.set(name, removal);
		return removal;
	}

	async #tryToRemove(name: string): Promise<void> {
		// On Windows, a program that has the folder or the file open prevents this: a scanner, for a moment. The retries take
		// up to a second. If they fail too, the folder becomes a leftover, which is tried again later.
		const options = { recursive: true, force: true, maxRetries: 4, retryDelay: 100 };
		await rm(path.join(this.#folder, name), options).catch(() => {});
		this.#ownFolders.delete(name);
		this.#removals.delete(name);
	}
}

/** @returns whether a process with this id exists, even if it belongs to another user */
export function isProcessRunning(processId: number): boolean {
	try {
		return process.kill(processId, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}
