/** Reads small zip files, for the demo and the tests. */

import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

/** Lengths of the fixed parts of a zip's records. */
const endRecordLength = 22;
const directoryEntryLength = 46;
const localHeaderLength = 30;

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} size bytes of its content
 * @property {number} packedSize compressed size in bytes
 * @property {() => Buffer} content decompresses it
 */

/**
 * @param {string} file a zip without a comment and without zip64 records
 * @returns {ZipEntry[]} in the order of the zip's directory
 * @throws {Error} if the file is not such a zip
 */
export function readZip(file) {
	const zip = readFileSync(file);
	const end = zip.length - endRecordLength;
	if (end < 0 || zip.toString("latin1", end, end + 4) !== "PK\x05\x06") {
		throw new Error(`${file} is not a simple zip`);
	}
	const entries = [];
	let position = zip.readUInt32LE(end + 16);
	for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
		const nameStart = position + directoryEntryLength;
		const nameEnd = nameStart + zip.readUInt16LE(position + 28);
		const method = zip.readUInt16LE(position + 10);
		const packedSize = zip.readUInt32LE(position + 20);
		const localHeader = zip.readUInt32LE(position + 42);
		entries.push({
			name: zip.toString("utf8", nameStart, nameEnd),
			size: zip.readUInt32LE(position + 24),
			packedSize,
			content: () => unpack(zip, localHeader, packedSize, method),
		});
		position = nameEnd + zip.readUInt16LE(position + 30) + zip.readUInt16LE(position + 32);
	}
	return entries;
}

/**
 * @param {Buffer} zip
 * @param {number} localHeader where the entry begins
 * @param {number} packedSize
 * @param {number} method 0 stored, 8 deflated
 */
function unpack(zip, localHeader, packedSize, method) {
	const namesLength = zip.readUInt16LE(localHeader + 26) + zip.readUInt16LE(localHeader + 28);
	const start = localHeader + localHeaderLength + namesLength;
	const packed = zip.subarray(start, start + packedSize);
	return method === 0 ? packed : inflateRawSync(packed);
}
