/** The daily files of one session: `telemetry-2026-06-01-dcdb98e0.jsonl`, `….1.jsonl`, and so on. */

import { closeSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** Lines are buffered for large writes. A line is never longer than the reserve. */
const bufferSize = 1 << 18;
const lineReserve = 1 << 14;

/** Appends a session's lines, and starts a new file for each day and whenever a file is full. */
export class SessionFiles {
	#directory;
	#session;
	#rotateAt;
	#header;
	#buffer = Buffer.allocUnsafe(bufferSize);
	#buffered = 0;
	/** @type {number | undefined} */
	#descriptor;
	#date = "";
	#part = 0;
	#fileBytes = 0;
	/** Number of files. */
	files = 0;
	/** Total size of the files. */
	bytes = 0;
	/** Number of header lines. */
	headers = 0;

	/**
	 * @param {object} options
	 * @param {string} options.directory
	 * @param {string} options.session the session's part of the file names
	 * @param {number} options.rotateAt bytes after which a file is full
	 * @param {(timestamp: number) => string} [options.header] returns the first line of a file
	 */
	constructor({ directory, session, rotateAt, header }) {
		this.#directory = directory;
		this.#session = session;
		this.#rotateAt = rotateAt;
		this.#header = header;
	}

	/**
	 * @param {string} line including the line break
	 * @param {number} timestamp of the row, whose date selects the file
	 */
	append(line, timestamp) {
		const date = new Date(timestamp).toISOString().slice(0, 10);
		if (date !== this.#date) {
			this.#begin(date, 0, timestamp);
		} else if (this.#fileBytes + line.length > this.#rotateAt) {
			this.#begin(date, this.#part + 1, timestamp);
		}
		this.#write(line);
	}

	/** Writes what is buffered and closes the last file. */
	close() {
		if (this.#descriptor !== undefined) {
			this.#flush(this.#descriptor);
			closeSync(this.#descriptor);
			this.#descriptor = undefined;
		}
	}

	/**
	 * @param {string} date
	 * @param {number} part
	 * @param {number} timestamp
	 */
	#begin(date, part, timestamp) {
		this.close();
		const suffix = part === 0 ? "" : `.${part}`;
		const file = path.join(this.#directory, `telemetry-${date}-${this.#session}${suffix}.jsonl`);
		this.#descriptor = openSync(file, "wx");
		this.#date = date;
		this.#part = part;
		this.#fileBytes = 0;
		this.files += 1;
		if (this.#header !== undefined) {
			this.#write(this.#header(timestamp));
			this.headers += 1;
		}
	}

	/** @param {string} line */
	#write(line) {
		const length = this.#buffer.write(line, this.#buffered);
		this.#buffered += length;
		this.#fileBytes += length;
		this.bytes += length;
		if (this.#buffered > bufferSize - lineReserve && this.#descriptor !== undefined) {
			this.#flush(this.#descriptor);
		}
	}

	/** @param {number} descriptor */
	#flush(descriptor) {
		let written = 0;
		while (written < this.#buffered) {
			written += writeSync(descriptor, this.#buffer, written, this.#buffered - written);
		}
		this.#buffered = 0;
	}
}
