import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import * as path from "node:path";

/**
 * The files of previews, each in a folder of its own in the storage that all windows of the editor share. The
 * folder's name begins with the id of the process that shows the file: so what a crashed window left is told from
 * what another window still shows, and an export that was cut off leaves nothing outside such a folder. Should the
 * two be confused, where machines share the storage: a panel holds its page itself, and loses nothing with the file.
 */
export class PreviewFiles {
	readonly #folder: string;
	readonly #isRunning: (processId: number) => boolean;
	/** Names of this window's folders, until they are gone. */
	readonly #own = new Set<string>();
	readonly #removals = new Map<string, Promise<void>>();

	/** @param ownGlobalStorage The folder that the editor keeps for this extension. */
	constructor(ownGlobalStorage: string, isRunning = isProcessRunning) {
		this.#folder = path.join(ownGlobalStorage, "previews");
		this.#isRunning = isRunning;
	}

	/** @returns the path for a file, in a new folder that no other user may enter */
	async create(): Promise<string> {
		const name = `${process.pid}-${randomUUID()}`;
		// Before the folder is there: whoever looks for leftovers meanwhile must know that this is none.
		this.#own.add(name);
		const folder = path.join(this.#folder, name);
		await mkdir(folder, { recursive: true, mode: 0o700 });
		return path.join(folder, "report.html");
	}

	/** Removes a file that {@link create} made a path for, whether it was ever written or not. */
	async remove(file: string): Promise<void> {
		await this.#removeFolder(path.basename(path.dirname(file)));
	}

	/** Removes every file of this window; ends when those are gone, too, whose removal had begun. */
	async removeAll(): Promise<void> {
		await Promise.all([...this.#own].map((name) => this.#removeFolder(name)));
	}

	/** Removes what windows have left that ended without a chance to do so. */
	async removeLeftovers(): Promise<void> {
		// Until the first preview there is no such folder.
		const names = await readdir(this.#folder).catch(() => []);
		const leftovers = names.filter((name) => this.#isLeftover(name));
		await Promise.all(leftovers.map((name) => this.#removeFolder(name)));
	}

	#isLeftover(name: string): boolean {
		const processId = /^(\d+)-/.exec(name)?.[1];
		if (processId === undefined || this.#own.has(name)) {
			return false;
		}
		// Ids are given again: what bears ours and is not ours is of a process that is gone.
		return Number(processId) === process.pid || !this.#isRunning(Number(processId));
	}

	#removeFolder(name: string): Promise<void> {
		const removal = this.#removals.get(name) ?? this.#tryToRemove(name);
		this.#removals.set(name, removal);
		return removal;
	}

	async #tryToRemove(name: string): Promise<void> {
		// What cannot be removed now is a leftover from then on, and will be tried again.
		await rm(path.join(this.#folder, name), { recursive: true, force: true }).catch(() => {});
		this.#own.delete(name);
		this.#removals.delete(name);
	}
}

/** @returns whether there is such a process, whoever's it is */
export function isProcessRunning(processId: number): boolean {
	try {
		return process.kill(processId, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}
